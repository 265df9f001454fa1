"""Requests to the project, and where a collection of its rows lives."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.result import Where
from grader.stand import trouble
from grader.stand.http import Answer
from grader.stand.process import ANSWER_SECONDS, Child
from grader.stand.timeline import SAFE, Timeline


class Api:
    """Requests to one process of the project, noted in the timeline. `headers` go with every one.

    `who` is what the timeline calls whoever asks, such as "reader".
    """

    def __init__(self, child: Child, timeline: Timeline, headers: Mapping[str, str], who: str = "") -> None:
        self._child = child
        self._timeline = timeline
        self._headers = headers
        self._who = who

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        timeout: float = ANSWER_SECONDS,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; `body` is sent as JSON (text as it is), `timeout` is in seconds. Raises NoAnswer."""
        began = time.monotonic()
        if self._who and method not in SAFE:
            self._timeline.begins(self._who, method, path)
        answer = self._child.request(method, path, body, {**self._headers, **(headers or {})}, timeout)
        self._timeline.request(method, path, began, answer, self._who)
        return answer

    def through(self, child: Child, who: str = "") -> Api:
        """The same requests, to another process, from `who`."""
        return Api(child, self._timeline, self._headers, who)

    def called(self, who: str) -> Api:
        """The same requests, from `who`."""
        return Api(self._child, self._timeline, self._headers, who)

    def with_headers(self, headers: Mapping[str, str]) -> Api:
        """The same requests, with other headers."""
        return Api(self._child, self._timeline, headers, self._who)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """GET."""
        return self.request("GET", path, headers=headers)


@dataclass(frozen=True, slots=True)
class Routes:
    """Where a collection lives, as found from seeded data.

    `detail` has %(key)s where the row's `lookup` column stands, and is empty if there is no such route.
    `visible` is the text column that the list shows. `login` tells that the list wants one.
    """

    list: str
    list_where: Where | None
    detail: str
    detail_where: Where | None
    lookup: str
    visible: str
    login: bool = False


def answered(method: str, path: str, answer: Answer) -> str:
    """`GET /api/users/ answered 500: NameError: name 'cache' is not defined (users/views.py, line 12)`."""
    why = f": {trouble.sentence(answer.error)}" if answer.error else ""
    return f"{method} {path} answered {answer.status}{why}"
