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
from grader.spec import Way, check, expect, fail

_NO_SIGNALS = """\
from django.db.models import signals
for signal in (signals.pre_save, signals.post_save, signals.pre_delete, signals.post_delete):
    signal.receivers = []
    signal.sender_receivers_cache.clear()"""


@check(
    "W1",
    title="After a PUT the next GET of the user is a hit, and fresh",
    needs=("L2",),
    means="A write that only clears makes the next reader wait for the database.",
    try_="In perform_update, after super().perform_update(serializer), store the user's new data.",
    ways={
        "no_cached_detail": Way(
            "Single users are not cached at all, so there is nothing that a write could bring up to date.",
            "Cache retrieve() first, as you cached list(), with the user's number in the key.",
        ),
        "not_a_hit": Way(
            "The PUT left nothing for the next reader of this user: it was read from the database again.",
            "After super().perform_update(serializer), cache.set() the user's data under retrieve()'s key. "
            "Nothing may clear that key afterwards: no line below, and no receiver.",
        ),
        "stale": Way(
            "What the PUT stored, or left in place, is the user as it was before.",
            "Write first: super().perform_update(serializer), and only then make the data and store it.",
        ),
        "not_in_redis": Way(
            "The new answer is kept, but not in Redis: after every key was deleted it still came.",
            "Store it with django.core.cache.",
        ),
    },
)
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


@check(
    "W2",
    title="The write brings the list up to date too, without help",
    needs=("W1",),
    means="The new perform_update took the place of the old one, which had cleared the list. Only a signal "
    "saves you now, and the next write without one (a bulk update, a test that mutes it) will not be saved.",
    try_="In perform_update, beside storing the user, delete the list's key or store the list anew.",
    ways={
        "list": Way(
            "The user was stored and the list forgotten: one write, and two answers that contradict each "
            "other.",
            "Delete the list's key in perform_update as well, after the write.",
        ),
    },
)
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


@check(
    "W3",
    title="What a write stores has the shape of a cold answer",
    needs=("W1",),
    means="A reader gets one shape after a write and another shape otherwise.",
    try_="Store what retrieve() would answer: self.get_serializer(serializer.instance).data",
    ways={
        "shape": Way(
            "What the write stored is not what retrieve() answers on an empty cache: other fields or values.",
            "Make the data in one place, for the view and for the write: the serializer of the view, from "
            "the instance. Neither request.data nor validated_data has every field.",
        ),
    },
)
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


@check(
    "W4",
    title="What a write stores expires",
    needs=("W1",),
    means="A value without an expiry outlives every mistake: one write that is missed and it is old for "
    "ever.",
    try_="Give cache.set() its timeout: timeout=settings.CACHE_TTL.",
    ways={
        "no_expiry": Way(
            "The key that the PUT wrote holds the user and never expires.",
            "Give cache.set() in perform_update a timeout: timeout=settings.CACHE_TTL.",
        ),
    },
)
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
