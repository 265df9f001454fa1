"""What the checks of freshness share: that a reader sees a write, soon."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from grader.spec import Way, expect
from grader.stand.collection import Collection
from grader.stand.database import Row

SOON = 1.0
"""Seconds within which an invalidation by a worker in the background counts as done."""

STALE_LIST = Way(
    "The list is still the one from before the write. Nothing cleared it, or something else was cleared.",
    "Delete the very key that list() reads, after the write.",
)
STALE_DETAIL = Way(
    "The single user is still the one from before the write.",
    "Clear the user's own key as well as the list's.",
)
ZOMBIE = Way(
    "The user is deleted, and still answered from the cache as if alive.",
    "Note the number before the delete (afterwards instance.pk is None), and clear both keys.",
)
WAYS: Mapping[str, Way] = {"list": STALE_LIST, "detail": STALE_DETAIL, "zombie": ZOMBIE}
MEANS = "Readers are told something that is no longer true, for as long as the cache keeps it."


def expect_shown(users: Collection, text: str, old: Row | None = None, after: str = "the write") -> None:
    """The list shows `text`, and so does the detail of `old`, which had another text before."""

    def new_and_not_old() -> bool:
        answer = users.list()
        return answer.shows(text) and not (old and answer.shows(users.text(old)))

    fresh = soon(new_and_not_old)
    expect(
        fresh, seen=f"after {after} the list is still the old one", how="list", where=users.routes.list_where
    )
    if old and users.routes.detail:
        expect(
            soon(lambda: users.detail(old).shows(text)),
            seen=f"after {after} GET {users.path(old)} still gives the old text",
            how="detail",
            where=users.routes.detail_where,
        )


def expect_gone(users: Collection, row: Row, after: str) -> None:
    """Neither list nor detail knows `row` any more."""
    gone = soon(lambda: not users.list().shows(users.text(row)))
    expect(
        gone, seen=f"after {after} the user is still in the list", how="list", where=users.routes.list_where
    )
    if users.routes.detail:
        expect_404(users, row, after)


def expect_404(users: Collection, row: Row, after: str) -> None:
    """The detail of `row` is gone."""
    status = 0

    def gone() -> bool:
        nonlocal status
        status = users.api.get(users.path(row)).status
        return status == 404

    is_gone = soon(gone)
    seen = f"after {after} GET {users.path(row)} still answers {status}"
    expect(is_gone, seen=seen, how="zombie", where=users.routes.detail_where)


def soon(true: Callable[[], bool]) -> bool:
    """Whether `true` holds now, or within a second: a project may clear its cache in the background."""
    deadline = time.monotonic() + SOON
    while not true():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.05)
    return True
