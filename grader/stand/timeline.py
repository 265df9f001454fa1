"""The story of a check, from what the judge did, what passed through the proxy and what SQL was seen."""

from __future__ import annotations

import time

from grader.result import Event, Source
from grader.servers.describe import describe
from grader.servers.proxy import Proxy
from grader.stand.http import Answer

MAX_EVENTS = 60


class Timeline:
    """Notes events as they happen; `events()` gives them in order."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._start = time.monotonic()
        self._mark = proxy.mark()
        self._noted: list[tuple[float, Source, str]] = []

    def note(self, text: str, source: Source = Source.JUDGE, at: float | None = None) -> None:
        """Note an event, now or `at` a monotonic time in seconds."""
        self._noted.append((time.monotonic() if at is None else at, source, text))

    def request(self, method: str, path: str, began: float, answer: Answer) -> None:
        """Note a request, its answer and the SQL that the observer saw."""
        rows = answer.rows
        count = "" if rows is None else f", {len(rows)} row{'' if len(rows) == 1 else 's'}"
        self.note(f"{method} {path} → {answer.status}{count}", at=began)
        for at, statement in answer.sql:
            self.note(statement, Source.DATABASE, at)

    def events(self) -> tuple[Event, ...]:
        """What happened so far, in order, at most 60 events."""
        passed = [
            (exchange.at, Source.REDIS, describe(exchange))
            for exchange in self._proxy.since(self._mark)
            if not exchange.setup
        ]
        ordered = sorted(self._noted + passed, key=lambda event: event[0])
        return tuple(
            Event(max(0.0, (at - self._start) * 1000), source, text)
            for at, source, text in ordered[-MAX_EVENTS:]
        )
