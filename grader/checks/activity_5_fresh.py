"""Activity 5: whoever changes a user, and however, the next reader sees it."""

from __future__ import annotations

from grader.experiments.freshness import MEANS, WAYS, expect_404, expect_left, expect_shown
from grader.experiments.soft_assertions import SoftAssertions
from grader.experiments.write_paths import (
    add_in_the_admin,
    change_in_the_admin,
    delete_in_a_shell,
    delete_in_the_admin,
    save_in_a_shell,
)
from grader.result import Write
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.admin import Admin
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.spec import Way, check


@check(
    "I1",
    title="A user made by POST is in the list",
    needs=("L2",),
    means=MEANS,
    try_="Clear the list's key in perform_create.",
    ways=WAYS,
)
def check_fresh_after_post(warm: Collection) -> None:
    expect_shown(warm, warm.create(), after="a POST", write=Write.POST)


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
    expect_shown(warm, warm.put(row), row, after="a PUT", write=Write.PUT)


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
    expect_shown(warm, warm.patch(row), row, after="a PATCH", write=Write.PATCH)


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
    expect_left(warm, row, "a DELETE", Write.DELETE)


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
    expect_404(warm, row, "a DELETE", Write.DELETE)


ADMIN = "The admin does not use your viewset: perform_create and its sisters are never called."
AdminPages = list[tuple[Collection, Admin]]
PASSENGER_WAYS = {
    "passenger_list": Way(
        "The users are fresh, and the list of passengers is not: no receiver of yours listens to Passenger.",
        "Connect post_save and post_delete of Passenger to what clears the passengers' list.",
    ),
    "passenger_detail": Way(
        "The list of passengers is fresh, and the single passenger is not.",
        "Clear the passenger's own key too, with the number of the passenger and not of the user.",
    ),
    "passenger_zombie": Way(
        "The passenger is deleted, and still answered from the cache as if alive.",
        "Connect post_delete of Passenger, and clear the passenger's own key as well as the list's.",
    ),
}
"""How the passengers fail, in whose activity they are looked at too."""
SIGNALS = "Clear the cache in receivers of post_save and post_delete, connected in the AppConfig's ready()."


@check(
    "I6",
    title="A user added in the admin is in the list",
    needs=("L2",),
    means=ADMIN,
    try_=SIGNALS,
    ways=PASSENGER_WAYS,
)
def check_fresh_after_admin_add(admin_pages: AdminPages, soft_assertions: SoftAssertions) -> None:
    for rows, admin in admin_pages:
        with soft_assertions.group(rows):
            add_in_the_admin(rows, admin)
    soft_assertions.raise_first()


@check(
    "I7",
    title="A change in the admin shows",
    needs=("L2",),
    means=ADMIN,
    try_=SIGNALS,
    ways=PASSENGER_WAYS,
)
def check_fresh_after_admin_change(admin_pages: AdminPages, soft_assertions: SoftAssertions) -> None:
    for rows, admin in admin_pages:
        with soft_assertions.group(rows):
            change_in_the_admin(rows, admin)
    soft_assertions.raise_first()


@check(
    "I8",
    title='"Delete selected" in the admin shows',
    needs=("L2",),
    means=ADMIN,
    try_=SIGNALS,
    ways=PASSENGER_WAYS,
)
def check_fresh_after_admin_delete(admin_pages: AdminPages, soft_assertions: SoftAssertions) -> None:
    for rows, admin in admin_pages:
        with soft_assertions.group(rows):
            delete_in_the_admin(rows, admin)
    soft_assertions.raise_first()


@check(
    "I9",
    title="save() and delete() in another process show",
    needs=("L2",),
    means="A shell, a command or a worker writes without your viewset, and in another process.",
    try_=SIGNALS,
    ways=PASSENGER_WAYS,
)
def check_fresh_after_a_shell(
    environment: CheckEnvironment, cached_collections: list[Collection], soft_assertions: SoftAssertions
) -> None:
    other = environment.shell_worker()
    for rows in cached_collections:
        with soft_assertions.group(rows):
            save_in_a_shell(environment, other, rows)
        with soft_assertions.group(rows):
            delete_in_a_shell(environment, other, rows)
    soft_assertions.raise_first()
