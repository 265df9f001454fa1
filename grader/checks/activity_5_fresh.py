"""Activity 5: whoever changes a user, and however, the next reader sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

import pytest

from grader.checks.activity_4_questions import fill_pages, questions
from grader.spec import Way, check, expect, fail, not_applicable
from grader.stand import shell
from grader.stand.admin import Admin
from grader.stand.collection import Collection
from grader.stand.database import Database, Row
from grader.stand.host import log_in
from grader.stand.redis import Redis
from grader.stand.stand import Stand
from grader.stand.trouble import StandTrouble

SOON = 1.0
"""Seconds within which an invalidation by a worker in the background counts as done."""

BOUND = 60.0
"""Seconds for which an answer may be old after an outage."""

STALE_LIST = Way(
    "The list is still the one from before the write. Nothing cleared it, or something else was cleared.",
    "Delete the very key that list() reads, after the write.",
)
STALE_DETAIL = Way(
    "The single user is still the one from before the write.",
    "Clear the user's own key as well as the list's.",
)
ZOMBIE = Way(
    "The user is deleted, and still answered from the cache as if alive.",
    "Note the number before the delete (afterwards instance.pk is None), and clear both keys.",
)
WAYS: Mapping[str, Way] = {"list": STALE_LIST, "detail": STALE_DETAIL, "zombie": ZOMBIE}
MEANS = "Readers are told something that is no longer true, for as long as the cache keeps it."


@pytest.fixture
def warm(users: Collection, database: Database) -> Collection:
    """The users, with the list and every single user in the cache, if the project caches them."""
    users.list()
    if users.routes.detail:
        for row in database.users.rows:
            users.detail(row)
    return users


def expect_shown(users: Collection, text: str, old: Row | None = None, after: str = "the write") -> None:
    """The list shows `text`, and so does the detail of `old`, which had another text before."""
    seen = soon(lambda: users.list().shows(text) and not (old and users.list().shows(users.text(old))))
    expect(
        seen, seen=f"after {after} the list is still the old one", how="list", where=users.routes.list_where
    )
    if old and users.routes.detail:
        expect(
            soon(lambda: users.detail(old).shows(text)),
            seen=f"after {after} GET {users.path(old)} still gives the old text",
            how="detail",
            where=users.routes.detail_where,
        )


def expect_gone(users: Collection, row: Row, after: str) -> None:
    """Neither list nor detail knows `row` any more."""
    gone = soon(lambda: not users.list().shows(users.text(row)))
    expect(
        gone, seen=f"after {after} the user is still in the list", how="list", where=users.routes.list_where
    )
    if users.routes.detail:
        expect_404(users, row, after)


def expect_404(users: Collection, row: Row, after: str) -> None:
    """The detail of `row` is gone."""
    gone = soon(lambda: users.api.get(users.path(row)).status == 404)
    seen = f"after {after} GET {users.path(row)} still answers {users.api.get(users.path(row)).status}"
    expect(gone, seen=seen, how="zombie", where=users.routes.detail_where)


def soon(true: Callable[[], bool]) -> bool:
    """Whether `true` holds now, or within a second: a project may clear its cache in the background."""
    deadline = time.monotonic() + SOON
    while not true():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.05)
    return True


@check(
    "I1",
    title="A user made by POST is in the list",
    needs=("L2",),
    means=MEANS,
    try_="Clear the list's key in perform_create.",
    ways=WAYS,
)
def check_fresh_after_post(warm: Collection) -> None:
    expect_shown(warm, warm.create(), after="a POST")


@check(
    "I2",
    title="A PUT shows at once",
    needs=("L2",),
    means=MEANS,
    try_="Clear the list's key and the user's key in perform_update.",
    ways=WAYS,
)
def check_fresh_after_put(warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    expect_shown(warm, warm.put(row), row, after="a PUT")


@check(
    "I3",
    title="A PATCH shows at once",
    needs=("L2",),
    means=MEANS,
    try_="perform_update serves PUT and PATCH both; an overridden update() may serve only one.",
    ways=WAYS,
)
def check_fresh_after_patch(warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    expect_shown(warm, warm.patch(row), row, after="a PATCH")


@check(
    "I4",
    title="A deleted user leaves the list",
    needs=("L2",),
    means=MEANS,
    try_="Clear the list's key in perform_destroy as well.",
    ways=WAYS,
)
def check_gone_from_the_list(warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    warm.delete(row)
    gone = soon(lambda: not warm.list().shows(warm.text(row)))
    expect(
        gone, seen="after a DELETE the user is still in the list", how="list", where=warm.routes.list_where
    )


@check(
    "I5",
    title="A deleted user is 404",
    needs=("L2",),
    means="A deleted user who can still be read is worse than an old one: somebody asked to be forgotten.",
    try_="Clear the user's own key in perform_destroy; note the number before the delete.",
    ways=WAYS,
)
def check_a_deleted_user_is_404(warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    warm.delete(row)
    expect_404(warm, row, "a DELETE")


@pytest.fixture
def admin(stand: Stand, warm: Collection, database: Database) -> Admin:
    """The admin pages, as a superuser sees them."""
    api = warm.api.with_headers(log_in(stand.child))
    warm.list()  # making that superuser may have cleared the cache
    for row in database.users.rows:
        if warm.routes.detail:
            warm.detail(row)
    return Admin(api, stand.host.description()["admin"], database.users, warm.routes.visible)


ADMIN = "The admin does not use your viewset: perform_create and its sisters are never called."
SIGNALS = "Clear the cache in receivers of post_save and post_delete, connected in the AppConfig's ready()."


@check("I6", title="A user added in the admin is in the list", needs=("L2",), means=ADMIN, try_=SIGNALS)
def check_fresh_after_admin_add(admin: Admin, warm: Collection) -> None:
    expect_shown(warm, admin.add(), after="an addition in the admin")


@check("I7", title="A change in the admin shows", needs=("L2",), means=ADMIN, try_=SIGNALS)
def check_fresh_after_admin_change(admin: Admin, warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    expect_shown(warm, admin.change(row), row, after="a change in the admin")


@check("I8", title='"Delete selected" in the admin shows', needs=("L2",), means=ADMIN, try_=SIGNALS)
def check_fresh_after_admin_delete(admin: Admin, warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    admin.delete_selected(row)
    expect_gone(warm, row, "a deletion in the admin")


@check(
    "I9",
    title="save() and delete() in another process show",
    needs=("L2",),
    means="A shell, a command or a worker writes without your viewset, and in another process.",
    try_=SIGNALS,
)
def check_fresh_after_a_shell(stand: Stand, warm: Collection, database: Database) -> None:
    other = stand.shell()
    first, second, *_ = database.users.rows
    text = database.users.new_tokens()[warm.routes.visible]
    stand.run(
        shell.save(database.users, first, text), other, f"user.{warm.routes.visible} = ...; user.save()"
    )
    expect_shown(warm, text, first, after="save() in a shell")
    stand.timeline.scene()
    stand.run(shell.delete(database.users, second), other, "user.delete()")
    expect_gone(warm, second, "delete() in a shell")


@check(
    "I13",
    title="A refused write clears nothing",
    needs=("L2",),
    means="Anybody who sends nonsense can empty your cache, again and again.",
    try_="Clear the cache in perform_create, which runs after validation, not in create().",
)
def check_a_refused_write_clears_nothing(warm: Collection, database: Database) -> None:
    answer = warm.api.request("POST", warm.routes.list, {})
    if answer.status != 400:
        not_applicable(f"an empty POST is not refused with 400 but answered {answer.status}")
    text = database.users.change(database.users.rows[0])
    expect(
        not warm.list().shows(text), seen="after a POST that was refused, the list was read from the database"
    )


def names(redis: Redis) -> set[bytes]:
    """The names of all keys."""
    stored = redis.keys()
    return {key.name for key in stored}


@check(
    "I14",
    title="An update clears what changed, and nothing else",
    needs=("L2",),
    means="Each write costs every reader, and every other user of the same Redis, their cache.",
    try_="Delete the keys of the list and of this user. No cache.clear(), no pattern that fits others' keys.",
    ways={
        "flushed": Way(
            "Keys of another application in the same database are gone after one PATCH.",
            "cache.clear() empties the whole database, and a pattern with * takes what fits. Name your keys.",
        ),
        "neighbour": Way(
            "After a PATCH of one user another user had to be read from the database again.",
            "Delete the key of the user who changed, not all of them.",
        ),
        "logged_out": Way(
            "A login that was kept in the cache is gone after one PATCH.",
            "Sessions live there too: delete your own keys by name.",
        ),
    },
)
def check_an_update_is_surgical(stand: Stand, warm: Collection, database: Database, redis: Redis) -> None:
    first, second, *_ = database.users.rows
    before = names(redis)
    log_in(stand.child)
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


@check(
    "I15",
    title="Every page and filter that is cached is fresh after a write",
    needs=("L2",),
    means="The first page is cleared and the others keep the old row.",
    try_="Put a version number into the keys of all pages and raise it, or keep the keys in a set.",
)
def check_every_page_is_fresh(users: Collection, database: Database, redis: Redis) -> None:
    fill_pages(users, database, redis)
    plain = users.list()
    present = []
    for question in questions(users, database):
        redis.flush()
        answer = users.api.get(users.routes.list + question)
        if answer.status == 200 and answer.json != plain.json:
            present.append(question)
    if not present:
        not_applicable("the list has no pages, filters or orders")
    for question in present:
        users.list(question)
    users.patch(database.users.rows[0])
    users.delete(database.users.rows[3])
    after = {question: users.list(question).json for question in present}
    redis.flush()
    for question, answer in after.items():
        expect(
            answer == users.list(question).json,
            seen=f"after a write GET {users.routes.list}{question} is still old",
        )


@check(
    "I16",
    title="Bulk writes show, at once or after your reconcile command",
    needs=("L2",),
    means="update(), bulk_create() and bulk_update() send no signal: no receiver of yours hears of them.",
    try_="Clear the cache in a QuerySet of your own, or name a command that does in workshop.toml.",
)
def check_bulk_writes_show(
    stand: Stand, warm: Collection, database: Database, options: Mapping[str, str]
) -> None:
    other = stand.shell()
    table = database.users
    first, second, third = table.rows
    fresh = table.new_tokens()
    visible = warm.routes.visible
    updated, renamed = table.new_tokens()[visible], table.new_tokens()[visible]
    deeds = (
        ("update()", shell.update(table, first, updated), updated),
        ("bulk_update()", shell.bulk_update(table, second, renamed), renamed),
        ("bulk_create()", shell.bulk_create(table, third, fresh), fresh[visible]),
    )
    for name, code, text in deeds:
        stand.timeline.scene()
        warm.list()
        stand.run(code, other, f"a QuerySet's {name}")
        shown = partial(lambda text: warm.list().shows(text), text)
        if not soon(shown) and (command := options.get("reconcile")):
            stand.command(command, child=other)
        expect(shown(), seen=f"after {name} the list is still the old one")


@check(
    "I18",
    title="A write during an outage is not hidden for long afterwards",
    needs=("L2",),
    means="The cache came back with what it held before, and nobody told it of the write.",
    try_="Keep what could not be cleared and clear it later, or keep answers for a minute at most.",
)
def check_a_write_during_an_outage(stand: Stand, warm: Collection, database: Database, redis: Redis) -> None:
    row = database.users.rows[0]
    body, text = warm.patch_of(row)
    stand.host.proxy.down()
    stand.timeline.note("Redis goes down")
    warm.api.request("PATCH", warm.path(row), body)
    stand.host.proxy.up()
    stand.timeline.note("Redis is back, with all it held")
    if database.users.get(row) != text:
        fail("the PATCH did not reach the database while Redis was down")
    if not warm.list().shows(text):
        redis.age(BOUND)
        stand.timeline.note(f"{BOUND:.0f} seconds pass")
    expect(
        warm.list().shows(text), seen=f"{BOUND:.0f} s after Redis came back the list was still the old one"
    )


@check(
    "I19",
    title="A login clears nothing, and works",
    needs=("L2",),
    means="Every login saves the user (last_login). A receiver that does not look clears the list each time.",
    try_="In the receiver look at update_fields: last_login is in no answer.",
    ways={
        "logged_out": Way(
            "The login did not last: the receiver emptied the cache in which the session was being kept.",
            "No cache.clear() in a receiver. Delete your own keys.",
        ),
        "cleared": Way(
            "One login, and the list had to be read from the database again.",
            "In the receiver: if update_fields names nothing that you show, return.",
        ),
    },
)
def check_a_login_clears_nothing(stand: Stand, warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    try:
        lasts = stand.run(shell.login(database.users, row), stand.shell())
    except StandTrouble as trouble:
        if "UpdateError" in trouble.seen:  # so Django says that the session it saves was deleted meanwhile
            fail("the session was deleted while the login was saving it", "logged_out")
        raise
    expect(lasts is True, seen="after a login the session was not there", how="logged_out")
    text = database.users.change(row)
    expect(not warm.list().shows(text), seen="after a login the list was a miss", how="cleared")


@check(
    "Z2",
    title="No password hash is in the cache",
    needs=("L2",),
    means="The cache is a second place for what it holds, with fewer locks than the first.",
    try_="Cache what the serializer shows (response.data), not model instances or a queryset.",
)
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
