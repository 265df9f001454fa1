"""Activity 3: the cache settings. Does a value go to Redis, by one address, and not for ever?"""

from __future__ import annotations

import secrets

from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.api import Api
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Redis
from grader.spec import check, expect, fail

DAY_MS = 24 * 60 * 60 * 1000


def set_in_shell(name: str, value: str, timeout: int | None = None) -> str:
    """What a learner would type in `manage.py shell`; usually without a timeout (in seconds)."""
    given = f", {timeout}" if timeout else ""
    return f"from django.core.cache import cache\ncache.set({name!r}, {value!r}{given})"


def get_in_shell(name: str) -> str:
    """The other half, from another shell."""
    return f"from django.core.cache import cache\nvalue = cache.get({name!r})"


@check("F1", needs=("B3",))
def check_a_value_is_in_redis_and_read_by_another_process(
    environment: CheckEnvironment, redis: Redis
) -> None:
    nonce = "workshop-" + secrets.token_hex(4)
    environment.run(set_in_shell(nonce, "Muraho"))
    if not redis.keys():
        environment.run(set_in_shell(nonce, "Muraho", 60))
        seen = "after cache.set() there was no key on the server"
        expect(not redis.keys(), seen=f"{seen}, until it was given a timeout", how="kept_for_0_seconds")
        fail(seen, how="process_memory")

    second = environment.another_worker()
    mark = environment.proxy.mark()
    read = environment.run(get_in_shell(nonce), second)
    found = any(exchange.reply_kind == "hit" for exchange in environment.proxy.since(mark))
    expect(
        found and read == "Muraho", seen="a second process asked for it and did not find it", how="not_shared"
    )


@check("F2", needs=("F1",), about_cache=False)
def check_all_cache_traffic_follows_the_settings(
    environment: CheckEnvironment, users: Collection, api: Api
) -> None:
    for path in plain_routes(environment):
        api.get(path)
    mark = environment.proxy.mark()
    environment.run(set_in_shell("workshop-moved", "yes"))
    expect(environment.proxy.since(mark), seen="cache.set() did not reach the server that CACHES names")
    other = environment.refused()
    expect(not other, seen=f"the project dialled {', '.join(other)}", how="second_address")


@check("F3", needs=("F1",))
def check_a_value_without_a_timeout_expires(
    environment: CheckEnvironment, users: Collection, database: Database, redis: Redis
) -> None:
    environment.run(set_in_shell("workshop-plain", "Muraho"))
    keys = redis.keys()
    expect(keys, seen="a value that was stored without a timeout was not kept at all")
    ttl = keys[0].ttl_ms
    if ttl is not None and ttl <= DAY_MS:
        return
    lasts = "has no expiry" if ttl is None else f"expires after {ttl // 3_600_000} hours"

    redis.flush()
    users.list()
    if users.routes.detail:
        users.detail(database.users.rows[0])
    written = redis.keys()
    endless = [key.text for key in written if key.ttl_ms is None]
    expect(
        written and not endless,
        seen=f"a value stored without a timeout {lasts}"
        + (f", and {endless[0]} has none" if endless else ""),
        how="for_ever",
    )


def plain_routes(environment: CheckEnvironment) -> list[str]:
    """The URLs of the project that need no argument."""
    return [str(route["path"]) for route in environment.project.report()["routes"] if not route["names"]][:50]
