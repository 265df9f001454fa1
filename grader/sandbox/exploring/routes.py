"""Finds the routes of a collection by the seeded rows in the responses, never by URL or status."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.result import SourceLocation
from grader.sandbox import errors
from grader.sandbox.errors import NoResponse
from grader.sandbox.exploring.api import Api, Routes, describe_response
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.table import USERS, Row, Table
from grader.spec import CheckFailed

MAX_ROUTES = 200
MAX_SILENT = 3
"""Routes without a response after which the search ends."""


def find_routes(
    routes: Sequence[Mapping[str, Any]], table: Table, api: Api, word: str, login: bool
) -> Routes:
    """Return the list and detail routes of the few rows in `table`.

    `word` (the model's name) chooses the failing URL that an error reports. Raises CheckFailed if no URL
    shows the rows, and NoResponse if the URL with `word` hangs or ends the process.
    """
    failures: list[tuple[str, Response]] = []
    silent: list[tuple[str, NoResponse]] = []
    lists = [route for route in routes if not route["names"]][:MAX_ROUTES]
    # The shortest path with the word comes first: on most projects it is the only request.
    for route in sorted(lists, key=lambda route: (word not in route["path"], len(route["path"]))):
        path = route["path"]
        try:
            response = api.get(path)
        except NoResponse as error:
            silent.append((path, error))
            if len(silent) == MAX_SILENT:
                break
            continue
        if response.status >= 400:
            failures.append((path, response))
        elif visible := _visible(response, table, named=word in path):
            found = Routes(path, _where(route), "", None, "", visible, login)
            return _with_detail(routes, table, api, found, route["view"])
    raise _not_found(failures, silent, word)


def _visible(response: Response, table: Table, named: bool) -> str:
    """The text column of `table` that `response` shows for every row, or an empty text.

    The texts of the rows' users count only if the path has the word (`named`).
    """
    columns = [name for name in table.text_columns() if named or not name.startswith(USERS)]
    return next((name for name in columns if all(response.shows(row.tokens[name]) for row in table.rows)), "")


def _with_detail(
    routes: Sequence[Mapping[str, Any]], table: Table, api: Api, found: Routes, view: str
) -> Routes:
    """`found` with the route of a single row, if there is one. `view` is the view of the list."""
    visible = found.visible
    one, *others = table.rows
    details = [route for route in routes if len(route["names"]) == 1][:MAX_ROUTES]
    for route in sorted(details, key=lambda route: not route["path"].startswith(found.list)):
        (name,) = route["names"]
        for column, value in _lookups(one):
            with contextlib.suppress(NoResponse):
                response = api.get(route["path"] % {name: value})
                alone = not any(response.shows(other.tokens[visible]) for other in others)
                if response.status < 400 and response.shows(one.tokens[visible]) and alone:
                    return _detailed(found, route, column)
    for route in details:
        # No URL shows the row. A URL below the list with the same view is the detail route, and broken.
        below = route["path"].removeprefix(found.list).strip("/") == f"%({route['names'][0]})s"
        if below and route["view"] == view:
            return _detailed(found, route, "")
    return found


def _detailed(found: Routes, route: Mapping[str, Any], lookup: str) -> Routes:
    detail = route["path"].replace(f"%({route['names'][0]})s", "%(key)s")
    return replace(found, detail=detail, detail_where=_where(route), lookup=lookup)


def _lookups(row: Row) -> list[tuple[str, Any]]:
    return [("", row.name), *row.tokens.items()]


def _where(route: Mapping[str, Any]) -> SourceLocation | None:
    return errors.source_location(route)


def _not_found(
    failures: Sequence[tuple[str, Response]], silent: Sequence[tuple[str, NoResponse]], word: str
) -> CheckFailed | NoResponse:
    for path, error in silent:
        if word in path:
            return error
    broken = [(path, response) for path, response in failures if response.status not in (401, 403, 404, 405)]
    broken.sort(key=lambda failure: (word not in failure[0], failure[1].status < 500))
    if broken:
        path, response = broken[0]
        how = "bad_request" if response.status == 400 else "server_error"
        return CheckFailed(
            describe_response("GET", path, response), how, errors.source_location(response.error)
        )
    closed = any(response.status in (401, 403) for _, response in failures)  # then one may still log in
    if silent and not closed:
        return silent[0][1]
    return CheckFailed(f"no URL of the project shows the {word}s that are in the database", "no_route")
