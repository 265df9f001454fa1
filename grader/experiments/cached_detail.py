"""Experiments on the detail of a row: the response is right, and comes from Redis.

Activity 4 runs them on the users, and Activity 9 on the passengers.
"""

from __future__ import annotations

from grader.experiments.from_redis import Origin, origin
from grader.plan import PlannedCheck
from grader.result import Tier
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.redis import Redis
from grader.spec import expect, not_applicable


def expect_right(environment: CheckEnvironment, rows: Collection, redis: Redis) -> None:
    """Fail the check unless the detail of a row is right, on an empty and on a warm cache."""
    row = rows.table.rows[1]
    cold, warm = rows.detail(row), rows.detail(row)
    redis.flush()
    truth = rows.through(environment.another_worker()).detail(row)
    # Any text of the row counts: the detail may show other columns than the list.
    shown = any(truth.shows(text) for text in row.tokens.values())
    expect(shown, seen=f"GET {rows.path(row)} does not show the {rows.noun}", where=rows.routes.detail_where)
    expect(cold.json == truth.json, seen="the first answer was not what the view gives on an empty cache")
    expect(warm.json == truth.json, seen="the second answer was not the same as the first")


def expect_hit(environment: CheckEnvironment, rows: Collection, redis: Redis, planned: PlannedCheck) -> None:
    """Fail the check unless the second GET of a row comes from Redis.

    Skips a core check if the project does not cache single rows.
    """
    with origin(environment, rows, redis) as came:
        _expect_hit(environment, rows, redis, planned, came)


def _expect_hit(
    environment: CheckEnvironment, rows: Collection, redis: Redis, planned: PlannedCheck, came: Origin
) -> None:
    row = rows.table.rows[0]
    rows.detail(row)
    new = rows.table.change(row)
    environment.timeline.note(
        f"changed the {rows.noun}'s {rows.routes.visible} in the database, behind the application"
    )
    warm = came.ask(lambda rows: rows.detail(row), rows.text(row))
    if warm.shows(new) and planned.tier is Tier.CORE:
        not_applicable(f"the project does not cache single {rows.noun}s")
    they = "the user neither as they were" if rows.noun == "user" else f"the {rows.noun} neither as they were"
    expect(
        warm.shows(rows.text(row)) or warm.shows(new),
        seen=f"the second GET showed {they} nor as they are",
        how="neither",
        where=rows.routes.detail_where,
    )
    expect(
        not warm.shows(new),
        seen="a row was changed behind the application, and the second GET already showed the change",
        how="uncached",
        where=rows.routes.detail_where,
    )
    redis.flush()
    environment.timeline.note("deleted every key in Redis")
    expect(
        rows.detail(row).shows(new),
        seen="every key in Redis was deleted, and the GET after that still gave the old answer",
        how="not_in_redis",
        where=rows.routes.detail_where,
    )
    came.expect_redis(lambda rows: rows.detail(row), row, rows.text(row), rows.routes.detail_where)
