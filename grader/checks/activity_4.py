"""Activity 4: the cached list. Is it right, is it really served from Redis, and does it expire?"""

from __future__ import annotations

from grader.experiments.cached_list import expect_expiry, expect_hit, expect_right
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Redis
from grader.servers.traffic import ReplyKind
from grader.spec import Way, check, expect, not_applicable


@check(
    "L1",
    title="The list is right, cold and warm",
    needs=("B3",),
    means="The cache may make an answer quicker, never different.",
    try_="Compare what your view returns the first time with what it returns from the cache.",
    ways={
        "cold": Way(
            "The first answer after the cache was emptied is not what your own view gives on an empty cache.",
            "Look at the path of a miss: it should return the response that super().list() made.",
        ),
        "warm": Way(
            "The second answer differs from the first. What you store is not what you return.",
            "Store response.data, and return Response(cached_data) on a hit.",
        ),
        "rows_missing": Way(
            "Users that are in the database are not in the answer.",
            "Look at what your view returns when nothing is cached yet, and whether it keeps rows in a file.",
        ),
    },
)
def check_the_list_is_right_cold_and_warm(
    environment: CheckEnvironment, users: Collection, redis: Redis
) -> None:
    expect_right(environment, users, redis)


@check(
    "L2",
    title="The second GET of the list comes from Redis",
    needs=("B3",),
    means="Every request still does the whole work, or keeps its answer where other processes cannot see it.",
    try_="Follow one request: is cache.get() reached, and does it find what cache.set() stored?",
    ways={
        "uncached": Way(
            "The second answer came from the database, not from a cache.",
            "Look below for a GET and a SET of one key. None: your list() is not run. Two names: use one.",
        ),
        "neither": Way(
            "The answer is kept somewhere, but not in Redis, and it is older than the first GET of this run.",
            "Look for a file or a variable that outlives the request. Keep the list in the cache instead.",
        ),
        "not_a_method": Way(
            "No request reaches your caching code: the function stands outside the class, uncalled.",
            "Move it into the viewset, with one more level of indentation.",
        ),
        "class_twice": Way(
            "Two classes have the same name, and Python keeps the last one: yours is never used.",
            "Bring both together into one class.",
        ),
        "not_in_redis": Way(
            "The answer is kept, but not in Redis: after every key was deleted the old answer still came. "
            "It lives in the memory of one process, where no other process and no delete can reach it.",
            "Look for a variable that keeps rows, or self.queryset read directly. Use the cache alone.",
        ),
        "grows": Way(
            "The answer comes from the cache, yet it still costs one query or one command for each row.",
            "Store the finished list under one key, or fetch all entries with one get_many().",
        ),
    },
)
def check_a_second_list_is_a_hit(environment: CheckEnvironment, users: Collection, redis: Redis) -> None:
    expect_hit(environment, users, redis)


@check(
    "L3",
    title="The cached list expires",
    needs=("L2",),
    means="Without an expiry one missed invalidation stays wrong for ever, and memory only grows.",
    try_="Give cache.set() a timeout: timeout=settings.CACHE_TTL.",
    ways={
        "no_expiry": Way(
            "A key that holds your users never expires. One missed invalidation and it is wrong for ever.",
            "Give cache.set() a timeout: timeout=settings.CACHE_TTL.",
        ),
    },
)
def check_the_cached_list_expires(users: Collection, redis: Redis) -> None:
    expect_expiry(users, redis)


@check(
    "L4",
    title="An empty list is cached too",
    needs=("L2",),
    means="An empty answer is an answer. Never stored, it runs the query on every request of a quiet day.",
    try_="Compare what the cache returned with None, not with its truth value: an empty list is false.",
    ways={
        "empty_not_stored": Way(
            "The list was empty, and the second GET asked the database again.",
            "Write `if cached_data is not None:`. An empty list counts as false, and so looks like a miss.",
        ),
    },
)
def check_an_empty_list_is_a_hit(
    environment: CheckEnvironment, users: Collection, database: Database
) -> None:
    if users.routes.login:
        not_applicable("whoever asks is in the list, so it is never empty")
    database.users.remove_all()
    empty = users.list()
    mark = environment.proxy.mark()
    users.list()
    commands = [each for each in environment.proxy.since(mark) if not each.setup]
    (row,) = database.users.insert(1)
    environment.timeline.note("inserted a user in the database, behind the application")
    warm = users.list()
    kept = not warm.shows(row.tokens[users.routes.visible]) and warm.json == empty.json
    # A key that is made of the number of rows is another one now. Then it must have been a hit before.
    found = bool(commands) and all(each.reply_kind is ReplyKind.HIT for each in commands)
    expect(
        kept or found,
        seen="the list was empty, a user was added behind the application, and the next GET showed the user",
        how="empty_not_stored",
        where=users.routes.list_where,
    )
