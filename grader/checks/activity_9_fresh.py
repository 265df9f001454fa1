"""Activity 9: whoever changes a passenger, or the user behind one, and however: the next reader sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from grader.experiments import write_paths
from grader.experiments.freshness import MEANS, expect_gone, expect_shown
from grader.experiments.soft_assertions import SoftAssertions
from grader.result import Write
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.admin import Admin
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.passengers import Passengers
from grader.sandbox.observing.table import USERS, Row
from grader.spec import Way, check, not_applicable

STALE_LIST = Way(
    "The list of passengers is still the one from before the write. Nothing cleared it, or another key was "
    "cleared.",
    "Delete the very key that list() of PassengerViewSet reads, after the write.",
)
STALE_DETAIL = Way(
    "The list is right, and the single passenger is still the one from before the write.",
    "Clear the passenger's own key as well, letter by letter the one that retrieve() reads.",
)
ZOMBIE = Way(
    "The passenger is deleted, and still answered from the cache as if alive.",
    "Note the passenger's number before the delete, and clear both keys after it.",
)
WAYS = {"list": STALE_LIST, "detail": STALE_DETAIL, "zombie": ZOMBIE}


@check(
    "N7",
    title="A passenger made by POST is in the list",
    needs=("N2",),
    means=MEANS,
    try_="Clear the passengers' list in perform_create, or in a receiver of post_save for Passenger.",
    ways={
        "list": STALE_LIST,
        "server_error": Way(
            "Your API does not take every new passenger, so some can never be in the list.",
            "Let the serializer take passenger_id and the user. Left out, every passenger_id is the same ''.",
        ),
    },
)
def check_fresh_after_post(warm_passengers: Passengers) -> None:
    for _ in ("the first", "the second"):  # two, since one of them may still have room for an empty id
        text = warm_passengers.create()
        expect_shown(warm_passengers, text, after="a POST", write=Write.POST)


@check(
    "N8",
    title="A PUT and a PATCH of a passenger show at once",
    needs=("N2",),
    means=MEANS,
    try_="Clear the passengers' list and the passenger's own key in perform_update, which serves both.",
    ways=WAYS,
)
def check_fresh_after_an_update(warm_passengers: Passengers, soft_assertions: SoftAssertions) -> None:
    first, second, *_ = warm_passengers.table.rows
    with soft_assertions.group():
        text = warm_passengers.put(first)
        expect_shown(warm_passengers, text, first, after="a PUT", write=Write.PUT)
    with soft_assertions.group():
        warm_passengers.warm(second)
        text = warm_passengers.patch(second)
        expect_shown(warm_passengers, text, second, after="a PATCH", write=Write.PATCH)
    soft_assertions.raise_first()


@check(
    "N9",
    title="A deleted passenger leaves the list, and is 404",
    needs=("N2",),
    means=MEANS,
    try_="Clear both in perform_destroy; note the number before the delete.",
    ways=WAYS,
)
def check_gone_after_a_delete(warm_passengers: Passengers) -> None:
    row = warm_passengers.table.rows[0]
    warm_passengers.delete(row)
    expect_gone(warm_passengers, row, "a DELETE", Write.DELETE)


@check(
    "N10",
    title="A change of the user shows in the passenger",
    needs=("N2",),
    means="The passenger's answer holds a copy of the user. Who changes the user changes the passenger too.",
    try_="In the receiver of post_save for User clear what shows that user's passenger.",
    ways={
        "list": Way(
            "The user has changed, and the list of passengers still shows the old text. Nothing cleared it.",
            "In the receiver of post_save for User clear the passengers' list as well.",
        ),
        "detail": Way(
            "The user has changed, the list of passengers knows it, and the single passenger does not.",
            "Clear the key of the user's passenger: its number is instance.passenger.id, not instance.id.",
        ),
    },
)
def check_fresh_after_a_user_edit(
    environment: CheckEnvironment,
    users: Collection,
    admin: Admin,
    warm_passengers: Passengers,
    soft_assertions: SoftAssertions,
) -> None:
    told = embedded(warm_passengers)
    if not told:
        not_applicable("a passenger's answers show nothing of the user")
    column, responses = told
    shown, owners = seen_by(warm_passengers, USERS + column), seen_by(users, column)
    edits: dict[str, Callable[[Row], str]] = {
        "by the API": owners.patch,
        "in the admin": admin.showing(column).change,
        "in a shell": partial(write_paths.save, environment, environment.shell_worker(), owners),
    }
    for row, (door, edit) in zip(warm_passengers.table.rows, edits.items(), strict=False):
        with soft_assertions.group():
            environment.timeline.restart()
            warm_passengers.warm(row)
            text = edit(owner(row))
            after = f"the user's {column} was changed {door}"
            expect_shown(shown, text, row, after, Write.USER_EDIT, responses)
    soft_assertions.raise_first()


@check(
    "N11",
    title="A deleted user takes the passenger along",
    needs=("N2",),
    means="The database deletes the passenger with the user, and your cache goes on showing both.",
    try_="post_delete of Passenger fires in a cascade too: connect it.",
    ways={
        "list": Way(
            "The user is deleted and the passenger with it, and the list of passengers still shows them.",
            "Connect post_delete for Passenger: Django sends it for a cascade as well.",
        ),
        "zombie": Way(
            "The user is deleted and the passenger with it, and GET of the passenger still shows them.",
            "In post_delete of Passenger clear the passenger's own key; read instance.id then and there.",
        ),
    },
)
def check_gone_with_the_user(
    environment: CheckEnvironment,
    users: Collection,
    admin: Admin,
    warm_passengers: Passengers,
    soft_assertions: SoftAssertions,
) -> None:
    deletions: dict[str, Callable[[Row], None]] = {
        "by the API": users.delete,
        "in the admin": admin.delete_selected,
        "in a shell": partial(write_paths.delete, environment, environment.shell_worker(), users),
    }
    for row, (door, delete) in zip(warm_passengers.table.rows, deletions.items(), strict=False):
        with soft_assertions.group():
            environment.timeline.restart()
            warm_passengers.warm(row)
            delete(owner(row))
            if row.key in set(warm_passengers.table.keys()):
                not_applicable("the project keeps a passenger whose user is deleted")
            expect_gone(warm_passengers, row, f"the user was deleted {door}", Write.CASCADE)
    soft_assertions.raise_first()


def embedded(passengers: Passengers) -> tuple[str, tuple[str, ...]] | None:
    """A text of the user that the passengers' answers show, and which of them do: "list", "detail"."""
    row = passengers.table.rows[0]
    responses = {"list": passengers.list()}
    if passengers.routes.detail:
        responses["detail"] = passengers.detail(row)
    for column in passengers.table.users.text_columns() if passengers.table.users else ():
        text = owner(row).tokens[column]
        if showing := tuple(name for name, response in responses.items() if response.shows(text)):
            return column, showing
    return None


def owner(passenger: Row) -> Row:
    """The user of a passenger."""
    assert passenger.user is not None
    return passenger.user


def seen_by(rows: Collection, column: str) -> Collection:
    """The same collection, told by another text."""
    return replace(rows, routes=replace(rows.routes, visible=column), table=rows.table.showing(column))
