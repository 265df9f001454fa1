"""What the checks of timing share: that a project says, for each request of a view, how long it took."""

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
"""Seconds by which each reply of Redis is late, a little and more; the second pair for a busy machine."""

LOG_SECONDS = 0.5
"""Seconds that a line may take to arrive after the answer."""

LONGEST = 120
"""Characters of a line that are shown."""

_SLACK = 0.002
_TURN = 0.01


@dataclass(frozen=True, slots=True)
class LoggedDurations:
    """What was found in the log: where the durations are, and the lines that were looked at."""

    durations: list[DurationPlace]
    lines: list[str]


def logged_durations(
    environment: CheckEnvironment,
    ask: Callable[[], object],
    prepare: Callable[[], object] | None = None,
    times: int = 1,
) -> LoggedDurations:
    """Make Redis late, by a little and by more, `ask`, and look for the durations of this in what is log.

    `ask` is called so many `times` with each delay, and `prepare` before it, while Redis is quick.
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
    """Each request left a line with its duration and, if `label`, with words that say what was timed."""
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
    """Each request of the cached list, and of the cached detail, leaves its duration in the log.

    `rows` are in the cache, if the project caches them.
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
    """What was log, once nothing more comes for a moment; at most for half a second."""
    deadline = time.monotonic() + LOG_SECONDS
    lines: list[str] = []
    while time.monotonic() < deadline:
        before, lines = lines, log.lines()
        if lines and lines == before:
            break
        threading.Event().wait(_TURN)
    return lines
