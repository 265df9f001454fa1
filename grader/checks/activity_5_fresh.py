"""Activity 5: whoever changes a user, and however, the next reader sees it."""

from __future__ import annotations

from grader.checks.freshness import MEANS, WAYS, expect_404, expect_gone, expect_shown, soon
from grader.spec import check, expect
from grader.stand import shell
from grader.stand.admin import Admin
from grader.stand.collection import Collection
from grader.stand.database import Database
from grader.stand.stand import Stand


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
