"""`workshop quiz` without a terminal: lists, files, and lines of input."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from grader.result import Outcome, Result, Tier, Verdict
from tests.workshop.cli.conftest import Run
from tests.workshop.quiz.learner import TEXTS
from workshop.actions.project import opened
from workshop.quiz.asked import ask
from workshop.quiz.load import sheet
from workshop.quiz.model import Format


def listed(run: Run, project: Path, name: str = "activity-1") -> dict[str, Any]:
    items: dict[str, Any] = {}
    for each in json.loads(run(project, "quiz", name, "--format", "json").out)["items"]:
        items[each["id"]] = each
    return items


def right_answers(run: Run, project: Path, name: str = "activity-1") -> dict[str, str]:
    """What a program would write that read the list and knows the matter."""
    answers = {}
    everything = listed(run, project, name)
    for item in sheet(name).items:
        shown = everything[item.id]
        if item.format is Format.TEXT:
            answers[item.id] = TEXTS.get(item.id, item.model)
            continue
        for number in range(item.variants):
            variant = ask(item, 0, number).item
            letters = {
                option.key: letter
                for letter, text in shown["options"].items()
                for option in variant.options
                if option.text == text
            }
            if len(letters) == len(variant.options):
                break
        if item.format is Format.MATCH:
            answers[item.id] = " ".join(f"{at}{letters[row.right]}" for at, row in enumerate(item.rows, 1))
        else:
            answers[item.id] = "".join(letters[option.key] for option in item.options if option.right)
    return answers


def test_the_list_gives_nothing_away(run: Run, project: Path) -> None:
    ran = run(project, "quiz", "activity-1", "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    items = json.loads(ran.out)["items"]
    assert [item["id"] for item in items] == ["T01", "T02", "T03", "T04", "T05", "T06", "T07", "T09"]
    for item in items:
        assert {"right", "why", "model", "keys", "ideas"}.isdisjoint(item)
    for item in sheet("activity-1").items:
        for option in item.options:
            assert not option.why or option.why not in ran.out


def test_activity_1_from_a_file(run: Run, project: Path, tmp_path: Path) -> None:
    before = run(project, "check", "1", "--format", "json")
    assert before.status == 1
    assert json.loads(before.out)["points"] == 0
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(right_answers(run, project)))
    ran = run(project, "quiz", "1", "--answers", str(file), "--format", "json")
    assert ran.status == 0, ran.out
    assert all(item["done"] for item in json.loads(ran.out)["items"])
    after = run(project, "check", "1", "--format", "json")
    result = json.loads(after.out)
    assert (after.status, result["schema"], result["outcome"]) == (0, "workshop/result/v1", "passed")
    assert (result["points"], result["max_points"]) == (16, 16)
    assert {check["outcome"] for check in result["checks"]} == {"passed"}
    assert "start activity-2" in run(project, "check", "1").out


def test_a_wrong_answer_is_explained_and_asked_again_in_another_way(run: Run, project: Path) -> None:
    right = right_answers(run, project)["T03"]
    first = listed(run, project)["T03"]
    wrong = next(letter for letter in first["options"] if letter != right)
    ran = run(project, "quiz", "1", "--answers", "-", "--format", "json", typed=json.dumps({"T03": wrong}))
    assert ran.status == 1
    (item,) = json.loads(ran.out)["items"]
    assert (item["done"], item["score"], item["why"]) == (False, 0.0, "")
    assert [note["label"] for note in item["notes"]] == [wrong]
    second = listed(run, project)["T03"]
    assert (second["state"], second["answers"]) == ("wrong", 1)
    assert second["ask"] != first["ask"]
    assert run(project, "check", "1").status == 1
    wrong = next(letter for letter in second["options"] if letter != right_answers(run, project)["T03"])
    again = run(project, "quiz", "1", "--answers", "-", "--format", "json", typed=json.dumps({"T03": wrong}))
    assert json.loads(again.out)["items"][0]["why"] != ""  # now all is told


def test_an_empty_answer_and_the_handout_s_words_are_none(run: Run, project: Path) -> None:
    pasted = "What is caching and why is it important? Write a 2-sentence explanation"
    for text in ("", " \n ", pasted):
        ran = run(project, "quiz", "1", "--answers", "-", "--format", "json", typed=json.dumps({"T01": text}))
        assert ran.status == 1
        assert json.loads(ran.out)["items"][0]["empty"]
    assert listed(run, project)["T01"]["answers"] == 0


def test_a_text_is_kept_with_both_scores(run: Run, project: Path) -> None:
    text = "It stores a copy in memory."
    answers = {"T01": {"text": text, "own": ["copy", "fast", "avoid"]}}
    ran = run(project, "quiz", "1", "--answers", "-", "--format", "json", typed=json.dumps(answers))
    (item,) = json.loads(ran.out)["items"]
    assert [idea["id"] for idea in item["ideas"] if idea["found"]] == ["copy", "fast"]
    assert (item["score"], item["own_score"]) == (0.667, 1.0)
    assert item["model"]
    run(project, "submit")
    kept = json.loads((project / "workshop-submission.json").read_text())["answers"]
    assert [(each["item"], each["text"], each["own"]) for each in kept["given"]] == [
        ("T01", text, ["copy", "fast", "avoid"])
    ]
    assert isinstance(kept["seed"], int)


def test_what_was_handed_in_counts_where_no_record_is(run: Run, project: Path, make_project: Any) -> None:
    typed = json.dumps(right_answers(run, project))
    assert run(project, "quiz", "1", "--answers", "-", typed=typed).status == 0
    run(project, "submit")
    elsewhere = make_project(name="elsewhere")
    handed_in = project / "workshop-submission.json"
    (elsewhere / handed_in.name).write_bytes(handed_in.read_bytes())
    assert json.loads(run(elsewhere, "check", "1", "--format", "json").out)["points"] == 16

    content = json.loads(handed_in.read_text())
    for each in content["answers"]["given"]:  # a file that praises itself
        each["keys"], each["text"], each["passed"], each["score"] = each["keys"][:0], "", True, 1.0
    (elsewhere / handed_in.name).write_text(json.dumps(content))
    assert json.loads(run(elsewhere, "check", "1", "--format", "json").out)["points"] == 0
    for junk in ("[]", "{", '{"answers": {"seed": "x", "given": 3}}', "[" * 100_000):
        (elsewhere / handed_in.name).write_text(junk)
        assert run(elsewhere, "check", "1", "--format", "json").status == 1


def test_own_markdown_counts_and_the_handout_s_text_in_it_does_not(run: Run, project: Path) -> None:
    (project / "activity-1.md").write_text(
        "# Activity 1\n\n1. **What is caching and why is it important?**\n"
        "   - Write a 2-sentence explanation\n   - List 3 benefits of caching\n"
    )
    assert json.loads(run(project, "check", "1", "--format", "json").out)["points"] == 0
    (project / "answers.md").write_text(
        "## What is caching?\nIt keeps a copy of an answer in memory, so the query is not run again.\n\n"
        "## Benefits\n- faster pages\n- fewer queries\n- it can take more users\n"
    )
    result = json.loads(run(project, "check", "1", "--format", "json").out)
    assert [c["points"] for c in result["checks"]][:3] == [2, 2, 0]


def test_an_answer_in_markdown_is_offered_and_taken_or_not(run: Run, project: Path) -> None:
    (project / "theory.md").write_text("# What is caching?\nIt keeps copies, so no query runs again.\n")
    no = run(project, "quiz", "T01", typed="n\nq\n")
    assert "In your own Markdown there is:" in no.out
    assert listed(run, project)["T01"]["answers"] == 0
    yes = run(project, "quiz", "T01", typed="y\n\n")
    assert "A good answer" in yes.out
    assert listed(run, project)["T01"]["state"] == "done"


def test_a_line_at_a_time_from_the_input(run: Run, project: Path) -> None:
    letter = right_answers(run, project)["T06"]
    ran = run(project, "quiz", "T06", typed=f"what?\nz\n{letter}\n")
    assert ran.status == 0
    assert ran.out.count("Please type one letter, a to d.") == 2
    assert "1 of 8 questions are done" in ran.out
    assert "\x1b" not in ran.out


def test_a_question_is_left_for_later_and_found_again(run: Run, project: Path) -> None:
    ran = run(project, "quiz", "1", "--plain", typed="s\ns\nq\n")
    assert [line for line in ran.out.splitlines() if ", question " in line] == [
        "Activity 1, question 1 of 8: What caching is",
        "Activity 1, question 2 of 8: Three benefits",
        "Activity 1, question 3 of 8: The mean, with a cache",
    ]
    half = run(project, "quiz", "1", "--plain", typed="It keeps copies, so no query runs again.\n\nq\n")
    assert "A good answer" in half.out
    assert listed(run, project)["T01"]["state"] == "to review"
    on = run(project, "quiz", "1", "--plain", typed="\nq\n")
    assert "You wrote:" in on.out
    assert listed(run, project)["T01"]["state"] == "done"


def test_the_reflection_names_checks_that_failed_and_takes_any_thought(run: Run, project: Path) -> None:
    with opened(project, notice=pytest.fail) as learner:
        failed = Verdict("I10", "x", Tier.CHALLENGE, Outcome.FAILED)
        learner.progress.record(Result("activity-5", Outcome.PASSED, checks=(failed,)))
    ran = run(project, "quiz", "A9.challenge", typed="I10: I cleared before I saved.\n\n")
    assert "Checks that once failed here: I10." in ran.out
    assert "Thank you." in ran.out
    assert listed(run, project, "activity-9")["A9.challenge"]["state"] == "done"


def test_bad_files_and_names(run: Run, project: Path) -> None:
    for text, says in (
        ("{", "no JSON"),
        ("[1]", "no JSON object"),
        ('{"T99": "a"}', "no question 'T99'"),
        ('{"T03": 1}', "not a text"),
        ('{"T03": "x"}', "T03: Please type one letter"),
        ('{"T05": "a"}', "a letter for each of the numbers 1 to 4"),
        ('{"T01": {"text": "It keeps copies.", "own": ["beauty"]}}', "names ideas"),
    ):
        ran = run(project, "quiz", "1", "--answers", "-", typed=text)
        assert (ran.status, says in ran.err) == (2, True), (text, ran.err)
    assert run(project, "quiz", "1", "--answers", "nowhere.json").status == 2
    unknown = run(project, "quiz", "fifty")
    assert (unknown.status, "scenarios" in unknown.err) == (2, True)
    assert listed(run, project)["T03"]["answers"] == 0  # all is understood before one is kept

    assert listed(run, project)["T01"]["answers"] == 0


def forged(project: Path, **columns: object) -> None:
    """Write an answer to each question of Activity 1 into the state file, as the workshop never would."""
    values = {
        "attempt": 0,
        "keys": "[]",
        "text": "",
        "score": 1.0,
        "passed": 1,
        "own": "[]",
        "own_score": 1.0,
    }
    values |= {"archive": None, "at": "2026-01-01T00:00:00+00:00", **columns}
    with contextlib.closing(sqlite3.connect(project / ".workshop/state.db")) as state, state:
        for item in sheet("activity-1").items:
            row = {"activity": "activity-1", "item": item.id, **values}
            marks = ", ".join("?" * len(row))
            state.execute(f"INSERT INTO answers ({', '.join(row)}) VALUES ({marks})", list(row.values()))


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"keys": '["none", "of", "these"]', "text": "..."},
        {"text": "Caching is a technique. ", "own": '["copy", "fast", "avoid"]', "attempt": 7},
    ],
)
def test_marks_that_stand_in_the_state_file_are_nobodys(
    run: Run, project: Path, columns: dict[str, object]
) -> None:
    run(project, "quiz", "activity-1", "--format", "json")
    forged(project, **columns)
    ran = run(project, "check", "1", "--format", "json")
    result = json.loads(ran.out)
    texts = [check for check in result["checks"] if check["points"]]
    assert (ran.status, result["outcome"], result["max_points"]) == (1, "failed", 16)
    assert {check["id"] for check in texts} <= {"T01", "T02"}  # a text of one's own counts half
    assert all(check["points"] == 1 for check in texts)
