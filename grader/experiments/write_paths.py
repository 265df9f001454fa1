"""Writes of rows outside the API, by the admin and in a shell, and the responses after each."""

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
    """Add a row in the admin. Fails the check unless the list shows the row."""
    expect_shown(rows, admin.add(), after=f"{_one(rows, 'added')} in the admin", write=Write.ADMIN_ADD)


def change_in_the_admin(rows: Collection, admin: Admin) -> None:
    """Change a row in the admin. Fails the check unless list and detail show the change."""
    row = rows.table.rows[0]
    after = f"{_one(rows, 'changed')} in the admin"
    expect_shown(rows, admin.change(row), row, after=after, write=Write.ADMIN_CHANGE)


def delete_in_the_admin(rows: Collection, admin: Admin) -> None:
    """Delete a row in the admin. Fails the check if list or detail still shows the row."""
    row = rows.table.rows[0]
    admin.delete_selected(row)
    expect_gone(rows, row, f"{_one(rows, 'deleted')} in the admin", Write.ADMIN_DELETE)


def save_in_a_shell(environment: CheckEnvironment, other: Worker, rows: Collection) -> None:
    """Save a row in another worker. Fails the check unless list and detail show the new text."""
    row = rows.table.rows[0]
    text = save(environment, other, rows, row)
    expect_shown(rows, text, row, after=f"save() of a {rows.noun} in a shell", write=Write.SAVE)


def delete_in_a_shell(environment: CheckEnvironment, other: Worker, rows: Collection) -> None:
    """Delete a row in another worker. Fails the check if list or detail still shows the row."""
    row = rows.table.rows[1]
    delete(environment, other, rows, row)
    expect_gone(rows, row, f"delete() of a {rows.noun} in a shell", Write.REMOVE)


def save(environment: CheckEnvironment, other: Worker, rows: Collection, row: Row) -> str:
    """Save `row` with another text in the worker `other`; return that text."""
    if rows.routes.visible.startswith(USERS):
        not_applicable(f"the answers show no text of the {rows.noun}'s own that a write could change")
    text = rows.table.new_tokens()[rows.routes.visible]
    says = f"{rows.noun}.{rows.routes.visible} = ...; {rows.noun}.save()"
    environment.run(orm_writes.save(rows.table.showing(rows.routes.visible), row, text), other, says)
    return text


def delete(environment: CheckEnvironment, other: Worker, rows: Collection, row: Row) -> None:
    """Delete `row` in the worker `other`."""
    environment.run(orm_writes.delete(rows.table, row), other, f"{rows.noun}.delete()")


def _one(rows: Collection, done: str) -> str:
    """The description of a write: `a user was added`."""
    return f"a {rows.noun} was {done}"
