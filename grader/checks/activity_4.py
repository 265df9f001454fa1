"""Activity 4: the cached list. Is it right, is it really served from Redis, and does it expire?"""

from __future__ import annotations

from grader.experiments.cached_list import expect_expiry, expect_hit, expect_right
from grader.result import CachedView
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import DumpedKey, Redis
from grader.spec import check, expect, not_applicable


@check("L1", needs=("B3",))
def check_the_list_is_right_cold_and_warm(
    environment: CheckEnvironment, users: Collection, redis: Redis
) -> None:
    expect_right(environment, users, redis)


@check("L2", needs=("B3",), proves_cached=CachedView.USER_LIST)
def check_a_second_list_is_a_hit(environment: CheckEnvironment, users: Collection, redis: Redis) -> None:
    expect_hit(environment, users, redis)


@check("L3", needs=("L2",))
def check_the_cached_list_expires(users: Collection, redis: Redis) -> None:
    expect_expiry(users, redis)


def is_read_when_empty(users: Collection, database: Database, redis: Redis, before: list[DumpedKey]) -> bool:
    """Whether the empty list is read from one of the keys that were there `before` the list had its only row.

    A key that is made of the number of rows is another one once there is a row. So the row is deleted again,
    and its list is put under each key of the empty list: who reads the empty list from there shows the row.
    """
    (row,) = database.users.rows
    text, known = users.text(row), {(each.key.db, each.key.name) for each in before}
    new = [key for key in redis.keys() if (key.db, key.name) not in known]  # noqa: SIM118
    lists = [key for key in new if key.holds([text])] or new
    database.users.remove_all()
    for each in before:
        for filled in lists:
            redis.move(filled, each.key)
            shown = users.list().shows(text)
            redis.restore([each])
            if shown:
                return True
    return False


@check("L4", needs=("L2",))
def check_an_empty_list_is_a_hit(
    environment: CheckEnvironment, users: Collection, database: Database, redis: Redis
) -> None:
    if users.routes.login:
        not_applicable("whoever asks is in the list, so it is never empty")
    database.users.remove_all()
    empty = users.list()
    before = redis.dump()
    (row,) = database.users.insert(1)
    environment.timeline.note("inserted a user in the database, behind the application")
    warm = users.list()
    kept = not warm.shows(users.text(row)) and warm.json == empty.json
    expect(
        kept or is_read_when_empty(users, database, redis, before),
        seen="the list was empty, a user was added behind the application, and the next GET showed the user",
        how="empty_not_stored",
        where=users.routes.list_where,
    )
