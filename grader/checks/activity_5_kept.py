"""Activity 5, the challenge: what a write must not clear, must not miss, and must never store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from grader.experiments import orm_writes
from grader.experiments.freshness import soon
from grader.experiments.soft_assertions import SoftAssertions
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.errors import NoResponse, SandboxError
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.login import log_in
from grader.sandbox.exploring.query_variants import responses_by_query
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Redis
from grader.spec import check, expect, fail, not_applicable

BOUND = 60.0
"""Seconds for which an answer may be old after an outage."""

HUNG = 4.0
"""Seconds that a write may take while Redis hangs."""


@check("I13", needs=("L2",))
def check_a_refused_write_clears_nothing(warm: Collection, database: Database) -> None:
    response = warm.api.request("POST", warm.routes.list, {})
    if response.status != 400:
        not_applicable(f"an empty POST is not refused with 400 but answered {response.status}")
    text = database.users.change(database.users.rows[0])
    expect(
        not warm.list().shows(text), seen="after a POST that was refused, the list was read from the database"
    )


def names(redis: Redis) -> set[bytes]:
    """The names of all keys."""
    stored = redis.keys()
    return {key.name for key in stored}


@check("I14", needs=("L2",))
def check_an_update_is_surgical(
    environment: CheckEnvironment, warm: Collection, database: Database, redis: Redis
) -> None:
    first, second, *_ = database.users.rows
    before = names(redis)
    log_in(environment.worker)
    sessions = names(redis) - before
    warm.list()
    warm.detail(second)
    old = database.users.change(second)
    cached = not warm.detail(second).shows(old)
    theirs = (":1:other_app_user_7", "other-app:1")
    for name in theirs:
        redis.plant(redis.keys()[0], name)
    warm.patch(first)
    left = names(redis)
    lost = [name for name in theirs if name.encode() not in left]
    expect(
        not lost,
        seen=f"after one PATCH the key {lost[0] if lost else ''} of another application is gone",
        how="flushed",
    )
    expect(sessions <= left, seen="after one PATCH a session in the cache is gone", how="logged_out")
    if cached:
        expect(
            not warm.detail(second).shows(old),
            seen=f"after a PATCH of {warm.path(first)}, GET {warm.path(second)} was a miss",
            how="neighbour",
        )


@check("I15", needs=("L2",))
def check_every_page_is_fresh(
    different_lists: None, users: Collection, database: Database, redis: Redis
) -> None:
    present = responses_by_query(users, redis)
    if not present:
        not_applicable("the list has no pages, filters or orders")
    for question in present:
        users.list(question)
    users.patch(database.users.rows[0])
    users.delete(database.users.rows[3])
    after = {question: users.list(question).json for question in present}
    redis.flush()
    for question, response in after.items():
        expect(
            response == users.list(question).json,
            seen=f"after a write, GET {users.routes.list}{question} is still old",
        )


@check("I16", needs=("L2",))
def check_bulk_writes_show(
    environment: CheckEnvironment, warm: Collection, database: Database, options: Mapping[str, str]
) -> None:
    other = environment.shell_worker()
    table = database.users
    first, second, third = table.rows
    fresh = table.new_tokens()
    visible = warm.routes.visible
    updated, renamed = table.new_tokens()[visible], table.new_tokens()[visible]
    deeds = (
        ("update()", orm_writes.update(table, first, updated), updated),
        ("bulk_update()", orm_writes.bulk_update(table, second, renamed), renamed),
        ("bulk_create()", orm_writes.bulk_create(table, third, fresh), fresh[visible]),
    )
    for name, code, text in deeds:
        environment.timeline.restart()
        warm.list()
        environment.run(code, other, f"a QuerySet's {name}")
        shown = partial(lambda text: warm.list().shows(text), text)
        if not soon(shown) and (command := options.get("reconcile_command")):
            ran = environment.command(*command.split(), worker=other)
            expect(ran.status == 0, f"manage.py {command} ended with status {ran.status}: {ran.last}")
        expect(shown(), seen=f"after {name}, the list is still the old one")


@check("I18", needs=("L2",))
def check_a_write_during_an_outage(
    environment: CheckEnvironment,
    cached_collections: list[Collection],
    redis: Redis,
    soft_assertions: SoftAssertions,
) -> None:
    proxy = environment.proxy
    # The users meet a server that is down, the passengers one that hangs; both come back with all they held.
    outages = [("goes down", proxy.refuse), ("hangs: it accepts and never answers", proxy.hang)]
    for rows, (what, begin) in zip(cached_collections, outages, strict=False):
        with soft_assertions.group(rows):
            expect_told_afterwards(environment, rows, redis, what, begin)
    soft_assertions.raise_first()


def expect_told_afterwards(
    environment: CheckEnvironment, rows: Collection, redis: Redis, what: str, begin: Callable[[], None]
) -> None:
    """A write while Redis is away is seen soon after it is back."""
    row = rows.table.rows[0]
    body, text = rows.patch_of(row)
    begin()
    environment.timeline.note(f"Redis {what}")
    try:
        rows.api.request("PATCH", rows.path(row), body, timeout=HUNG)
    except NoResponse:
        fail(f"while Redis hung, a PATCH had no answer after {HUNG:.0f} s", "hung")
    finally:
        environment.proxy.restore()
    environment.timeline.note("Redis is back, with all it held")
    if rows.table.get(row) != text:
        fail("the PATCH did not reach the database while Redis was away")
    if not rows.list().shows(text):
        redis.age(BOUND)
        environment.timeline.note(f"{BOUND:.0f} seconds pass")
    expect(
        rows.list().shows(text), seen=f"{BOUND:.0f} s after Redis came back the list was still the old one"
    )


@check("I19", needs=("L2",))
def check_a_login_clears_nothing(environment: CheckEnvironment, warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    try:
        lasts = environment.run(
            orm_writes.login(database.users, row), environment.shell_worker(), "login(request, user)"
        )
    except SandboxError as errors:
        if "UpdateError" in errors.seen:  # so Django says that the session it saves was deleted meanwhile
            fail("the session was deleted while the login was saving it", "logged_out")
        raise
    expect(lasts is True, seen="after a login the session was not there", how="logged_out")
    text = database.users.change(row)
    expect(not warm.list().shows(text), seen="after a login the list was a miss", how="cleared")


@check("Z2", needs=("L2",), about_cache=False)
def check_no_password_hash_is_stored(users: Collection, database: Database, redis: Redis) -> None:
    secret = "md5$salt$" + database.users.new_tokens()[users.routes.visible]
    for row in database.users.rows:
        database.users.set(row, "password", secret)
    users.list()
    if users.routes.detail:
        users.detail(database.users.rows[0])
    stored = redis.keys()
    holding = [key.text for key in stored if key.holds([secret])]
    expect(not holding, seen=f"the value of {holding[0] if holding else ''} holds a password hash")
