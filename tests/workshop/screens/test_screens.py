"""The smaller screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.result import Blank
from workshop.course.load import activities, load
from workshop.scaffold.changes import EditOutcome, EditState, FileChange
from workshop.scaffold.edits import SetName
from workshop.screens import diff, doctor, lesson, redis_keys, solution
from workshop.screens.hint import hint
from workshop.screens.look import Look
from workshop.screens.progress import Line, progress
from workshop.screens.start import started

Draw = Callable[..., str]


def test_a_diff_keeps_its_lines_whole_and_is_harmless(draw: Draw) -> None:
    long = "x = '" + "y" * 120 + "'"
    changes = [
        FileChange("a.py", b"old\n", f"{long}\n\x1b[2J\n".encode()),
        FileChange("new.py", None, b"n\n"),
        FileChange("gone.py", b"g\n", None),
    ]
    shown = draw(*diff.diff(changes))
    assert f"+{long}" in shown.splitlines()
    assert "-old" in shown.splitlines()
    assert "\x1b" not in shown
    assert [line for line in shown.splitlines() if ": " in line] == [
        "Change: a.py",
        "New file: new.py",
        "Delete: gone.py",
    ]


def test_what_is_left_to_do_by_hand_says_why_and_where(draw: Draw) -> None:
    edit = SetName("settings.py", "CACHES", "caches.py")
    outcome = EditOutcome(
        edit,
        EditState.BY_HAND,
        "settings.py",
        "CACHES is bound twice.",
        "CACHES = {\n    1: 2}\n",
        "Put it below.",
    )
    shown = draw(*diff.by_hand([outcome]))
    for words in (
        "by hand in settings.py",
        "CACHES is bound twice.",
        "Put it below.",
        "    CACHES = {\n        1: 2}",
    ):
        assert words in shown


@pytest.mark.parametrize("number", [activity.number for activity in activities()])
def test_the_head_of_a_lesson_is_its_beginning_and_fits_a_screen(draw: Draw, number: int) -> None:
    shown = draw(lesson.head(load(number), words=True))
    text = load(number).lesson.read_text(encoding="utf-8")
    first = next(block for block in text.split("\n\n") if not block.startswith("#")).split()
    assert shown.split()[: len(first)] == first
    assert 3 <= len(draw(lesson.head(load(number), words=False)).splitlines()) <= 40
    assert len(draw(lesson.lesson(load(number), words=False)).splitlines()) > 40


def test_a_started_activity_ends_in_the_next_command(draw: Draw) -> None:
    blanks = [Blank("users/views.py", 7, "cache._____(_______)  # " + "long " * 40)]
    shown = draw(started(load(4), blanks, False, lambda words: f"w {words}"))
    assert "users/views.py:7" in shown
    assert "w check activity-4" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert "No blank is open" in draw(started(load(4), [], False, str))
    assert "by hand" not in draw(started(load(4), [], False, str))


def test_a_solution_keeps_its_lines_and_its_indent(draw: Draw) -> None:
    line = "class A:\n    x = '" + "y" * 90 + "'\n"
    shown = draw(*solution.task("Task", [("a.py", line)], words=False))
    assert "        x = '" + "y" * 90 + "'" in shown.splitlines()


def test_progress_is_a_table_or_sentences() -> None:
    rows = [
        Line(4, "View-level caching " * 3, "passed", "7/8", 3, 2, "solution shown"),
        Line(5, "B", "started", "0/9", 0, 0),
    ]
    table = progress(rows, Look(words=False))
    assert max(map(len, table.splitlines())) <= 80
    assert "7/8" in table
    said = progress(rows, Look(words=True))
    assert "passed, 7 of 8 points, 3 checks, 2 hints, solution shown." in said
    assert said.splitlines()[1] == "Activity 5, B: started."


def test_a_hint_is_wrapped_and_coloured_only_where_there_is_colour() -> None:
    text = "word " * 40
    plain = hint("Title", text, "More", Look())
    assert max(map(len, plain.splitlines())) <= 80
    assert "\x1b" not in plain
    assert "\x1b[1mTitle" in hint("Title", text, "More", Look(colour=True))


def test_a_finding_shows_its_remedy_only_if_something_is_wrong() -> None:
    bad = doctor.finding("redis", "bad", "Nothing listens.", "Start one.", Look())
    assert bad.splitlines() == ["bad  redis: Nothing listens.", "       Start one."]
    assert "Start one" not in doctor.finding("redis", "ok", "It answers.", "Start one.", Look())


def test_keys_show_what_never_expires() -> None:
    shown = redis_keys.keys([(1, ":1:a", "string", 29.6, 120), (0, "b\x1b", "hash", None, None)], Look())
    assert shown.splitlines()[1].split() == ["1", "30", "120", "string", ":1:a"]
    assert shown.splitlines()[2].split() == ["0", "for", "ever", "hash", "b\\x1b"]
