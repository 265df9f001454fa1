"""Activity 5: whoever changes a user, and however, the next reader sees it."""

from __future__ import annotations

from grader.experiments.freshness import LISTS, USER, cells, expect_404, expect_left, expect_shown
from grader.experiments.soft_assertions import SoftAssertions
from grader.experiments.write_paths import (
    add_in_the_admin,
    change_in_the_admin,
    delete_in_a_shell,
    delete_in_the_admin,
    save_in_a_shell,
)
from grader.result import CachedView, Write
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.admin import Admin
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.spec import check


@check("I1", needs=("L2",), freshness=cells((CachedView.USER_LIST,), Write.POST))
def check_fresh_after_post(warm: Collection) -> None:
    expect_shown(warm, warm.create(), after="a POST", write=Write.POST)


@check("I2", needs=("L2",), freshness=cells(USER, Write.PUT))
def check_fresh_after_put(warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    expect_shown(warm, warm.put(row), row, after="a PUT", write=Write.PUT)


@check("I3", needs=("L2",), freshness=cells(USER, Write.PATCH))
def check_fresh_after_patch(warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    expect_shown(warm, warm.patch(row), row, after="a PATCH", write=Write.PATCH)


@check("I4", needs=("L2",), freshness=cells((CachedView.USER_LIST,), Write.DELETE))
def check_gone_from_the_list(warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    warm.delete(row)
    expect_left(warm, row, "a DELETE", Write.DELETE)


@check("I5", needs=("L2",), freshness=cells((CachedView.USER_DETAIL,), Write.DELETE))
def check_a_deleted_user_is_404(warm: Collection, database: Database) -> None:
    row = database.users.rows[0]
    warm.delete(row)
    expect_404(warm, row, "a DELETE", Write.DELETE)


AdminPages = list[tuple[Collection, Admin]]


@check("I6", needs=("L2",), freshness=cells(LISTS, Write.ADMIN_ADD))
def check_fresh_after_admin_add(admin_pages: AdminPages, soft_assertions: SoftAssertions) -> None:
    for rows, admin in admin_pages:
        with soft_assertions.group(rows):
            add_in_the_admin(rows, admin)
    soft_assertions.raise_first()


@check("I7", needs=("L2",), freshness=cells(tuple(CachedView), Write.ADMIN_CHANGE))
def check_fresh_after_admin_change(admin_pages: AdminPages, soft_assertions: SoftAssertions) -> None:
    for rows, admin in admin_pages:
        with soft_assertions.group(rows):
            change_in_the_admin(rows, admin)
    soft_assertions.raise_first()


@check("I8", needs=("L2",), freshness=cells(tuple(CachedView), Write.ADMIN_DELETE))
def check_fresh_after_admin_delete(admin_pages: AdminPages, soft_assertions: SoftAssertions) -> None:
    for rows, admin in admin_pages:
        with soft_assertions.group(rows):
            delete_in_the_admin(rows, admin)
    soft_assertions.raise_first()


@check("I9", needs=("L2",), freshness=cells(tuple(CachedView), Write.SAVE, Write.REMOVE))
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
