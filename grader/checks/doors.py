"""The doors beside the API through which rows change, and what a reader must see after each."""

from __future__ import annotations

from grader.checks.freshness import expect_gone, expect_shown
from grader.result import Write
from grader.spec import not_applicable
from grader.stand import shell
from grader.stand.admin import Admin
from grader.stand.collection import Collection
from grader.stand.database import USERS, Row
from grader.stand.process import Child
from grader.stand.stand import Stand


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


def save_in_a_shell(stand: Stand, other: Child, rows: Collection) -> None:
    """save() in another process shows."""
    row = rows.table.rows[0]
    text = save(stand, other, rows, row)
    expect_shown(rows, text, row, after=f"save() of a {rows.noun} in a shell", write=Write.SAVE)


def delete_in_a_shell(stand: Stand, other: Child, rows: Collection) -> None:
    """delete() in another process shows."""
    row = rows.table.rows[1]
    delete(stand, other, rows, row)
    expect_gone(rows, row, f"delete() of a {rows.noun} in a shell", Write.REMOVE)


def save(stand: Stand, other: Child, rows: Collection, row: Row) -> str:
    """Save `row` with another text in the process `other`; that text."""
    if rows.routes.visible.startswith(USERS):
        not_applicable(f"the answers show no text of the {rows.noun}'s own that a write could change")
    text = rows.table.new_tokens()[rows.routes.visible]
    says = f"{rows.noun}.{rows.routes.visible} = ...; {rows.noun}.save()"
    stand.run(shell.save(rows.table.showing(rows.routes.visible), row, text), other, says)
    return text


def delete(stand: Stand, other: Child, rows: Collection, row: Row) -> None:
    """Delete `row` in the process `other`."""
    stand.run(shell.delete(rows.table, row), other, f"{rows.noun}.delete()")


def _one(rows: Collection, done: str) -> str:
    """What is told of a write: `a user was added`."""
    return f"a {rows.noun} was {done}"
