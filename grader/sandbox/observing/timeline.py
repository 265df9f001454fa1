"""The story of a check, from what the judge did, what passed through the proxy and what SQL was seen."""

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
"""Requests that write nothing."""

OFTEN = 3
"""Times the same is asked, with the same answer, after which it is told once."""

_NUMBER = re.compile(r"\d+")
_SIZE = re.compile(r"^[\d.]+ [kM]?B\b")
_RESULT = re.compile(r" \d+$")


class Timeline:
    """Notes events as they happen; `events()` gives them in order."""

    def __init__(self, *proxies: Proxy) -> None:
        self._proxies = proxies
        self._start = time.monotonic()
        self._marks = [proxy.mark() for proxy in proxies]
        self._noted: list[tuple[float, Source, str]] = []
        self._frozen: tuple[Event, ...] | None = None

    def restart(self) -> None:
        """Begin a new scene: what came before is no part of the story any more."""
        self._noted.clear()
        self._marks = [proxy.mark() for proxy in self._proxies]

    def freeze(self) -> None:
        """The story is at its end: what comes after this is not told."""
        self._frozen = self.events()

    def note(self, text: str, source: Source = Source.JUDGE, at: float | None = None) -> None:
        """Note an event, now or `at` a monotonic time in seconds."""
        self._noted.append((time.monotonic() if at is None else at, source, text))

    def begins(self, who: str, method: str, path: str) -> None:
        """Note that a write begins, in the midst of which others will act."""
        self.note(f"{who}: {method} {path} begins")

    def request(self, method: str, path: str, began: float, response: Response, who: str = "") -> None:
        """Note a request of `who`, its answer and the SQL that the observer saw.

        A write of somebody named is noted where it ends; where it begins, `begins` has noted it.
        """
        rows = response.rows
        count = "" if rows is None else f", {counted(len(rows), 'row')}"
        at = None if who and method not in SAFE else began
        self.note(f"{who}: " * bool(who) + f"{method} {path} → {response.status}{count}", at=at)
        for at, statement in response.sql:
            self.note(statement, Source.DATABASE, at)

    def events(self) -> tuple[Event, ...]:
        """What happened in this scene, in order, at most 60 events.

        What was asked over and over is told once, and of many commands alike the first and the last.
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
    """Each with where it went, if that is not clear: the server by name, another database by number."""
    for exchange in exchanges:
        elsewhere = exchange.db != exchanges[0].db
        yield exchange, f"{server}: " * bool(server) + f"db {exchange.db}: " * elsewhere


def _collapse_repeats(events: list[Event]) -> list[Event]:
    """A request that was made again and again, with all that it caused, becomes its last time."""
    steps: list[list[Event]] = []
    for event in events:
        if event.source is Source.JUDGE or not steps:
            steps.append([])
        steps[-1].append(event)
    told: list[Event] = []
    for _, same in groupby(steps, key=lambda step: [(event.source, _uncounted(event)) for event in step]):
        times = list(same)
        if len(times) < OFTEN:
            told += [event for step in times for event in step]
        else:
            first, *rest = times[-1]
            told += [replace(first, text=f"{first.text} (asked {len(times)} times)"), *rest]
    return told


def _uncounted(event: Event) -> str:
    """What it says, whatever a counter in Redis has come to."""
    return _RESULT.sub(" #", event.text) if event.source is Source.REDIS else event.text


def _shorten_runs(events: list[Event]) -> list[Event]:
    """Of commands that differ in no more than a number in the key or a size, the first and the last."""
    told: list[Event] = []
    for _, same in groupby(events, key=_alike):
        run = list(same)
        if len(run) <= OFTEN:
            told += run
        else:
            told += [run[0], replace(run[-1], text=f"{run[-1].text} (the last of {len(run)} alike)")]
    return told


def _alike(event: Event) -> object:
    """What two events share that need not both be told; itself if it has no like."""
    if event.source is not Source.REDIS:
        return event
    name, _, rest = event.text.partition(" ")
    key, _, more = rest.partition(" ")
    return name, _NUMBER.sub("#", key), _SIZE.sub("#", more)
