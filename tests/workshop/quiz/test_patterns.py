"""The language for ideas, and what a negation does in it."""

from __future__ import annotations

import time

import pytest

from tests.workshop.quiz.figures import rubric_of
from workshop.quiz.patterns import parse
from workshop.quiz.rubric import read
from workshop.quiz.stemming import sentences


def says(pattern: str, text: str) -> bool:
    return any(parse(pattern).in_sentence(sentence) for sentence in sentences(text))


@pytest.mark.parametrize(
    ("pattern", "text", "wanted"),
    [
        ("copy|snapshot", "We keep copies of it", True),
        ("expire", "It expired an hour ago", True),
        ("expire", "An expiry, is it?", False),
        ("store + result", "the result of a query is stored", True),
        ("store + result", "We store it. The result is nice.", False),
        ("after .. commit", "after the outer transaction commits", True),
        ("after .. commit", "commit, and look after yourself", False),
        ("after .. commit", "after a b c d e f commit", False),
        ("out_of_date", "it may be out of date", True),
        ("out_of_date", "a date is out of the question", False),
        ("on_commit", "use transaction.on_commit() for it", True),
        ("database|memory", "the databse is asked", True),
        ("database|memory", "in the memmory", True),
        ("response", "its respons", True),
        ("expiry", "a good experience", False),
        ("stale", "a scale", False),
        ("copy", "it is not a copy", False),
        ("copy", "it isn't a copy", False),
        ("copy", "it never was, but it is a copy now", True),
        ("copy", "it is not only a copy, it is a good one", True),
        ("copy", "no matter who copies", True),
        ("delete", "if not same delete it", True),
        ("NOT .. query", "so that we do not have to query", True),
        ("NOT .. query", "so that we have to query", False),
        ("NOT .. query", "it never avoids a query", False),
        ("NOT .. query", "dont ask query again", True),
    ],
)
def test_a_pattern(pattern: str, text: str, wanted: bool) -> None:
    assert says(pattern, text) is wanted


@pytest.mark.parametrize("pattern", ["", "a + ", "a .. ", "a|", " .. b"])
def test_an_empty_piece_is_a_mistake(pattern: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        parse(pattern)


def test_sentences_lists_and_wrapped_lines() -> None:
    assert [len(each) for each in sentences("One two. Three four five\n1. six\n- seven eight")] == [
        2,
        3,
        1,
        2,
    ]
    assert [len(each) for each in sentences("1) one two 2) three four 3) five")] == [2, 2, 1]
    wrapped = (
        "A cache keeps a temporary copy of a result that was expensive\nto make, in a place that is near."
    )
    assert len(sentences(wrapped)) == 1
    assert sentences("... \n - \n") == ()


@pytest.mark.parametrize(
    ("piece", "times"),
    [
        ("not copy ", 30_000),
        ("word ", 50_000),
        ("a", 500_000),
        ("1. ", 50_000),
        ("\n", 300_000),
        ("(-*", 80_000),
    ],
)
def test_no_text_takes_long_to_read(piece: str, times: int) -> None:
    began = time.process_time()
    read(rubric_of("T30"), piece * times)
    assert time.process_time() - began < 5
