"""Activity 7: the command that fills the cache before the first reader comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.checks.activity_3_faults import JITTER, MANY, TTL
from grader.checks.activity_7_write_through import difference, is_cached
from grader.sandbox.check_environment import CheckEnvironment, CommandResult
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.redis import Redis
from grader.spec import check, expect, fail

USUAL = "warm_cache"


@check("U1", needs=("B3",))
def check_the_command_runs(
    environment: CheckEnvironment, database: Database, redis: Redis, options: Mapping[str, str]
) -> None:
    warm_up(environment, options, environment.another_worker())
    expect(redis.keys(), seen="after the command there is no key in Redis", how="nothing_stored")


@check("U2", needs=("U1", "L2"))
def check_the_first_reader_finds_all(
    environment: CheckEnvironment, users: Collection, database: Database, options: Mapping[str, str]
) -> None:
    row = database.users.rows[0]
    warm_up(environment, options, environment.another_worker())
    behind = database.users.change(row)
    environment.timeline.note(
        f"changed a user's {users.routes.visible} in the database, behind the application"
    )
    expect(
        not users.list().shows(behind),
        seen="after the command the first GET of the list asked the database",
        how="list",
        where=users.routes.list_where,
    )
    # L2 has shown that the list comes from Redis, and D2 says so of a user. So a hit is enough here.
    if users.detail(row).shows(behind):
        how = "detail" if is_cached(users, database, row) else "no_cached_detail"
        seen = f"after the command the first GET of {users.path(row)} asked the database"
        fail(seen, how, users.routes.detail_where)


@check("U3", needs=("U2",))
def check_the_answers_are_those_of_the_views(
    environment: CheckEnvironment,
    users: Collection,
    database: Database,
    redis: Redis,
    options: Mapping[str, str],
) -> None:
    warm_up(environment, options, environment.another_worker())
    rows = database.users.rows
    warm_list, warm = users.list(), [users.detail(row) for row in rows]
    redis.flush()
    environment.timeline.note("deleted every key in Redis")
    # The right answer is what another process of the same project says on an emptied cache.
    truth = users.through(environment.another_worker())
    cold_list = truth.list()
    expect(
        warm_list.json == cold_list.json,
        seen=f"the list that the command stored {_list_difference(warm_list, cold_list)}",
        how="list",
        where=users.routes.list_where,
    )
    for row, response in zip(rows, warm, strict=True):
        cold = truth.detail(row)
        seen = f"GET {users.path(row)} came {difference(response, cold)} after the command"
        expect(response.json == cold.json, seen, "detail", users.routes.detail_where)


@check("U6", needs=("U2",))
def check_it_can_be_run_twice(
    environment: CheckEnvironment,
    users: Collection,
    database: Database,
    redis: Redis,
    options: Mapping[str, str],
) -> None:
    worker = environment.another_worker()

    def names() -> set[str]:
        warm_up(environment, options, worker)
        stored = redis.keys()
        return {key.text for key in stored}

    def responses() -> list[Any]:
        asked = [users.list(), *(users.detail(row) for row in database.users.rows)]
        return [response.json for response in asked]

    names()  # a counter of hits may appear now: it is not the command's, and it is the same ever after
    once, twice = names(), names()
    differ = sorted(once ^ twice)
    expect(
        not differ,
        seen=f"after a run there were {len(once)} keys, and after the next {len(twice)}; one that differs is "
        + "".join(differ[:1]),
        how="keys",
    )
    after_two = responses()
    redis.flush()
    warm_up(environment, options, worker)
    expect(after_two == responses(), seen="after two runs an answer was not that of one run", how="bodies")


@check("U4", needs=("U1",), settings={"CACHE_TTL": TTL})
def check_cache_ttl_decides_for_the_command(
    environment: CheckEnvironment,
    users: Collection,
    database: Database,
    redis: Redis,
    options: Mapping[str, str],
) -> None:
    database.users.insert(MANY)  # so that no version or counter is as long as a list
    warm_up(environment, options, environment.worker)
    texts = [users.text(row) for row in database.users.rows]
    stored = redis.keys()
    data = [key for key in stored if key.holds(texts) or key.size >= 8 * len(texts)]
    for key in data:
        lives = "for ever" if key.ttl_ms is None else f"{key.ttl_ms / 1000:.0f} s"
        expect(
            key.ttl_ms is not None and key.ttl_ms <= TTL * 1000 * JITTER,
            seen=f"with CACHE_TTL = {TTL} the key {key.text} that the command wrote lives {lives}",
            how="other_number",
        )
    expect(data, seen="the command stored no user")


def warm_words(options: Mapping[str, str]) -> list[str]:
    """The words of the learner's command."""
    return options.get("warm_command", USUAL).split()


def warm_up(environment: CheckEnvironment, options: Mapping[str, str], worker: Worker) -> CommandResult:
    """Run the learner's command; what it said. Fails the check if there is none, or it ends in an error."""
    words = warm_words(options)
    ran = environment.command(*words, worker=worker)
    line = f"manage.py {' '.join(words)}"
    expect(ran.known, seen=f"{line}: there is no such command", how="absent")
    expect(ran.status == 0, f"{line} ended with status {ran.status}: {ran.last}", "failed", ran.where)
    return ran


def _list_difference(warm: Response, cold: Response) -> str:
    ours, theirs = warm.rows, cold.rows
    if ours is None or theirs is None:
        return "has another form than that of an empty cache"
    if len(ours) != len(theirs):
        return f"has {len(ours)} users, that of an empty cache {len(theirs)}"
    if sorted(map(str, ours)) == sorted(map(str, theirs)):
        return "has another order than that of an empty cache"
    return "has other fields or values than that of an empty cache"
