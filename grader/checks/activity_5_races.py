"""Activity 5, the challenge: a reader in the middle of a write leaves nothing old behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from grader.experiments.freshness import expect_gone, expect_shown
from grader.experiments.race import read_after_each_change, store_late
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Redis
from grader.sandbox.observing.table import Row
from grader.spec import Way, check, expect, not_applicable

WAYS = {
    "list": Way(
        "Between your clearing of the cache and the moment the write was visible, somebody read the old rows "
        "and stored them again. They stay until they expire.",
        "Write first, clear afterwards: after super().perform_...(), and after the commit.",
    ),
    "detail": Way(
        "Between your clearing and the write somebody read the old user and put it back.",
        "Write first and clear afterwards, the user's own key too.",
    ),
    "zombie": Way(
        "The user is deleted, and still in the cache: their key was not cleared, or a reader who came before "
        "the delete was visible stored it again.",
        "Delete first and clear afterwards; note the number before.",
    ),
}


def read_all(users: Collection, rows: list[Row], when: Callable[[], bool]) -> Callable[[], None]:
    """A reader, in another process: the list, and every single user that is still there."""

    def read() -> None:
        if not when():
            return
        users.list()
        if users.routes.detail:
            for row in rows:
                users.api.get(users.path(row))

    return read


def skip_async(users: Collection) -> None:
    """Skip the check where Django itself refuses: one transaction a request, and a view that is async."""
    error = str(users.api.get(users.routes.list).error.get("message", ""))
    if "ATOMIC_REQUESTS with async" in error:
        not_applicable("Django has no ATOMIC_REQUESTS for async views")


def race_each_write(
    environment: CheckEnvironment,
    users: Collection,
    database: Database,
    when: Callable[[], bool] = lambda: True,
) -> None:
    """POST, PATCH and DELETE, each with a reader after everything that it changes in the cache.

    The reader stays out while `when` is false.
    """
    first, second, *_ = rows = list(database.users.rows)
    read = read_all(users.through(environment.another_worker(), "reader"), rows, when)
    writer = users.called("writer")
    read()
    made: list[str] = []
    environment.timeline.restart()
    read_after_each_change(environment.proxy, lambda: made.append(writer.create()), read)
    expect_shown(users, made[0], after="a POST with a reader in between")
    body, text = users.patch_of(first)

    def patch() -> None:
        users.expect(writer.api.request("PATCH", users.path(first), body), "PATCH", users.path(first))

    environment.timeline.restart()
    read_after_each_change(environment.proxy, patch, read)
    expect_shown(users, text, first, after="a PATCH with a reader in between")
    read()
    environment.timeline.restart()
    read_after_each_change(environment.proxy, lambda: writer.delete(second), read)
    expect_gone(users, second, "a DELETE with a reader in between")


@check(
    "I10",
    title="A reader between clearing and writing leaves nothing old",
    needs=("L2",),
    means="The order is the fault: the cache was cleared before the row was changed.",
    try_="Write first, then clear.",
    ways=WAYS,
)
def check_a_reader_between_clearing_and_writing(
    environment: CheckEnvironment, users: Collection, database: Database
) -> None:
    # Once rows are changed and not yet committed, it is the commit that matters: the next check.
    race_each_write(environment, users, database, when=lambda: not database.write_under_way())


@check(
    "I11",
    title="A reader before COMMIT leaves nothing old",
    needs=("L2",),
    means="Inside a transaction nobody else sees the new row yet. What is read then is old, and is kept.",
    try_="Clear the cache in transaction.on_commit().",
    ways=WAYS,
)
@pytest.mark.overrides(ATOMIC_REQUESTS=True)
def check_a_reader_before_commit(
    environment: CheckEnvironment, users: Collection, database: Database
) -> None:
    skip_async(users)
    race_each_write(environment, users, database)


@check(
    "I12",
    title="A write that was rolled back leaves no phantom",
    needs=("L2",),
    means="The cache tells of something that never came to be in the database.",
    try_="Store a new value only after the commit: transaction.on_commit().",
)
@pytest.mark.overrides(ATOMIC_REQUESTS=True, BUSY_SECONDS=0.2)
def check_a_rolled_back_write(environment: CheckEnvironment, users: Collection, database: Database) -> None:
    skip_async(users)
    row = database.users.rows[0]
    body, text = users.patch_of(row)
    users.list()
    environment.timeline.note("from here on no transaction can be committed")
    with database.no_commit():
        response = users.api.request("PATCH", users.path(row), body)
    expect(
        response.status >= 400 and database.users.get(row) != text,
        seen=f"the PATCH answered {response.status} although its commit was refused",
    )
    for path in (users.routes.list, users.path(row)):
        expect(
            not users.api.get(path).shows(text),
            seen=f"the PATCH was rolled back, and GET {path} shows what it would have written",
        )


@check(
    "I17",
    title="A slow reader who stores after the clearing leaves nothing old",
    needs=("L2",),
    means="The reader read before the write and stored after the clearing: its old answer outlives both.",
    try_="Put a version into the key: read the version, then the rows, and store under that version.",
)
def check_a_slow_reader(
    environment: CheckEnvironment, users: Collection, database: Database, redis: Redis
) -> None:
    row = database.users.rows[0]
    reader, writer = users.through(environment.another_worker(), "reader"), users.called("writer")
    path = users.path(row)
    for gone in ("cleared", "expired"):
        users.list()
        users.patch(row)  # so that whatever a version is kept in is there
        body, text = users.patch_of(row)
        if gone == "expired":
            # The list alone is missing: else the first that a reader stores may be a new version.
            users.list()
            texts = [other.tokens[users.routes.visible] for other in database.users.rows[1:]]
            stored = redis.keys()
            redis.delete([key for key in stored if key.holds(texts[:1]) and key.holds(texts[1:])])

        def patch(body: Mapping[str, Any] = body) -> None:
            environment.timeline.note("what the reader wants to store is kept back until the write is done")
            users.expect(writer.api.request("PATCH", path, body), "PATCH", path)

        environment.timeline.restart()
        store_late(environment.proxy, reader.list, patch)
        expect(users.list().shows(text), seen="a reader stored the old list after the PATCH had cleared it")
