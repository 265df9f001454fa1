"""Activity 9: the passengers are cached. Reachable, right, really served from Redis, and gone one day?"""

from __future__ import annotations

from grader.experiments import cached_detail, cached_list
from grader.plan import PlannedCheck
from grader.result import CachedView
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.passengers import Passengers
from grader.sandbox.exploring.route_discovery import discover_routes
from grader.sandbox.observing.redis import Redis
from grader.spec import CheckFailed, check, expect, fail, not_applicable

MANY = 200
"""Passengers of whom none may cost a query of its own."""

MOST_SQL = 2


@check("N13", needs=("B3",))
def check_the_passengers_can_be_reached(environment: CheckEnvironment) -> None:
    try:
        routes = discover_routes(environment.project, "passenger")
    except CheckFailed:
        for route in environment.project.report()["routes"]:
            if route["taken"] and "passenger" in route["path"].lower():
                fail(f"GET {route['path']} is answered by {route['taken']}, an earlier route", "swallowed")
        raise
    expect(routes.list, seen="the passengers have no list")


@check("N1", needs=("N13",))
def check_the_list_is_right(environment: CheckEnvironment, passengers: Passengers, redis: Redis) -> None:
    cached_list.expect_right(environment, passengers, redis)


@check("N2", needs=("N13",), proves_cached=CachedView.PASSENGER_LIST)
def check_a_second_list_is_a_hit(environment: CheckEnvironment, passengers: Passengers, redis: Redis) -> None:
    cached_list.expect_hit(environment, passengers, redis)


@check("N3", needs=("N2",))
def check_the_list_expires(passengers: Passengers, redis: Redis) -> None:
    cached_list.expect_expiry(passengers, redis)


@check("N4", needs=("N2",))
def check_other_questions_get_other_answers(passengers: Passengers, redis: Redis) -> None:
    cached_list.expect_answers_apart(passengers, redis)


@check("N5", needs=("N13",))
def check_a_passenger_is_right(environment: CheckEnvironment, passengers: Passengers, redis: Redis) -> None:
    cached_detail.expect_right(environment, passengers, redis)


@check("N6", needs=("N5",), proves_cached=CachedView.PASSENGER_DETAIL)
def check_a_second_detail_is_a_hit(
    environment: CheckEnvironment, passengers: Passengers, redis: Redis, planned: PlannedCheck
) -> None:
    cached_detail.expect_hit(environment, passengers, redis, planned)


@check("N12", needs=("N13",))
def check_a_miss_costs_two_queries(
    environment: CheckEnvironment, passengers: Passengers, redis: Redis
) -> None:
    passengers.table.insert(MANY - len(passengers.table.rows))
    redis.flush()
    response = passengers.list()
    # Whoever may not look without a login is looked up too; a page counts the rows first.
    asides = 1 if passengers.routes.login else 0
    asides += isinstance(response.json, dict) and "count" in response.json
    shown = len(response.rows or [])
    expect(
        response.sql_count - asides <= MOST_SQL,
        seen=f"GET {passengers.routes.list} with nothing cached ran {response.sql_count} SQL statements "
        f"for {shown} passengers",
        how="each",
        where=passengers.routes.list_where,
    )


@check("N14", needs=("N13",))
def check_a_rider_is_refused(passengers: Passengers) -> None:
    users = passengers.table.users
    column, rider = users.choosing("rider") if users else ("", "")
    if not users or not rider:
        not_applicable("the project has no riders")
    user = passengers.new_user()
    users.set(user, column, rider)
    before = passengers.table.count()
    response = passengers.create_for(user)
    if response.status < 400 and passengers.table.count() > before:
        not_applicable("the project lets a rider be a passenger")
    expect(
        response.status < 500,
        seen=f"POST {passengers.routes.list} for a user of type {rider} answered {response.status}"
        + (f": {response.error['type']}" if response.error.get("type") else ""),
        how="server_error",
        where=response.where,
    )
