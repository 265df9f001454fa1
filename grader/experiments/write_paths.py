"""The doors beside the API through which rows change, and what a reader must see after each."""

from __future__ import annotations

from grader.experiments import orm_writes
from grader.experiments.freshness import expect_gone, expect_shown
from grader.result import Write
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.admin import Admin
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.table import USERS, Row
from grader.spec import not_applicable


def add_in_the_admin(rows: Collection, admin: Admin) -> None:
    """A row added in the admin is in the list."""
    expect_shown(rows, admin.add(), after=f"{_one(rows, 'added')} in the admin", write=Write.ADMIN_ADD)


def change_in_the_admin(rows: Collection, admin: Admin) -> None:
    """A change in the admin shows."""
    row = rows.table.rows[0]
    after = f"{_one(rows, 'changed')} in the admin"
    expect_shown(rows, admin.change(row), row, after=after, write=Write.ADMIN_CHANGE)


def delete_in_the_admin(rows: Collection, admin: Admin) -> None:
    """A row deleted in the admin is gone."""
    row = rows.table.rows[0]
    admin.delete_selected(row)
    expect_gone(rows, row, f"{_one(rows, 'deleted')} in the admin", Write.ADMIN_DELETE)


def save_in_a_shell(environment: CheckEnvironment, other: Worker, rows: Collection) -> None:
    """save() in another process shows."""
    row = rows.table.rows[0]
    text = save(environment, other, rows, row)
    expect_shown(rows, text, row, after=f"save() of a {rows.noun} in a shell", write=Write.SAVE)


def delete_in_a_shell(environment: CheckEnvironment, other: Worker, rows: Collection) -> None:
    """delete() in another process shows."""
    row = rows.table.rows[1]
    delete(environment, other, rows, row)
    expect_gone(rows, row, f"delete() of a {rows.noun} in a shell", Write.REMOVE)


def save(environment: CheckEnvironment, other: Worker, rows: Collection, row: Row) -> str:
    """Save `row` with another text in the process `other`; that text."""
    if rows.routes.visible.startswith(USERS):
        not_applicable(f"the answers show no text of the {rows.noun}'s own that a write could change")
    text = rows.table.new_tokens()[rows.routes.visible]
    says = f"{rows.noun}.{rows.routes.visible} = ...; {rows.noun}.save()"
    environment.run(orm_writes.save(rows.table.showing(rows.routes.visible), row, text), other, says)
    return text


def delete(environment: CheckEnvironment, other: Worker, rows: Collection, row: Row) -> None:
    """Delete `row` in the process `other`."""
    environment.run(orm_writes.delete(rows.table, row), other, f"{rows.noun}.delete()")


def _one(rows: Collection, done: str) -> str:
    """What is told of a write: `a user was added`."""
    return f"a {rows.noun} was {done}"
