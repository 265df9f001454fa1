"""Activity 9: what monitoring and warming do for users, they do for passengers."""

from __future__ import annotations

from collections.abc import Mapping

from grader.checks.activity_7_warm import RUNS, warm_up
from grader.checks.activity_7_write_through import difference
from grader.experiments.monitoring import expect_requests_timed
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.passengers import Passengers
from grader.sandbox.observing.redis import Redis
from grader.sandbox.observing.table import Row
from grader.spec import Way, check, expect


@check(
    "N15",
    title="Each request of the passengers leaves its duration in the log",
    needs=("N2",),
    means="The users are measured and the passengers are not: nobody sees when their cache stops helping.",
    try_="Put @cache_performance('passenger_list') on list() of PassengerViewSet, and another on retrieve().",
    ways={
        "silent": Way(
            "Your server answered a request for passengers and said nothing.",
            "Put the decorator on list() of PassengerViewSet: @cache_performance('passenger_list').",
        ),
        "not_the_time": Way(
            "There are lines, but no number in them grows when the passengers' view gets slower.",
            "Read the clock before and after the call, and log the difference.",
        ),
        "no_label": Way(
            "A number alone says that something was slow, and not what.",
            "Give the passengers' view a name of its own, and log it beside the seconds.",
        ),
        "cold": Way(
            "A hit on the passengers is timed and a miss is not, though the misses are the slow ones.",
            "Let the decorator be the outermost one, so that every way through the method passes it.",
        ),
        "detail": Way(
            "The list of passengers is timed. A single one comes from the cache too, and leaves no duration.",
            "Put the decorator on retrieve() of PassengerViewSet too, under a name of its own.",
        ),
    },
)
def check_each_request_is_timed(
    environment: CheckEnvironment, warm_passengers: Passengers, redis: Redis
) -> None:
    expect_requests_timed(environment, warm_passengers, redis)


@check(
    "N16",
    title="The command warms the passengers too",
    needs=("N2",),
    means="After a deployment the users are in the cache, and whoever asks for passengers waits.",
    try_="Let the command of Activity 7 store the passengers under the keys that their views read.",
    ways={
        **RUNS,
        "list": Way(
            "The command stores no list of passengers, or not under the key that list() reads.",
            "Compare the keys: `workshop redis keys` after the command, and after one GET of the passengers.",
        ),
        "detail": Way(
            "The list of passengers is warm, and the first GET of a single passenger asked the database.",
            "Store every passenger too, under the very key that retrieve() of PassengerViewSet reads.",
        ),
        "other_list": Way(
            "The warm list of passengers is not what the view answers on an empty cache.",
            "Make it with PassengerSerializer, from the queryset of the view.",
        ),
        "other_detail": Way(
            "A warm passenger is not what the view answers on an empty cache.",
            "Make it with PassengerSerializer, the user included.",
        ),
    },
)
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
