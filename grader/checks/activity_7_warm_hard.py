"""Activity 7, the challenge: to warm the cache of many users, beside a writer, or without a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait

from grader.checks.activity_3_faults import refuse
from grader.checks.activity_7_warm import warm_up, warm_words
from grader.experiments.freshness import soon
from grader.experiments.race import nth_command, store_late
from grader.sandbox.check_environment import CheckEnvironment, CommandResult
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Redis
from grader.servers.traffic import round_trips
from grader.spec import check, expect

FEW, SOME, MANY = 3, 43, 5_000
LATE = 0.02
"""Seconds by which each reply is late while round trips are counted."""

COMMANDS = 10
"""Redis commands before which a write is sent in, each in runs of its own."""


@check("U5", needs=("U1",))
def check_many_users(
    environment: CheckEnvironment, database: Database, redis: Redis, options: Mapping[str, str]
) -> None:
    worker = environment.another_worker()

    def cost() -> tuple[int, int]:
        mark = environment.proxy.mark()
        ran = warm_up(environment, options, worker)
        return ran.sql, round_trips(environment.proxy.since(mark))

    few = cost()
    database.users.insert(SOME - FEW)
    environment.timeline.restart()
    some = cost()
    # With one for each user there is no need to wait for 5,000 of them.
    for how, name, one, other in zip(
        ("queries", "round_trips"), ("queries", "round trips"), few, some, strict=True
    ):
        each = (other - one) / (SOME - FEW)
        expect(
            each < 0.5,
            seen=f"{FEW} users took {one} {name}, and {SOME} users {other}: for {MANY:,} it would be about "
            f"{one + each * (MANY - FEW):,.0f}",
            how=how,
        )
    database.users.insert(MANY - SOME)
    redis.flush()
    limit = MANY // 100 + 10
    ran, trips = counted(environment, lambda: warm_up(environment, options, worker), limit)
    expect(ran.sql <= few[0] + limit, f"{MANY:,} users took {ran.sql} queries", "queries")
    expect(trips <= limit, f"{MANY:,} users took more than {limit} round trips", "round_trips")


def counted(
    environment: CheckEnvironment, deed: Callable[[], CommandResult], limit: int
) -> tuple[CommandResult, int]:
    """Do `deed` while Redis answers late, so that each wait for it shows; how many there were.

    Beyond `limit` waits, whose number then says no more, Redis is quick again.
    """
    proxy = environment.proxy
    mark = proxy.mark()
    proxy.slow(LATE)
    try:
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(deed)
            trips = 0
            while trips <= limit and wait([running], timeout=10 * LATE).not_done:
                trips = round_trips(proxy.since(mark), LATE)
            trips = round_trips(proxy.since(mark), LATE)
            proxy.restore()
            return running.result(), trips
    finally:
        proxy.restore()


@check("U8", needs=("U1",))
def check_redis_is_down(
    environment: CheckEnvironment, database: Database, options: Mapping[str, str]
) -> None:
    database.users.remove_all()
    database.users.insert(1)  # some clients try each command several times: one user is enough to see it
    worker = environment.another_worker()
    refuse(environment)
    words = warm_words(options)
    before = len(worker.log())
    ran = environment.command(*words, worker=worker)
    said = ran.output.strip() or worker.log()[before:].strip()
    line = f"manage.py {' '.join(words)}"
    expect(
        ran.status != 0,
        seen=f"with Redis down {line} ended with status 0" + f": {ran.last}" * bool(ran.last),
        how="success",
    )
    expect(said, seen=f"with Redis down {line} ended with status {ran.status} and said nothing", how="silent")


@check("U7", needs=("U2",))
def check_a_write_in_between_is_not_undone(
    environment: CheckEnvironment,
    users: Collection,
    database: Database,
    redis: Redis,
    options: Mapping[str, str],
) -> None:
    row, *others = database.users.rows
    worker, writer, words = environment.another_worker(), users.called("writer"), warm_words(options)
    path, texts = users.path(row), [users.text(other) for other in others]
    (name,), text = users.patch_of(row)

    def patch() -> None:
        nonlocal text
        text = database.users.new_tokens()[users.routes.visible]
        users.expect(writer.api.request("PATCH", path, {name: text}), "PATCH", path)
        environment.timeline.note("now the command goes on")

    warm_up(environment, options, worker)  # so that whatever a version is kept in is there, and stays there
    for nth in range(1, COMMANDS + 1):
        stored = redis.keys()  # a command may store only what is missing
        redis.delete([key for key in stored if key.holds([text, *texts])])
        environment.timeline.restart()
        environment.timeline.note("the command is stopped on its way until a write is done")
        # How it ends is of no matter: a command that is kept back for too long may well give up.
        if not store_late(
            environment.proxy, lambda: environment.command(*words, worker=worker), patch, nth_command(nth)
        ):
            break
        seen = "the command stored a user as they were before the PATCH, and GET {} shows them so"
        expect(soon(lambda: users.list().shows(text)), seen.format(users.routes.list), "list")
        expect(soon(lambda: users.detail(row).shows(text)), seen.format(path), "detail")
