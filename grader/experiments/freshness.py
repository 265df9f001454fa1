"""What the checks of freshness share: that a reader sees a write, soon."""

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
"""Seconds within which an invalidation by a worker in the background counts as done."""

USER = (CachedView.USER_LIST, CachedView.USER_DETAIL)
PASSENGER = (CachedView.PASSENGER_LIST, CachedView.PASSENGER_DETAIL)
LISTS = (CachedView.USER_LIST, CachedView.PASSENGER_LIST)


def cells(views: Iterable[CachedView], *writes: Write) -> tuple[tuple[CachedView, Write], ...]:
    """Each of `views` after each of `writes`: what a check of freshness looks at."""
    return tuple(product(views, writes))


@dataclass(frozen=True)
class _ExpectedResponse:
    """One answer that a write concerns: whether it is fresh now, and what is said if it never is."""

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
    """The list shows `text`, and so does the detail of `old`, which had another text before.

    `responses` are those that show such a text at all.
    """

    def new_and_not_old() -> bool:
        response = rows.list()
        return response.shows(text) and not (old and response.shows(rows.text(old)))

    which = "" if rows.noun == "user" else f"{rows.noun}s' "
    looked_at = []
    if "list" in responses:
        seen = f"after {after}, the {which}list is still the old one"
        looked_at.append(_list(rows, new_and_not_old, seen))
    if old and rows.routes.detail and "detail" in responses:
        fresh, path = partial(_detail_shows, rows, old, text), rows.path(old)
        told = f"after {after}, GET {path} still gives the old text"
        looked_at.append(_ExpectedResponse("detail", fresh, lambda: told, "detail"))
    _expect_fresh(rows, looked_at, write)


def expect_gone(rows: Collection, row: Row, after: str, write: Write | None = None) -> None:
    """Neither list nor detail knows `row` any more."""
    responses = [_left(rows, row, after)]
    if rows.routes.detail:
        responses.append(_dead(rows, row, after))
    _expect_fresh(rows, responses, write)


def expect_left(rows: Collection, row: Row, after: str, write: Write | None = None) -> None:
    """The list does not know `row` any more."""
    _expect_fresh(rows, [_left(rows, row, after)], write)


def expect_404(rows: Collection, row: Row, after: str, write: Write | None = None) -> None:
    """The detail of `row` is gone."""
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
    """Look at all `responses` before one fails the check: what was seen of each is kept."""
    deadline = time.monotonic() + SOON
    found = [soon(response.fresh, deadline) for response in responses]
    for response, fresh in zip(responses, found, strict=True):
        if write:
            observe(Cell(f"{rows.noun} {response.what}", write, fresh))
    if not found[0] and len(responses) > 1:
        responses[0].fresh()  # asked once more, so that the story ends with the answer that is wrong
    for response, fresh in zip(responses, found, strict=True):
        expect(fresh, seen=response.seen(), how=response.how)


def soon(true: Callable[[], bool], deadline: float = 0.0) -> bool:
    """Whether `true` holds now, or within a second: a project may clear its cache in the background.

    `deadline` is a monotonic time in seconds, where one is shared.
    """
    deadline = deadline or time.monotonic() + SOON
    while not true():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.05)
    return True
