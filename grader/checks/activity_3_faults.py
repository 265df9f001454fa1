"""Activity 3, the challenge: one number for every timeout, and a project that lives without its Redis."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from grader.experiments.soft_assertions import SoftAssertions
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.errors import NoResponse
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.redis import Redis
from grader.spec import CheckFailed, check, expect, fail, not_applicable

Written = TypeVar("Written")

TTL = 77
JITTER = 1.1
MANY = 40
PATIENCE = 2.0
"""Seconds a reader may wait for a cache that says nothing."""

LOG_SECONDS = 1.0
"""Seconds that what was logged may take to arrive here, after the answer."""


@check("F4", needs=("F1",), settings={"CACHE_TTL": TTL})
def check_cache_ttl_decides(users: Collection, database: Database, redis: Redis) -> None:
    database.users.insert(MANY)  # so that no version or counter is as long as a list
    users.list()
    if users.routes.detail:
        users.detail(database.users.rows[0])
    texts = [users.text(row) for row in database.users.rows]
    stored = redis.keys()
    keys = [key for key in stored if key.holds(texts) or key.size >= 8 * len(texts)]
    if not keys:
        not_applicable("no view stores anything in the cache yet")
    for key in keys:
        lives = "for ever" if key.ttl_ms is None else f"{key.ttl_ms / 1000:.0f} s"
        expect(
            key.ttl_ms is not None and key.ttl_ms <= TTL * 1000 * JITTER,
            seen=f"with CACHE_TTL = {TTL} the key {key.text} lives {lives}",
            how="other_number",
        )


@check("F5", needs=("F1",))
def check_redis_down(
    environment: CheckEnvironment, cached_collections: list[Collection], soft_assertions: SoftAssertions
) -> None:
    for rows in cached_collections:
        with soft_assertions.group(rows):
            environment.proxy.restore()
            expect_alive(environment, rows)
    soft_assertions.raise_first()


def expect_alive(environment: CheckEnvironment, rows: Collection) -> None:
    """With Redis down the list is read, and a row made, changed and deleted."""
    truth = answer_through_redis(environment, rows)
    first, second, third, *_ = rows.table.rows
    refuse(environment)
    path = rows.routes.list
    down = rows.api.get(path)
    expect(down.status == 200, seen=told("GET", path, down), how="read_fails", where=down.where)
    expect(down.json == truth.json, seen=f"GET {path} was not the same as before", how="wrong_answer")

    before = rows.table.count()
    text = write(rows.create)
    expect(
        rows.table.count() == before + 1 and rows.list().shows(text),
        seen=f"a POST left {rows.table.count() - before} new rows in the database",
        how="write_fails",
    )
    text = write(lambda: rows.put(first))
    expect(rows.list().shows(text), seen="a PUT was not in the list after it", how="wrong_answer")
    write(lambda: rows.delete(second))
    expect(
        not rows.list().shows(rows.text(second)),
        seen=f"a deleted {rows.noun} was still listed",
        how="wrong_answer",
    )
    expect(rows.list().shows(rows.text(third)), seen=f"a {rows.noun} went missing", how="wrong_answer")


@check("F6", needs=("F1",))
def check_redis_hung(environment: CheckEnvironment, users: Collection) -> None:
    truth = answer_through_redis(environment, users)
    environment.proxy.hang()
    environment.timeline.note("Redis hangs: it accepts and never answers")
    began = time.monotonic()
    try:
        response = users.api.request("GET", users.routes.list, timeout=4 * PATIENCE)
    except NoResponse:
        fail(f"GET {users.routes.list} had no answer after {4 * PATIENCE:.0f} s", "too_slow")
    took = time.monotonic() - began
    expect(
        response.status == 200,
        seen=told("GET", users.routes.list, response),
        how="read_fails",
        where=response.where,
    )
    expect(response.json == truth.json, seen="the list was not the same as before", how="read_fails")
    expect(took <= PATIENCE, seen=f"GET {users.routes.list} took {took:.1f} s", how="too_slow")


@check("F7", needs=("F1",))
def check_aliases_are_isolated(environment: CheckEnvironment, redis: Redis) -> None:
    others = [name for name in environment.project.report()["caches"] if name != "default"]
    for name in others:
        environment.run(
            f"from django.core.cache import caches\ncaches[{name!r}].set('workshop-other', 'here', 60)"
        )
        if not redis.keys():
            continue  # an alias that does not live in Redis
        environment.run("from django.core.cache import caches\ncaches['default'].clear()")
        expect(redis.keys(), seen=f"caches['default'].clear() emptied {name!r} as well", how="shared")
        return
    not_applicable("there is only one cache in Redis")


@check("F8", needs=("F5",))
def check_an_outage_is_logged(environment: CheckEnvironment, users: Collection) -> None:
    users.list()
    before, written = len(environment.worker.log()), environment.bytes_written()
    refuse(environment)
    users.list()
    deadline = time.monotonic() + LOG_SECONDS
    while not (said := environment.worker.log()[before:].strip()) and time.monotonic() < deadline:
        if environment.bytes_written() > written:  # a log in a file of the project's own
            break
        threading.Event().wait(0.02)
    expect(
        said or environment.bytes_written() > written,
        seen="Redis was down, a GET was answered, and the log did not say a word",
    )


def answer_through_redis(environment: CheckEnvironment, users: Collection) -> Response:
    """The list. Skips the check if no Redis was asked for it: then there is nothing that could fail."""
    mark = environment.proxy.mark()
    response = users.list()
    if not environment.proxy.since(mark):
        not_applicable("no view uses the cache yet")
    return response


def refuse(environment: CheckEnvironment) -> None:
    """Take the private server away."""
    environment.proxy.refuse()
    environment.timeline.note("Redis goes down: connections are refused")


def told(method: str, path: str, response: Response) -> str:
    """What was seen of an answer that should have been 200."""
    error = f": {response.error['type']}" if response.error.get("type") else ""
    return f"{method} {path} answered {response.status}{error}"


def write(deed: Callable[[], Written]) -> Written:
    """Do a write that must not fail while Redis is down."""
    try:
        return deed()
    except CheckFailed as error:
        raise CheckFailed(error.seen, "write_fails", error.where) from error
