"""Activity 9: the passengers are cached. Reachable, right, really served from Redis, and gone one day?"""

from __future__ import annotations

from grader.experiments import cached_detail, cached_list
from grader.plan import PlannedCheck
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.passengers import Passengers
from grader.sandbox.exploring.route_discovery import discover_routes
from grader.sandbox.observing.redis import Redis
from grader.spec import CheckFailed, Way, check, expect, fail, not_applicable

MANY = 200
"""Passengers of whom none may cost a query of its own."""

MOST_SQL = 2


@check(
    "N13",
    title="The passengers' URL can be reached",
    needs=("B3",),
    means="Nobody can read a passenger, so there is nothing to cache.",
    try_="Write PassengerSerializer and PassengerViewSet, and register the viewset in urls.py.",
    ways={
        "no_model": Way(
            "The project has no model of passengers, or none of its rows could be saved.",
            "Each passenger belongs to one user: class Passenger, with a OneToOneField to your user model.",
        ),
        "no_route": Way(
            "The passengers are in the database, and no URL shows them.",
            "Register the viewset: router.register(r'passengers', PassengerViewSet).",
        ),
        "swallowed": Way(
            "URLs are tried in their order. An earlier one fits: it takes 'passengers' for a user's number.",
            "Register passengers above the route that takes everything, the one registered as ''.",
        ),
    },
)
def check_the_passengers_can_be_reached(environment: CheckEnvironment) -> None:
    try:
        routes = discover_routes(environment.project, "passenger")
    except CheckFailed:
        for route in environment.project.report()["routes"]:
            if route["taken"] and "passenger" in route["path"].lower():
                fail(f"GET {route['path']} is answered by {route['taken']}, an earlier route", "swallowed")
        raise
    expect(routes.list, seen="the passengers have no list")


@check(
    "N1",
    title="The list of passengers is right, cold and warm",
    needs=("N13",),
    means="The cache may make an answer quicker, never different.",
    try_="Compare what your passenger list returns the first time with what it returns from the cache.",
    ways={
        "cold": Way(
            "The first answer after the cache was emptied is not what your own view gives on an empty cache.",
            "On a miss return the response that super().list() made, whole.",
        ),
        "warm": Way(
            "The second answer differs from the first. What you store is not what you return.",
            "Store response.data, and return Response(cached_data) on a hit.",
        ),
        "rows_missing": Way(
            "Passengers who are in the database are not in the answer.",
            "Look at the queryset of PassengerViewSet, and at what it returns when nothing is cached yet.",
        ),
    },
)
def check_the_list_is_right(environment: CheckEnvironment, passengers: Passengers, redis: Redis) -> None:
    cached_list.expect_right(environment, passengers, redis)


@check(
    "N2",
    title="The second GET of the passengers comes from Redis",
    needs=("N13",),
    means="Every request for passengers still does the whole work, or keeps it where nobody else can see it.",
    try_="Write list() of PassengerViewSet as you wrote that of UserViewSet, with a key of its own.",
    ways={
        "uncached": Way(
            "The second answer came from the database, not from a cache.",
            "Is list() a method of the viewset that the URL uses, and are the two keys in it the same?",
        ),
        "neither": Way(
            "The answer is kept somewhere, but not in Redis, and it is older than the first GET of this run.",
            "Look for a file or a variable that outlives the request. Keep the list in the cache instead.",
        ),
        "not_a_method": Way(
            "No request reaches your caching code: the function stands outside the class, uncalled.",
            "Move it into PassengerViewSet, with one more level of indentation.",
        ),
        "class_twice": Way(
            "Two classes have the same name, and Python keeps the last one: yours is never used.",
            "Bring both together into one class.",
        ),
        "not_in_redis": Way(
            "After every key was deleted the old answer still came: it lives in the memory of one process.",
            "Keep it with django.core.cache, as the list of users is kept.",
        ),
        "grows": Way(
            "The answer comes from the cache, yet it still costs a query or a command for each passenger.",
            "Store the finished list, users included, under one key.",
        ),
    },
)
def check_a_second_list_is_a_hit(environment: CheckEnvironment, passengers: Passengers, redis: Redis) -> None:
    cached_list.expect_hit(environment, passengers, redis)


@check(
    "N3",
    title="The cached passengers expire",
    needs=("N2",),
    means="Without an expiry one missed invalidation stays wrong for ever.",
    try_="Give cache.set() a timeout here too: timeout=settings.CACHE_TTL.",
    ways={
        "no_expiry": Way(
            "A key that holds your passengers never expires, home addresses included.",
            "Give cache.set() a timeout here too: timeout=settings.CACHE_TTL.",
        ),
    },
)
def check_the_list_expires(passengers: Passengers, redis: Redis) -> None:
    cached_list.expect_expiry(passengers, redis)


@check(
    "N4",
    title="Another page, filter or order of passengers gets its own answer",
    needs=("N2",),
    means="One key for every question gives everybody the answer to the first one.",
    try_="Let the key depend on everything the answer depends on.",
    ways={
        "one_key": Way(
            "Your list of passengers understands this question, and answers with what was kept for another.",
            "Make the query string a part of the key, names and values, sorted: request.query_params.",
        ),
    },
)
def check_other_questions_get_other_answers(passengers: Passengers, redis: Redis) -> None:
    cached_list.expect_answers_apart(passengers, redis)


@check(
    "N5",
    title="A single passenger is right, cold and warm",
    needs=("N13",),
    means="The cache may make an answer quicker, never different.",
    try_="Compare what retrieve() returns the first time with what it returns from the cache.",
)
def check_a_passenger_is_right(environment: CheckEnvironment, passengers: Passengers, redis: Redis) -> None:
    cached_detail.expect_right(environment, passengers, redis)


@check(
    "N6",
    title="The second GET of a passenger comes from Redis",
    needs=("N5",),
    means="A single passenger is kept where no other process sees it.",
    try_="Cache retrieve() of PassengerViewSet as that of UserViewSet, with 'passenger' in the key.",
    ways={
        "uncached": Way(
            "The second answer came from the database, not from a cache.",
            "Write retrieve() as you wrote list(), with the passenger's number in the key.",
        ),
        "not_in_redis": Way(
            "The answer is kept, but not in Redis: after every key was deleted the old answer still came.",
            "Keep it with django.core.cache.",
        ),
    },
)
def check_a_second_detail_is_a_hit(
    environment: CheckEnvironment, passengers: Passengers, redis: Redis, planned: PlannedCheck
) -> None:
    cached_detail.expect_hit(environment, passengers, redis, planned)


@check(
    "N12",
    title="200 passengers cost two queries, not two hundred",
    needs=("N13",),
    means="On a miss each passenger asks for the user on its own. The cache hides that until it is cold.",
    try_="Fetch the users along with the passengers: Passenger.objects.select_related('user').",
    ways={
        "each": Way(
            "On a miss each passenger asks for the user on its own. The cache hides that until it is cold.",
            "Fetch the users along with the passengers: Passenger.objects.select_related('user').",
        ),
    },
)
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


@check(
    "N14",
    title="A passenger for a rider is refused, not a crash",
    needs=("N13",),
    means="The model raises Django's ValidationError in save(). REST framework expects its own: 500.",
    try_="Look at the user in the serializer: in a validate_ method of the field that takes the user.",
    ways={
        "server_error": Way(
            "The model refused in save() with Django's ValidationError. Only REST framework's becomes 400.",
            "Say it in the serializer too: a validate_ method named after the field that takes the user, "
            "raising serializers.ValidationError.",
        ),
    },
)
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
