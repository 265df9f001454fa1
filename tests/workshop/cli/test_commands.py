"""Every command, without a terminal: what it prints, what it changes, what it tells the shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import grader.boundary.confined_judge
from grader.errors import MachineError
from grader.result import Fault, Outcome, Result, Tier, Verdict
from tests.workshop.cli.conftest import Ran

Run = Callable[..., Ran]


def test_the_way_through_an_activity(run: Run, tmp_path: Path) -> None:
    assert run(tmp_path, "init").out.count("my-safeboda") == 2
    root = tmp_path / "my-safeboda"
    assert "workshop start activity-1" in run(root).out

    asked = run(root, "start", "4")
    assert asked.status == 2
    assert "--yes" in asked.err
    assert "_____" not in (root / "users" / "views.py").read_text()

    started = run(root, "start", "4", "--yes")
    assert started.status == 0
    assert started.out.rstrip().endswith("The whole lesson: workshop lesson activity-4")
    assert "workshop check activity-4" in started.out

    checked = run(root, "check")
    assert checked.status == 1
    assert checked.out.count("users/views.py:") == 3
    assert "users/views.py, line" in run(root, "hint").out

    refused = run(root, "solution")
    assert (refused.status, refused.out) == (2, "")
    shown = run(root, "solution", "--give-up")
    assert "cache.set(cache_key, response.data, timeout=settings.CACHE_TTL)" in shown.out
    assert run(root, "solution", "--apply", "--yes").status == 0
    assert "_____" not in (root / "users" / "views.py").read_text()
    assert run(root, "reset", "--yes").status == 0
    assert "_____" in (root / "users" / "views.py").read_text()
    assert run(root, "undo", "--yes").status == 0
    assert "_____" not in (root / "users" / "views.py").read_text()

    assert "solution shown" in run(root, "progress").out
    assert "workshop-submission.json" in run(root, "submit").out
    assert "# " in run(root, "lesson", "4", "--plain").out


def test_the_project_may_be_named_from_anywhere(run: Run, project: Path, tmp_path: Path) -> None:
    here = tmp_path / "elsewhere"
    here.mkdir()
    assert run(here, "init", str(project)).status == 0
    started = run(here, "start", "2", "--yes", "--project", str(project))
    assert started.status == 0
    assert f"check activity-2 --project ../{project.name}" in started.out
    assert run(here, "--project", str(project), "progress").status == 0


def test_check_as_json_is_one_object_and_nothing_else(run: Run, project: Path) -> None:
    run(project, "start", "3", "--yes")
    ran = run(project, "check", "--format", "json")
    result = json.loads(ran.out)
    assert ran.status == 1
    assert ran.err == ""
    assert (result["schema"], result["activity"]) == ("workshop/result/v1", "activity-3")
    assert (result["outcome"], result["fault"]) == ("failed", "code")
    assert [blank["file"] for blank in result["holes"]] == ["safeboda/settings.py"] * 5
    assert run(project, "progress").out.count(" 1 ") >= 1


@pytest.mark.parametrize(
    ("words", "status", "fault"),
    [
        (("check", "99"), 2, None),
        (("check",), 2, None),
        (("check", "3", "--python", "/nowhere"), 3, "environment"),
    ],
)
def test_json_even_if_there_is_nothing_to_judge(
    run: Run, project: Path, words: tuple[str, ...], status: int, fault: str | None
) -> None:
    ran = run(project, *words, "--format", "json")
    assert ran.status == status
    result = json.loads(ran.out)
    assert (result["outcome"], result["fault"], result["checks"]) == ("error", fault, [])
    assert ran.err


def test_what_learners_code_emitted_is_shown_harmless(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = "said \x1b[2J\x1b]0;x\x07 and \u202e"
    verdict = Verdict("F1", "t", Tier.CORE, Outcome.FAILED, 0, 2, Fault.CODE, seen=seen)
    result = Result("activity-3", Outcome.FAILED, Fault.CODE, checks=(verdict,))
    monkeypatch.setattr(grader.boundary.confined_judge.ConfinedJudge, "judge", lambda *_, **__: result)
    for words in (("check", "3"), ("check", "3", "--format", "json")):
        ran = run(project, *words)
        assert ran.status == 1
        assert ran.out.isprintable() or not set(ran.out) & set("\x1b\x07\u202e")


def test_a_fault_of_the_machine_is_a_sentence(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(*_: object, **__: object) -> Result:
        raise MachineError("There is no server.", "Install one.")

    monkeypatch.setattr(grader.boundary.confined_judge.ConfinedJudge, "judge", judge)
    ran = run(project, "check", "3")
    assert (ran.status, ran.err) == (3, "There is no server.\nInstall one.\n")


def test_a_fault_of_ours_is_one_sentence_and_a_log(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(*_: object, **__: object) -> Result:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(grader.boundary.confined_judge.ConfinedJudge, "judge", judge)
    ran = run(project, "check", "3")
    assert ran.status == 4
    assert "fault of the workshop" in ran.err
    assert "Traceback" not in ran.out + ran.err
    assert "ZeroDivisionError: inside" in (project / ".workshop" / "crash.log").read_text()
    as_json = run(project, "check", "3", "--format", "json")
    assert (as_json.status, json.loads(as_json.out)["fault"]) == (4, "grader")


def test_interrupting_is_no_crash(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(*_: object, **__: object) -> Result:
        raise KeyboardInterrupt

    monkeypatch.setattr(grader.boundary.confined_judge.ConfinedJudge, "judge", judge)
    ran = run(project, "check", "3")
    assert (ran.status, ran.err.strip()) == (130, "Stopped.")


def test_an_instructor_resets_many_with_a_line_each(run: Run, make_project: Callable[..., Path]) -> None:
    ada = make_project(name="ada")
    make_project(name="ben")
    run(ada, "start", "4", "--yes")
    views = ada / "users" / "views.py"
    views.write_text(views.read_text() + "# mine\n")
    folder = ada.parent
    dry = run(folder, "instructor", "reset", "ada", "ben", "--dry-run")
    assert [line.split(":")[0] for line in dry.out.splitlines()] == ["ada", "ben"]
    assert views.read_text().endswith("# mine\n")
    assert run(folder, "instructor", "reset", "ada", "ben", "--all").status == 0
    assert not views.read_text().endswith("# mine\n")
    run(ada, "undo", "--yes")
    assert views.read_text().endswith("# mine\n")
    missing = run(folder, "instructor", "reset", "nobody", "ada")
    assert missing.status == 2
    assert len(missing.out.splitlines()) == 2


def test_a_damaged_state_file_is_kept_and_told(run: Run, project: Path) -> None:
    run(project, "start", "2", "--yes")
    (project / ".workshop" / "state.db").write_bytes(b"not a database" * 100)
    ran = run(project, "progress")
    assert ran.status == 0
    assert "state.db.damaged-1" in ran.err
    assert (project / ".workshop" / "state.db.damaged-1").read_bytes().startswith(b"not a database")
