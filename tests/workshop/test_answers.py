"""The record of answers."""

from __future__ import annotations

import sqlite3

from workshop.answers import Answers, Given
from workshop.progress import Progress

FIRST = Given("T03", 0, ("hit",), "", 0.0, False)
TEXT = Given("T01", 0, (), "It keeps copies – “quick”.\nTwo lines.", 0.5, False)


def test_answers_are_kept_as_they_were_given() -> None:
    answers = Answers(sqlite3.connect(":memory:"))
    answers.add("activity-1", FIRST)
    answers.add("activity-1", TEXT)
    answers.add("activity-2", Given("T10", 0, ("newest",), "", 1.0, True))
    first, text = answers.of("activity-1")
    assert (first.item, first.keys, first.passed, first.own, first.own_score) == (
        "T03",
        ("hit",),
        False,
        None,
        None,
    )
    assert (text.text, text.score) == (TEXT.text, 0.5)
    assert first.at.endswith("+00:00")


def test_a_review_belongs_to_the_last_answer() -> None:
    answers = Answers(sqlite3.connect(":memory:"))
    answers.add("activity-1", TEXT)
    answers.add("activity-1", TEXT)
    answers.review("T01", ("copy", "avoid"), 1.0)
    old, new = answers.of("activity-1")
    assert (old.own, new.own, new.own_score) == (None, ("copy", "avoid"), 1.0)


def test_the_seed_stays() -> None:
    connection = sqlite3.connect(":memory:")
    assert Answers(connection).seed == Answers(connection).seed
    assert len({Answers(sqlite3.connect(":memory:")).seed for _ in range(8)}) > 1


def test_a_reset_puts_answers_on_the_shelf_and_undo_brings_them_back() -> None:
    progress = Progress(sqlite3.connect(":memory:"))
    progress.answers.add("activity-1", FIRST)
    progress.shelve(["activity-1"], 5)
    assert progress.answers.of("activity-1") == ()
    progress.answers.add("activity-1", TEXT)
    progress.unshelve(5)
    assert [given.item for given in progress.answers.of("activity-1")] == ["T03"]


def test_a_state_file_of_before_there_were_questions_is_taken_on() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE starts (id INTEGER PRIMARY KEY, activity TEXT, at TEXT, shelf INTEGER)")
    connection.execute("INSERT INTO starts (activity, at) VALUES ('activity-3', 'then')")
    progress = Progress(connection)
    assert progress.started() == ("activity-3",)
    assert progress.answers.of("activity-3") == ()
