"""A collection of the project's API: its list, its rows, and every write through the API."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from grader.result import SourceLocation
from grader.sandbox import errors
from grader.sandbox.exploring.api import Api, Routes, describe_response
from grader.sandbox.exploring.payload import fill_missing, find_object, new_payload
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.table import Row, Table
from grader.spec import CheckFailed, not_applicable

METHOD_NOT_ALLOWED = 405


@dataclass(frozen=True)
class Collection:
    """The rows of one table as the project's API shows and accepts them.

    Every method expects a response with a status below 400 and fails the check otherwise; use `api.request`
    for a response of any status. A method that the API does not offer (405) leaves nothing to judge. `noun`
    is the word for a row in sentences.
    """

    api: Api
    routes: Routes = field(repr=False)
    table: Table = field(repr=False)
    noun: str = "user"

    def list(self, query: str = "") -> Response:
        """GET the list."""
        return self.expect(self.api.get(self.routes.list + query), "GET", self.routes.list + query)

    def detail(self, row: Row) -> Response:
        """GET the detail of `row`."""
        return self.expect(self.api.get(self.path(row)), "GET", self.path(row))

    def warm(self, *only: Row) -> None:
        """GET the list and every row, or `only` these rows, so that the project caches the responses."""
        self.list()
        if self.routes.detail:
            for row in only or self.table.rows:
                self.detail(row)

    def path(self, row: Row) -> str:
        """Return the path of one row. Without a detail route there is nothing to judge."""
        if not self.routes.detail:
            not_applicable("the project has no URL for a single row")
        key = row.tokens[self.routes.lookup] if self.routes.lookup else row.name
        return self.routes.detail % {"key": key}

    def text(self, row: Row) -> str:
        """Return the text by which a response shows `row`."""
        return row.tokens[self.routes.visible]

    def create(self) -> str:
        """POST a new row; return the text by which the list should show the row."""
        like = self.table.rows[0]
        tokens = self.table.new_tokens()
        body = new_payload(find_object(self.list(), like, self.routes.visible), like, tokens)
        response = self.api.request("POST", self.routes.list, body)
        if response.status == 400:
            response = self.api.request("POST", self.routes.list, fill_missing(body, response))
        self.expect(response, "POST", self.routes.list)
        return tokens[self.routes.visible]

    def put(self, row: Row) -> str:
        """PUT `row` with another text; return that text."""
        tokens = {self.routes.visible: self.table.new_tokens()[self.routes.visible]}
        body = new_payload(find_object(self.detail(row), row, self.routes.visible), row, tokens)
        response = self.api.request("PUT", self.path(row), body)
        if response.status == 400:
            response = self.api.request("PUT", self.path(row), fill_missing(body, response))
        self.expect(response, "PUT", self.path(row))
        return tokens[self.routes.visible]

    def patch(self, row: Row) -> str:
        """PATCH `row` with another text; return that text."""
        body, text = self.patch_of(row)
        self.expect(self.api.request("PATCH", self.path(row), body), "PATCH", self.path(row))
        return text

    def patch_of(self, row: Row) -> tuple[dict[str, Any], str]:
        """Return the payload for a PATCH of `row`, and its new text."""
        text = self.table.new_tokens()[self.routes.visible]
        name = next(
            (
                name
                for name, value in find_object(self.detail(row), row, self.routes.visible).items()
                if value == self.text(row)
            ),
            self.routes.visible,
        )
        return {name: text}, text

    def delete(self, row: Row) -> None:
        """DELETE `row`."""
        self.expect(self.api.request("DELETE", self.path(row)), "DELETE", self.path(row))

    def through(self, worker: Worker, who: str = "") -> Collection:
        """Return the same collection for another worker and the client `who`."""
        return replace(self, api=self.api.through(worker, who))

    def called(self, who: str) -> Collection:
        """Return the same collection for the client `who`."""
        return replace(self, api=self.api.called(who))

    def expect(self, response: Response, method: str, path: str) -> Response:
        """Return `response` if its status is below 400. Fails the check otherwise, or ends it for a 405."""
        if response.status == METHOD_NOT_ALLOWED:
            not_applicable(
                f"the project offers no {method} on {path}",
                f"Let the view answer {method}. Its base classes and `http_method_names` decide.",
            )
        if response.status >= 400:
            where = errors.source_location(response.error) or self._where(path)
            raise CheckFailed(describe_response(method, path, response), "server_error", where)
        return response

    def _where(self, path: str) -> SourceLocation | None:
        return self.routes.list_where if path.startswith(self.routes.list) else self.routes.detail_where
