"""Activity 7: a write brings the cache up to date, instead of emptying it."""

from __future__ import annotations

from collections.abc import Iterable

from grader.experiments.freshness import expect_shown, soon
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.redis import Redis
from grader.sandbox.observing.table import Row
from grader.spec import check, expect, fail

_NO_SIGNALS = """\
from django.db.models import signals
for signal in (signals.pre_save, signals.post_save, signals.pre_delete, signals.post_delete):
    signal.receivers = []
    signal.sender_receivers_cache.clear()"""


@check("W1", needs=("L2",))
def check_a_put_is_written_through(
    users: Collection, database: Database, environment: CheckEnvironment, redis: Redis
) -> None:
    row, other, *_ = database.users.rows
    expect(
        is_cached(users, database, other),
        seen=f"two GETs of {users.path(other)} in a row both went to the database",
        how="no_cached_detail",
        where=users.routes.detail_where,
    )
    environment.timeline.restart()
    text = put_and_stored(users, row, redis)
    behind = database.users.change(row)
    environment.timeline.note(
        f"changed the user's {users.routes.visible} in the database, behind the application"
    )
    response = users.detail(row)
    if response.shows(behind):
        fail(f"after a PUT, GET {users.path(row)} had to ask the database", "not_a_hit")
    expect(response.shows(text), f"after a PUT, GET {users.path(row)} gave the old text", "stale")
    redis.delete(redis.keys())
    environment.timeline.note("deleted every key in Redis")
    expect(
        users.detail(row).shows(behind),
        seen=f"every key in Redis was deleted, and GET {users.path(row)} still gave what the PUT had stored",
        how="not_in_redis",
    )


@check("W2", needs=("W1",))
def check_the_list_is_fresh_without_signals(
    warm: Collection, database: Database, environment: CheckEnvironment
) -> None:
    row = database.users.rows[0]
    environment.run(_NO_SIGNALS, says="all receivers of signals are taken away")
    text = warm.put(row)
    if not soon(lambda: warm.detail(row).shows(text)):
        # The project writes through in a receiver: then it is the receiver that must not forget the list.
        environment.timeline.restart()
        other = warm.through(environment.another_worker())
        expect_shown(other, other.put(row), row, after="a PUT")
        return
    fresh = soon(lambda: warm.list().shows(text))
    expect(
        fresh,
        seen="with signals switched off, after a PUT the user is new and the list is old",
        how="list",
    )


@check("W3", needs=("W1",))
def check_the_shape_is_that_of_a_cold_answer(
    users: Collection, database: Database, environment: CheckEnvironment, redis: Redis
) -> None:
    first, second, *_ = database.users.rows
    for row, write in ((first, users.put), (second, users.patch)):
        name = write.__name__.upper()
        environment.timeline.restart()
        users.detail(row)
        write(row)
        warm = users.detail(row)
        redis.flush()
        environment.timeline.note("deleted every key in Redis")
        cold = users.through(environment.another_worker()).detail(row)
        expect(
            warm.json == cold.json,
            seen=f"after a {name}, GET {users.path(row)} came {difference(warm, cold)}",
            how="shape",
        )


@check("W4", needs=("W1",))
def check_what_is_written_expires(users: Collection, database: Database, redis: Redis) -> None:
    text = put_and_stored(users, database.users.rows[0], redis)
    stored = redis.keys()
    # A key that holds the new text was written by the PUT. If none can be read, any may be it.
    written = [key for key in stored if key.holds([text])] or stored
    endless = [key.text for key in written if key.ttl_ms is None and key.holds([text])]
    expect(
        not endless and any(key.ttl_ms is not None for key in written),
        seen=f"the key {endless[0] + ' ' if endless else ''}that the PUT wrote has no expiry",
        how="no_expiry",
    )


def is_cached(users: Collection, database: Database, row: Row) -> bool:
    """Whether a second GET of the user comes from a cache. The row is another one afterwards."""
    users.detail(row)
    text = database.users.change(row)
    return not users.detail(row).shows(text)


def put_and_stored(users: Collection, row: Row, redis: Redis) -> str:
    """PUT the user, and give a worker in the background time to store it; the new text."""
    text = users.put(row)
    soon(lambda: bool(redis.holding([text])))
    return text


def difference(warm: Response, cold: Response) -> str:
    """How one answer differs from another, in a few words: `without 'phone_number'`."""
    ours, theirs = warm.json, cold.json
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return "in another form than from an empty cache"
    without, more = theirs.keys() - ours.keys(), ours.keys() - theirs.keys()
    other = [name for name in ours if name in theirs and ours[name] != theirs[name]]
    parts = [f"without {_frozen(without)}"] * bool(without) + [f"with {_frozen(more)} as well"] * bool(more)
    return " and ".join(parts) or f"with another {_frozen(other)}"


def _frozen(names: Iterable[str]) -> str:
    found = [f"'{name[:40]}'" for name in sorted(names)]
    return ", ".join(found[:3]) + ", …" * (len(found) > 3)
