"""Requests to the project, and the routes of a collection."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.result import SourceLocation
from grader.sandbox import errors
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.timeline import SAFE, Timeline


class Api:
    """Sends requests to one worker and notes them in the timeline. Every request carries `headers`.

    `who` is the name of the client in the timeline, such as "reader".
    """

    def __init__(self, worker: Worker, timeline: Timeline, headers: Mapping[str, str], who: str = "") -> None:
        self._worker = worker
        self._timeline = timeline
        self._headers = headers
        self._who = who

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send a request; `body` goes as JSON, a text unchanged.

        `timeout` as in `Worker.request`. Raises NoResponse.
        """
        began = time.monotonic()
        if self._who and method not in SAFE:
            self._timeline.begins(self._who, method, path)
        response = self._worker.request(method, path, body, {**self._headers, **(headers or {})}, timeout)
        self._timeline.request(method, path, began, response, self._who)
        return response

    def through(self, worker: Worker, who: str = "") -> Api:
        """Return an Api for another worker and the client `who`."""
        return Api(worker, self._timeline, self._headers, who)

    def called(self, who: str) -> Api:
        """Return an Api for the client `who`."""
        return Api(self._worker, self._timeline, self._headers, who)

    def with_headers(self, headers: Mapping[str, str]) -> Api:
        """Return an Api with other headers."""
        return Api(self._worker, self._timeline, headers, self._who)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        """Send a GET request. Raises NoResponse."""
        return self.request("GET", path, headers=headers)


@dataclass(frozen=True, slots=True)
class Routes:
    """The routes of a collection, discovered by seeded rows.

    `detail` has %(key)s in the place of the row's `lookup` column (empty: the primary key), and is empty if
    there is no detail route. `visible` is the text column that the list shows. `login` tells that the list
    requires a login.
    """

    list: str
    list_where: SourceLocation | None
    detail: str
    detail_where: SourceLocation | None
    lookup: str
    visible: str
    login: bool = False


def describe_response(method: str, path: str, response: Response) -> str:
    """Describe a failed request: `GET /api/users/ answered 500: NameError: name 'cache' ...`."""
    why = f": {errors.exception_sentence(response.error)}" if response.error else ""
    return f"{method} {path} answered {response.status}{why}"
