"""Activity 4, the challenge (core from 5 on for who does it): a single user, cached."""

from __future__ import annotations

from grader.experiments.cached_detail import expect_hit, expect_right
from grader.plan import PlannedCheck
from grader.result import CachedView
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.login import log_in
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Redis
from grader.sandbox.observing.table import Row
from grader.spec import check, expect, not_applicable


@check("D1", needs=("B3",))
def check_a_user_is_right(environment: CheckEnvironment, users: Collection, redis: Redis) -> None:
    expect_right(environment, users, redis)


@check("D2", needs=("D1",), proves_cached=CachedView.USER_DETAIL)
def check_a_second_detail_is_a_hit(
    environment: CheckEnvironment, users: Collection, redis: Redis, planned: PlannedCheck
) -> None:
    expect_hit(environment, users, redis, planned)


@check("D3", needs=("D2",))
def check_two_users_are_not_mixed(users: Collection, database: Database) -> None:
    for _ in ("cold", "warm"):
        for row in database.users.rows:
            response = users.detail(row)
            strangers = [other for other in database.users.rows if other != row]
            mixed = any(response.shows(users.text(other)) for other in strangers) or not response.shows(
                users.text(row)
            )
            expect(
                not mixed,
                seen=f"GET {users.path(row)} answered with another user",
                where=users.routes.detail_where,
            )


@check("D4", needs=("D2",))
def check_a_missing_user_is_404_until_created(users: Collection, database: Database) -> None:
    if users.routes.lookup or not all(isinstance(key, int) for key in database.users.keys()):  # noqa: SIM118
        not_applicable("the next user's URL cannot be foretold")
    coming = Row(max(database.users.keys()) + 1, {})
    path = users.path(coming)
    for time in ("first", "second"):
        response = users.api.get(path)
        expect(
            response.status == 404,
            seen=f"there is no such user, and the {time} GET {path} answered {response.status}",
            where=response.where,
        )
    text = users.create()
    response = users.api.get(path)
    expect(
        response.status == 200 and response.shows(text),
        seen=f"after the user was created, GET {path} answered {response.status}",
        how="remembered",
        where=users.routes.detail_where,
    )


@check("D5", needs=("D2",))
def check_no_alias_stays_old(users: Collection, database: Database, redis: Redis) -> None:
    row = database.users.rows[0]
    if users.routes.lookup or not isinstance(row.key, int):
        not_applicable("users are not found by a number")
    paths = [
        users.routes.detail % {"key": spelling}
        for spelling in (f"0{row.key}", f"+{row.key}", f"%20{row.key}")
    ]
    shown = [path for path in paths if users.api.get(path).shows(users.text(row))]
    if not shown:
        expect(True, seen="every other spelling is 404")
        return
    text = users.patch(row)
    if users.detail(row).shows(text):
        for path in shown:
            response = users.api.get(path)
            seen = f"after a PATCH of {users.path(row)}, GET {path} still gave the old name"
            expect(response.status == 404 or response.shows(text), seen, "alias", users.routes.detail_where)
        return
    # Nothing is cleared yet (that is Activity 5). Then an alias must at least share the user's key.
    for path in shown:
        redis.flush()
        users.detail(row)
        # From the database, and then not: from a key that is not the user's. Not cached at all is right.
        texts = (database.users.change(row) for _ in "12")
        first, again = (users.api.get(path).shows(text) for text in texts)
        seen = (
            f"GET {users.path(row)} was cached, and GET {path} went to the database: it has a key of its own"
        )
        expect(again or not first, seen, "alias", users.routes.detail_where)


@check("D6", needs=("D2",))
def check_an_object_permission_holds_when_warm(
    hidden_users: None, environment: CheckEnvironment, users: Collection, database: Database, redis: Redis
) -> None:
    owner, stranger, *_ = database.users.rows
    path = users.path(owner)
    cold = users.api.with_headers(log_in(environment.worker, stranger.key)).get(path)
    if cold.status not in (401, 403, 404):
        not_applicable("every user may see every other")
    redis.flush()
    for headers in (log_in(environment.worker, owner.key), log_in(environment.worker)):
        users.api.with_headers(headers).get(path)
    warm = users.api.with_headers(log_in(environment.worker, stranger.key)).get(path)
    expect(
        warm.status == cold.status,
        seen=f"a stranger's GET {path} answered {cold.status}, and {warm.status} once the owner had read it",
        where=users.routes.detail_where,
    )
