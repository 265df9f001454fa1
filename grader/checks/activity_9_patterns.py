"""Activity 9: what monitoring and warming do for users, they do for passengers."""

from __future__ import annotations

from collections.abc import Mapping

from grader.checks.activity_7_warm import warm_up
from grader.checks.activity_7_write_through import difference
from grader.experiments.monitoring import expect_requests_timed
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.passengers import Passengers
from grader.sandbox.observing.redis import Redis
from grader.sandbox.observing.table import Row
from grader.spec import check, expect


@check("N15", needs=("N2",))
def check_each_request_is_timed(
    environment: CheckEnvironment, warm_passengers: Passengers, redis: Redis
) -> None:
    expect_requests_timed(environment, warm_passengers, redis)


@check("N16", needs=("N2",))
def check_the_command_warms_passengers(
    environment: CheckEnvironment, passengers: Passengers, redis: Redis, options: Mapping[str, str]
) -> None:
    row, other = passengers.table.rows[:2]
    worker = environment.another_worker()
    warm_up(environment, options, worker)
    warm_list = passengers.list()
    warm = passengers.detail(other) if passengers.routes.detail else None
    redis.flush()
    environment.timeline.note("deleted every key in Redis")
    truth = passengers.through(worker)
    expect(
        warm_list.json == truth.list().json,
        seen="the list of passengers after the command was not that of an empty cache",
        how="other_list",
        where=passengers.routes.list_where,
    )
    if warm:
        cold = truth.detail(other)
        seen = f"GET {passengers.path(other)} came {difference(warm, cold)} after the command"
        expect(warm.json == cold.json, seen, "other_detail", passengers.routes.detail_where)

    redis.flush()
    warm_up(environment, options, worker)
    behind = passengers.table.change(row)
    environment.timeline.note(f"changed a passenger's {passengers.routes.visible} behind the application")
    expect(
        not passengers.list().shows(behind),
        seen="after the command the first GET of the passengers asked the database",
        how="list",
        where=passengers.routes.list_where,
    )
    if warm and passengers.detail(row).shows(behind):
        expect(
            not _is_cached(passengers, row),
            seen=f"after the command the first GET of {passengers.path(row)} asked the database",
            how="detail",
            where=passengers.routes.detail_where,
        )


def _is_cached(rows: Collection, row: Row) -> bool:
    """Whether the detail of `row`, which was just asked for, is kept: it need not be."""
    return not rows.detail(row).shows(rows.table.change(row))
