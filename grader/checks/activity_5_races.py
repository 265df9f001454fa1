"""Activity 5, the challenge: a reader in the middle of a write leaves nothing old behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader.experiments.freshness import expect_gone, expect_shown
from grader.experiments.race import read_after_each_change, store_late
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Redis
from grader.sandbox.observing.table import Row
from grader.spec import check, expect, not_applicable


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


@check("I10", needs=("L2",))
def check_a_reader_between_clearing_and_writing(
    environment: CheckEnvironment, users: Collection, database: Database
) -> None:
    # Once rows are changed and not yet committed, it is the commit that matters: the next check.
    race_each_write(environment, users, database, when=lambda: not database.write_under_way())


@check("I11", needs=("L2",), settings={"ATOMIC_REQUESTS": True})
def check_a_reader_before_commit(
    environment: CheckEnvironment, users: Collection, database: Database
) -> None:
    skip_async(users)
    race_each_write(environment, users, database)


@check("I12", needs=("L2",), settings={"ATOMIC_REQUESTS": True, "BUSY_SECONDS": 0.2})
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


@check("I17", needs=("L2",))
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
