"""The timeline of a check: actions of the judge, commands through the proxies, and observed SQL."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from grader.result import Event, Source
from grader.sandbox.observing.http import Response
from grader.servers.exchange_text import describe
from grader.servers.proxy import Proxy
from grader.servers.traffic import Exchange
from grader.wording import counted

MAX_EVENTS = 60

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods of requests that write nothing."""

OFTEN = 3
"""Repetitions of equal events from which the timeline shows them as one."""

_NUMBER = re.compile(r"\d+")
_SIZE = re.compile(r"^[\d.]+ [kM]?B\b")
_RESULT = re.compile(r" \d+$")


class Timeline:
    """Collects events; `events` returns them in order."""

    def __init__(self, *proxies: Proxy) -> None:
        self._proxies = proxies
        self._start = time.monotonic()
        self._marks = [proxy.mark() for proxy in proxies]
        self._noted: list[tuple[float, Source, str]] = []
        self._frozen: tuple[Event, ...] | None = None

    def restart(self) -> None:
        """Drop all earlier events."""
        self._noted.clear()
        self._marks = [proxy.mark() for proxy in self._proxies]

    def freeze(self) -> None:
        """Ignore all later events."""
        self._frozen = self.events()

    def note(self, text: str, source: Source = Source.JUDGE, at: float | None = None) -> None:
        """Note an event, now or `at` a monotonic time in seconds."""
        self._noted.append((time.monotonic() if at is None else at, source, text))

    def begins(self, who: str, method: str, path: str) -> None:
        """Note the begin of a write, during which other clients send requests."""
        self.note(f"{who}: {method} {path} begins")

    def request(self, method: str, path: str, began: float, response: Response, who: str = "") -> None:
        """Note a request of the client `who`, which `began` at a monotonic time, its response and its SQL.

        A write of a named client is noted at its end: `begins` has noted the begin.
        """
        rows = response.rows
        count = "" if rows is None else f", {counted(len(rows), 'row')}"
        at = None if who and method not in SAFE else began
        self.note(f"{who}: " * bool(who) + f"{method} {path} → {response.status}{count}", at=at)
        for at, statement in response.sql:
            self.note(statement, Source.DATABASE, at)

    def events(self) -> tuple[Event, ...]:
        """Return the events since the last `restart` in order, at most 60.

        Repeated requests become one event. Of many similar commands the first and the last remain.
        """
        if self._frozen is not None:
            return self._frozen
        passed = [
            (exchange.at, Source.REDIS, paths + describe(exchange))
            for proxy, mark in zip(self._proxies, self._marks, strict=True)
            for exchange, paths in _placed([one for one in proxy.since(mark) if not one.setup], proxy.name)
        ]
        ordered = sorted(self._noted + passed, key=lambda event: event[0])
        events = [Event(max(0.0, (at - self._start) * 1000), source, text) for at, source, text in ordered]
        return tuple(_shorten_runs(_collapse_repeats(events))[-MAX_EVENTS:])


def _placed(exchanges: Sequence[Exchange], server: str) -> Iterator[tuple[Exchange, str]]:
    """Each exchange with a prefix: the name of an extra server, the number of another database."""
    for exchange in exchanges:
        other_db = exchange.db != exchanges[0].db
        yield exchange, f"{server}: " * bool(server) + f"db {exchange.db}: " * other_db


def _collapse_repeats(events: list[Event]) -> list[Event]:
    """Replace a repeated request and the events that it caused by the last repetition."""
    steps: list[list[Event]] = []
    for event in events:
        if event.source is Source.JUDGE or not steps:
            steps.append([])
        steps[-1].append(event)
    collapsed: list[Event] = []
    for _, same in groupby(steps, key=lambda step: [(event.source, _uncounted(event)) for event in step]):
        times = list(same)
        if len(times) < OFTEN:
            collapsed += [event for step in times for event in step]
        else:
            first, *rest = times[-1]
            collapsed += [replace(first, text=f"{first.text} (asked {len(times)} times)"), *rest]
    return collapsed


def _uncounted(event: Event) -> str:
    """The text of an event without the result of a counter in Redis."""
    return _RESULT.sub(" #", event.text) if event.source is Source.REDIS else event.text


def _shorten_runs(events: list[Event]) -> list[Event]:
    """Keep the first and the last of commands that differ in a number in the key or a size only."""
    shortened: list[Event] = []
    for _, same in groupby(events, key=_alike):
        run = list(same)
        if len(run) <= OFTEN:
            shortened += run
        else:
            shortened += [run[0], replace(run[-1], text=f"{run[-1].text} (the last of {len(run)} alike)")]
    return shortened


def _alike(event: Event) -> object:
    """A value that is equal for similar events; the event itself if none is similar."""
    if event.source is not Source.REDIS:
        return event
    name, _, rest = event.text.partition(" ")
    key, _, more = rest.partition(" ")
    return name, _NUMBER.sub("#", key), _SIZE.sub("#", more)
