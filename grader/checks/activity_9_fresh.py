"""Activity 9: whoever changes a passenger, or the user behind one, and however: the next reader sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from grader.experiments import write_paths
from grader.experiments.freshness import PASSENGER, cells, expect_gone, expect_shown
from grader.experiments.soft_assertions import SoftAssertions
from grader.result import CachedView, Write
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.admin import Admin
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.passengers import Passengers
from grader.sandbox.observing.table import USERS, Row
from grader.spec import check, not_applicable


@check("N7", needs=("N2",), freshness=cells((CachedView.PASSENGER_LIST,), Write.POST))
def check_fresh_after_post(warm_passengers: Passengers) -> None:
    for _ in ("the first", "the second"):  # two, since one of them may still have room for an empty id
        text = warm_passengers.create()
        expect_shown(warm_passengers, text, after="a POST", write=Write.POST)


@check("N8", needs=("N2",), freshness=cells(PASSENGER, Write.PUT, Write.PATCH))
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


@check("N9", needs=("N2",), freshness=cells(PASSENGER, Write.DELETE))
def check_gone_after_a_delete(warm_passengers: Passengers) -> None:
    row = warm_passengers.table.rows[0]
    warm_passengers.delete(row)
    expect_gone(warm_passengers, row, "a DELETE", Write.DELETE)


@check("N10", needs=("N2",), freshness=cells(PASSENGER, Write.USER_EDIT))
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


@check("N11", needs=("N2",), freshness=cells(PASSENGER, Write.CASCADE))
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
