"""Experiments on timing: a project logs, for each request of a view, its duration."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from grader.experiments.timings import DurationPlace, Window, durations
from grader.result import SourceLocation
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.log_capture import ROOT_AT_INFO, LogCapture
from grader.sandbox.observing.redis import Redis
from grader.spec import expect

DELAYS = ((0.01, 0.03), (0.06, 0.15))
"""Delays in seconds of each Redis reply, a short and a longer one; the second pair for a busy machine."""

LOG_SECONDS = 0.5
"""Seconds within which a line must arrive after the response."""

LONGEST = 120
"""Most characters of a line that are shown."""

_SLACK = 0.002
_TURN = 0.01


@dataclass(frozen=True, slots=True)
class LoggedDurations:
    """The places of durations in the log, and the lines that were searched."""

    durations: list[DurationPlace]
    lines: list[str]


def logged_durations(
    environment: CheckEnvironment,
    ask: Callable[[], object],
    prepare: Callable[[], object] | None = None,
    times: int = 1,
) -> LoggedDurations:
    """Call `ask` with a short and a longer delay of Redis, and find its durations in the log.

    `ask` is called `times` times with each delay, after `prepare`, which runs without a delay.
    """
    log = LogCapture(environment)
    logged = LoggedDurations([], [])
    for delays in DELAYS:
        batches: list[list[str]] = []
        windows: list[list[Window]] = []
        for delay in delays:
            log.clear()
            windows.append([_asked(environment, ask, prepare, delay) for _ in range(times)])
            batches.append(settled(log))
            if not batches[-1]:
                return logged
        logged = LoggedDurations(durations(batches, windows), [line for batch in batches for line in batch])
        if logged.durations:
            break
    return logged


def expect_timed(
    logged: LoggedDurations, what: str, where: SourceLocation | None = None, label: bool = True
) -> None:
    """Fail the check unless the log has the durations of `what` and, with `label`, words that name it."""
    expect(logged.lines, seen=f"{what} left no line in the log", how="silent", where=where)
    expect(
        logged.durations,
        seen=f"{what} left lines in the log, and no number in them followed the time it took; "
        f"the last one is: {''.join(logged.lines[-1:])[:LONGEST]}",
        how="not_the_time",
        where=where,
    )
    expect(
        not label or any(found.labels for found in logged.durations),
        seen=f"{what} left its duration in the log, without a name",
        how="no_label",
        where=where,
    )


def expect_requests_timed(environment: CheckEnvironment, rows: Collection, redis: Redis) -> None:
    """Fail the check unless each request of the cached list and detail leaves its duration in the log.

    `rows` must be in the cache, if the project caches them.
    """
    environment.run(ROOT_AT_INFO, says="the root logger shows INFO")
    where = rows.routes.list_where
    expect_timed(logged_durations(environment, rows.list, times=2), f"GET {rows.routes.list}, a hit,", where)
    cold = logged_durations(environment, rows.list, prepare=redis.flush)
    expect(
        cold.durations,
        seen=f"GET {rows.routes.list}, a miss, left no duration in the log",
        how="cold",
        where=where,
    )
    if not rows.routes.detail:
        return
    row = rows.table.rows[0]
    rows.detail(row)
    rows.table.change(row)
    if rows.detail(row).shows(rows.text(row)):
        logged = logged_durations(environment, lambda: rows.detail(row))
        expect(
            logged.durations,
            seen=f"GET {rows.path(row)}, a hit, left no duration in the log",
            how="detail",
            where=rows.routes.detail_where,
        )


def _asked(
    environment: CheckEnvironment,
    ask: Callable[[], object],
    prepare: Callable[[], object] | None,
    delay: float,
) -> Window:
    if prepare:
        prepare()
    environment.proxy.slow(delay)
    began = time.monotonic()
    try:
        ask()
    finally:
        took = time.monotonic() - began
        environment.proxy.restore()
    return Window(0.9 * delay, took + _SLACK)


def settled(log: LogCapture) -> list[str]:
    """Return the lines of the log as soon as no more arrive, at the latest after half a second."""
    deadline = time.monotonic() + LOG_SECONDS
    lines: list[str] = []
    while time.monotonic() < deadline:
        before, lines = lines, log.lines()
        if lines and lines == before:
            break
        threading.Event().wait(_TURN)
    return lines
