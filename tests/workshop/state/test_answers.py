"""The record of answers."""

from __future__ import annotations

from pathlib import Path

from workshop.state.answers import AnswerRecord, Answers
from workshop.state.database import open_state
from workshop.state.progress import Progress

FIRST = AnswerRecord("T03", 0, ("hit",), "", 0.0, False)
TEXT = AnswerRecord("T01", 0, (), "It keeps copies – “quick”.\nTwo lines.", 0.5, False)


def test_answers_are_kept_as_they_were_given(tmp_path: Path) -> None:
    answers = Answers(open_state(tmp_path))
    answers.add("activity-1", FIRST)
    answers.add("activity-1", TEXT)
    answers.add("activity-2", AnswerRecord("T10", 0, ("newest",), "", 1.0, True))
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


def test_a_review_belongs_to_the_last_answer(tmp_path: Path) -> None:
    answers = Answers(open_state(tmp_path))
    answers.add("activity-1", TEXT)
    answers.add("activity-1", TEXT)
    answers.review("T01", ("copy", "avoid"), 1.0)
    old, new = answers.of("activity-1")
    assert (old.own, new.own, new.own_score) == (None, ("copy", "avoid"), 1.0)


def test_the_seed_stays(tmp_path: Path) -> None:
    connection = open_state(tmp_path)
    assert Answers(connection).seed == Answers(connection).seed
    others = [tmp_path / str(number) for number in range(8)]
    for folder in others:
        folder.mkdir()
    assert len({Answers(open_state(folder)).seed for folder in others}) > 1


def test_a_reset_archives_answers_and_undo_restores_them(tmp_path: Path) -> None:
    progress = Progress(open_state(tmp_path))
    progress.answers.add("activity-1", FIRST)
    progress.archive(["activity-1"], 5)
    assert progress.answers.of("activity-1") == ()
    progress.answers.add("activity-1", TEXT)
    progress.restore(5)
    assert [given.item for given in progress.answers.of("activity-1")] == ["T03"]
