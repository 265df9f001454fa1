"""Experiments on freshness: a reader sees a write within a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

from grader.result import CachedView, Cell, Write
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.table import Row
from grader.spec import expect, observe

SOON = 1.0
"""Seconds within which an invalidation in the background must be done."""

USER = (CachedView.USER_LIST, CachedView.USER_DETAIL)
PASSENGER = (CachedView.PASSENGER_LIST, CachedView.PASSENGER_DETAIL)
LISTS = (CachedView.USER_LIST, CachedView.PASSENGER_LIST)


def cells(views: Iterable[CachedView], *writes: Write) -> tuple[tuple[CachedView, Write], ...]:
    """Each of `views` after each of `writes`: what a check of freshness looks at."""
    return tuple(product(views, writes))


@dataclass(frozen=True)
class _ExpectedResponse:
    """A response that a write changes: `fresh` tests it now, `seen` is the sentence for a failure."""

    what: str
    fresh: Callable[[], bool]
    seen: Callable[[], str]
    how: str


def expect_shown(
    rows: Collection,
    text: str,
    old: Row | None = None,
    after: str = "the write",
    write: Write | None = None,
    responses: Container[str] = ("list", "detail"),
) -> None:
    """Fail the check unless the list and the detail of `old` show `text` instead of the earlier text.

    `responses` names those that show the text at all. `after` describes the write in sentences.
    """

    def new_and_not_old() -> bool:
        response = rows.list()
        return response.shows(text) and not (old and response.shows(rows.text(old)))

    which = "" if rows.noun == "user" else f"{rows.noun}s' "
    expected = []
    if "list" in responses:
        seen = f"after {after}, the {which}list is still the old one"
        expected.append(_list(rows, new_and_not_old, seen))
    if old and rows.routes.detail and "detail" in responses:
        fresh, path = partial(_detail_shows, rows, old, text), rows.path(old)
        seen_detail = f"after {after}, GET {path} still gives the old text"
        expected.append(_ExpectedResponse("detail", fresh, lambda: seen_detail, "detail"))
    _expect_fresh(rows, expected, write)


def expect_gone(rows: Collection, row: Row, after: str, write: Write | None = None) -> None:
    """Fail the check if the list or the detail still shows `row`."""
    responses = [_left(rows, row, after)]
    if rows.routes.detail:
        responses.append(_dead(rows, row, after))
    _expect_fresh(rows, responses, write)


def expect_left(rows: Collection, row: Row, after: str, write: Write | None = None) -> None:
    """Fail the check if the list still shows `row`."""
    _expect_fresh(rows, [_left(rows, row, after)], write)


def expect_404(rows: Collection, row: Row, after: str, write: Write | None = None) -> None:
    """Fail the check unless the detail of `row` answers 404."""
    _expect_fresh(rows, [_dead(rows, row, after)], write)


def _list(rows: Collection, fresh: Callable[[], bool], seen: str) -> _ExpectedResponse:
    return _ExpectedResponse("list", fresh, lambda: seen, "list")


def _detail_shows(rows: Collection, row: Row, text: str) -> bool:
    return rows.detail(row).shows(text)


def _left(rows: Collection, row: Row, after: str) -> _ExpectedResponse:
    seen = f"after {after}, the {rows.noun} is still in the list"
    return _list(rows, lambda: not rows.list().shows(rows.text(row)), seen)


def _dead(rows: Collection, row: Row, after: str) -> _ExpectedResponse:
    path, status = rows.path(row), 0

    def is_404() -> bool:
        nonlocal status
        status = rows.api.get(path).status
        return status == 404

    def seen() -> str:
        return f"after {after}, GET {path} still answers {status}"

    return _ExpectedResponse("detail", is_404, seen, "zombie")


def _expect_fresh(rows: Collection, responses: Sequence[_ExpectedResponse], write: Write | None) -> None:
    """Test all `responses` before one fails the check, so that each is in the table of cells."""
    deadline = time.monotonic() + SOON
    found = [soon(response.fresh, deadline) for response in responses]
    for response, fresh in zip(responses, found, strict=True):
        if write:
            observe(Cell(f"{rows.noun} {response.what}", write, fresh))
    if not found[0] and len(responses) > 1:
        responses[0].fresh()  # requested again, so that the timeline ends with the stale response
    for response, fresh in zip(responses, found, strict=True):
        expect(fresh, seen=response.seen(), how=response.how)


def soon(true: Callable[[], bool], deadline: float = 0.0) -> bool:
    """Whether `true` returns true within a second: a project may clear its cache in the background.

    `deadline` is a monotonic time in seconds, if several calls share one.
    """
    deadline = deadline or time.monotonic() + SOON
    while not true():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.05)
    return True
