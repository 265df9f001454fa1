"""Activity 4: the cached list. Is it right, is it really served from Redis, and does it expire?"""

from __future__ import annotations

from grader.experiments.cached_list import expect_expiry, expect_hit, expect_right
from grader.result import CachedView
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Redis
from grader.servers.traffic import ReplyKind
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


@check("L4", needs=("L2",))
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
