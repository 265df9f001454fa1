"""The freshness matrix: made of what checks saw, and no larger than a screen."""

from __future__ import annotations

import pytest

from grader.result import CachedView, Cell, Outcome, Result, Tier, Verdict, Write
from workshop.course.matrix import Freshness, matrix
from workshop.screens.look import Look
from workshop.screens.matrix import matrix as picture


def verdict(id: str, outcome: Outcome = Outcome.PASSED, how: str = "", *cells: Cell) -> Verdict:
    return Verdict(id, id, Tier.CORE, outcome, how=how, cells=cells)


GATES = [verdict(id) for id in ("L2", "D2", "N2", "N6")]


def result(*verdicts: Verdict) -> Result:
    own = {each.id for each in verdicts}
    return Result("activity-9", Outcome.FAILED, checks=(*verdicts, *(v for v in GATES if v.id not in own)))


def states(*verdicts: Verdict) -> dict[tuple[CachedView, Write], Freshness]:
    found = matrix(result(*verdicts))
    assert found is not None
    return dict(found.states)


def test_a_cell_is_what_its_check_saw_even_if_that_check_failed() -> None:
    seen = (Cell("passenger list", Write.PUT, True), Cell("passenger detail", Write.PUT, False))
    found = states(verdict("N8", Outcome.FAILED, "detail", *seen))
    assert found[CachedView.PASSENGER_LIST, Write.PUT] is Freshness.FRESH
    assert found[CachedView.PASSENGER_DETAIL, Write.PUT] is Freshness.STALE
    assert found[CachedView.PASSENGER_DETAIL, Write.PATCH] is Freshness.NOT_JUDGED  # nobody has seen it


def test_once_stale_is_stale() -> None:
    edits = [Cell("passenger list", Write.USER_EDIT, fresh) for fresh in (True, False, True)]
    assert (
        states(verdict("N10", Outcome.FAILED, "list", *edits))[CachedView.PASSENGER_LIST, Write.USER_EDIT]
        is Freshness.STALE
    )


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ([verdict("N8", Outcome.BLOCKED)], Freshness.NOT_JUDGED),
        ([verdict("N6", Outcome.SKIPPED)], Freshness.NOT_CACHED),
        ([verdict("N6", Outcome.FAILED, "uncached")], Freshness.NOT_CACHED),
        ([verdict("N8", Outcome.SKIPPED)], Freshness.NOT_APPLICABLE),
        ([], Freshness.NOT_JUDGED),
    ],
)
def test_what_was_not_seen_is_not_called_fresh(verdicts: list[Verdict], state: Freshness) -> None:
    assert states(*verdicts)[CachedView.PASSENGER_DETAIL, Write.PUT] is state


def test_a_cell_that_cannot_be_is_not_asked_for() -> None:
    found = states()
    assert found[CachedView.USER_LIST, Write.CASCADE] is Freshness.NOT_APPLICABLE
    assert found[CachedView.PASSENGER_DETAIL, Write.POST] is Freshness.NOT_APPLICABLE


def test_there_is_none_before_the_passengers_are_looked_at() -> None:
    assert matrix(Result("activity-5", Outcome.PASSED, checks=(verdict("L2"),))) is None


@pytest.mark.parametrize("words", [False, True])
def test_the_picture_fits_a_screen_and_names_what_is_stale(words: bool) -> None:
    cells = [
        Cell(answer, write, False)
        for answer in ("passenger list", "passenger detail")
        for write in (Write.PUT, Write.PATCH)
    ]
    found = matrix(result(verdict("N8", Outcome.FAILED, "list", *cells)))
    assert found is not None
    shown = picture(found, Look(80, words=words))
    assert "0 of 4 cells" in shown
    assert "Stale: the passenger list after PUT (N8)." in shown
    assert "And 1 more." in shown
    assert len(shown.splitlines()) <= 16
    if not words:
        assert max(map(len, shown.splitlines())) <= 80
        assert "\x1b" not in shown
