"""Activity 4, the challenge (core from 5 on for who does it): a single user, cached."""

from __future__ import annotations

from grader.experiments.cached_detail import expect_hit, expect_right
from grader.plan import PlannedCheck
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.login import log_in
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Redis
from grader.sandbox.observing.table import Row
from grader.spec import Way, check, expect, not_applicable


@check(
    "D1",
    title="A single user is right, cold and warm",
    needs=("B3",),
    means="The cache may make an answer quicker, never different.",
    try_="Compare what retrieve() returns the first time with what it returns from the cache.",
)
def check_a_user_is_right(environment: CheckEnvironment, users: Collection, redis: Redis) -> None:
    expect_right(environment, users, redis)


@check(
    "D2",
    title="The second GET of a user comes from Redis",
    needs=("D1",),
    means="A single user is read from the database every time, or kept where no other process sees it.",
    try_="Cache retrieve() as you cached list(), with a key for each user.",
    ways={
        "uncached": Way(
            "The second answer came from the database, not from a cache.",
            "Write retrieve() as you wrote list(): get and set use one key, with the user's number in it.",
        ),
        "not_in_redis": Way(
            "The answer is kept, but not in Redis: after every key was deleted the old answer still came.",
            "Keep it with django.core.cache, and in no variable of your own.",
        ),
    },
)
def check_a_second_detail_is_a_hit(
    environment: CheckEnvironment, users: Collection, redis: Redis, planned: PlannedCheck
) -> None:
    expect_hit(environment, users, redis, planned)


@check(
    "D3",
    title="Two users are never mixed",
    needs=("D2",),
    means="One key serves several users.",
    try_="Put what identifies the user into the key.",
)
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


@check(
    "D4",
    title="A user who is not there is 404, until created",
    needs=("D2",),
    means="Nobody has this number, so the right answer is 404: not found.",
    try_="Let get_object() or super().retrieve() look for the user, and let its 404 through.",
    ways={
        "remembered": Way(
            "The user was created, and the project went on answering 404 from its cache.",
            "Do not cache a 404, or delete its key when a user is created.",
        ),
    },
)
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


@check(
    "D5",
    title="No other spelling of a user's number stays old",
    needs=("D2",),
    means="/01/ and /1/ are one user and two keys; only one of them is cleared.",
    try_="Make the key from the number the database knows (instance.pk), not from the text in the URL.",
    ways={
        "alias": Way(
            "One user has several keys, one for each way to write the number. An update clears only one.",
            "Make the key from int(pk) or instance.pk, or let the URL take digits only.",
        ),
    },
)
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


@check(
    "D6",
    title="Who may not see a user may not see the cached one",
    needs=("D2",),
    means="The answer came from the cache before anybody asked whether this viewer may have it.",
    try_="Call get_object() (it checks the permission) before you return what the cache holds.",
)
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
