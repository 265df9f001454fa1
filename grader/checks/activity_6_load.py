"""Activity 6: the load test. Does it measure what it says, and notice when there is nothing to measure?"""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping

from grader.experiments.load_test import (
    LoadTest,
    ScriptRun,
    ServedRequest,
    end_of,
    find_load_test,
    missing_module,
)
from grader.result import Fault
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.errors import SandboxError
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.http import Response
from grader.sandbox.script import RunMode
from grader.spec import check, expect, fail
from grader.static_analysis.requirements import declared
from grader.wording import counted

SAMPLES = 10
MOST_OF_AN_ARM = 0.4
"""Of all answers, if an arm has fewer than ten."""
LATE = (0.06, 0.5)
"""Seconds by which some answers are late, to see what that does; the second for a busy machine."""
ONE_IN = 4
"""One answer of so many is late: too few to move a median, enough to move a mean."""

_PRINTED = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?(?:e-?\d+)?)\s*+(ms|[µμu]s|s(?=\b|ec))?(?!\s*[x×%\d.])", re.IGNORECASE
)

ERROR = Response(500, {"content-type": "text/plain"}, b"Internal Server Error")


def played(test: LoadTest) -> tuple[ScriptRun, RunMode]:
    """How the script runs beside a server whose list is in the cache already, as on any day. Run once."""
    return test.environment.project.once("load test", lambda: _played(test))


def _played(test: LoadTest) -> tuple[ScriptRun, RunMode]:
    """The script as it is meant to be run: as a program, or if that asks nothing, by pytest."""
    test.users.list()
    test.users.list()
    test.environment.timeline.note("the list is in the cache already")
    as_program = test.play()
    if as_program.asked or as_program.status:
        return as_program, RunMode.RUN
    by_pytest = test.play(RunMode.TEST)
    return (by_pytest, RunMode.TEST) if by_pytest.asked else (as_program, RunMode.RUN)


@check("P0", needs=("B3",), about_cache=False)
def check_the_load_test_runs(
    environment: CheckEnvironment, users: Collection, database: Database, options: Mapping[str, str]
) -> None:
    test = find_load_test(environment, users, database, options)
    done, _ = played(test)
    if module := missing_module(done):
        if module.lower() in {name.replace("-", "_") for name in declared(test.environment.submission.root)}:
            raise SandboxError(
                Fault.ENVIRONMENT,
                f"the script needs the package {module!r}, and the project's Python does not have it",
                "Your script may be right: the machine lacks a package it imports.",
                "Install the project's packages: python -m pip install -r requirements.txt",
            )
        fail(f"the script needs the package {module!r}, which the project does not declare", "undeclared")
    if done.status:
        raise end_of(done)
    seen = f"{counted(len(done.asked), 'request')} came to the server"
    expect(len(done.asked) >= 2, seen=seen, how="asks_nothing")
    bad = [each for each in done.asked if each.status >= 400]
    expect(
        len(done.good) >= 2,
        seen=f"of {len(done.asked)} requests {len(bad)} got an error ({bad[0].status if bad else ''}); "
        f"your users are at {test.users.routes.list}",
        how="no_page",
    )
    count = len(done.timings)
    expect(
        count >= 2,
        seen=f"the script printed {counted(count, 'number')} that could be timings; "
        f"its last line is: {done.last_words}",
        how="no_timings",
    )


@check("P1", needs=("P0",), about_cache=False)
def check_the_load_test_fails_with_the_server(
    environment: CheckEnvironment, users: Collection, database: Database, options: Mapping[str, str]
) -> None:
    test = find_load_test(environment, users, database, options)
    _, how = played(test)
    test.environment.timeline.restart()
    down = test.play(how, up=False)
    expect(
        not down.well,
        seen=f"no server was running, and the script ended with status 0: {down.last_words}",
        how="down_is_fine",
    )
    test.environment.timeline.restart()
    broken = test.play(how, instead=ERROR)
    expect(
        not broken.well,
        seen=f"the server gave {_answers(broken)} of status 500, and the script ended with status 0: "
        f"{broken.last_words}",
        how="error_is_fine",
    )


@check("P2", needs=("P0",), about_cache=False)
def check_the_load_test_takes_samples(
    environment: CheckEnvironment, users: Collection, database: Database, options: Mapping[str, str]
) -> None:
    test = find_load_test(environment, users, database, options)
    done, how = played(test)
    count = len(done.good)
    expect(
        count >= 2 * SAMPLES,
        seen=f"the script got {counted(count, 'good answer')}: it needs {SAMPLES} cold and "
        f"{SAMPLES} warm ones",
        how="few",
    )
    for late in LATE:
        heavy = test.play(how, slow=Sometimes(late))
        bar = max(map(_between, _arms(heavy.good)))
        quick = min(each.seconds for each in heavy.good)
        steady = [number for number in _durations(heavy.output) if quick / 2 <= number <= bar]
        if len(steady) >= 2:
            break
    expect(
        len(steady) >= 2,
        seen=f"one answer in {ONE_IN} was made {late * 1000:.0f} ms late, and no two of the numbers printed "
        f"stayed below {bar * 1000:.0f} ms, as medians would",
        how="mean",
    )


@check("P3", needs=("P0", "L2"), about_cache=False)
def check_the_arms_are_what_they_say(
    environment: CheckEnvironment, users: Collection, database: Database, options: Mapping[str, str]
) -> None:
    test = find_load_test(environment, users, database, options)
    done, _ = played(test)
    if not _cold_and_warm(done):
        done, _ = _played(test)  # once more, for the story of it
    cold = [each for each in done.asked if each.cached is False]
    warm = [each for each in done.asked if each.cached is True]
    total = len(cold) + len(warm)
    seen = f"of {total} lists of users {len(cold)} came from the database and {len(warm)} from the cache"
    expect(
        total,
        seen=f"none of {_answers(done)} shows the list of your users, which is at {test.users.routes.list}",
        how="other_page",
    )
    expect(cold, seen=seen, how="never_cold")
    expect(_enough(cold, total), seen=seen, how="once_cold")
    expect(_enough(warm, total), seen=seen, how="never_warm")


@check("P4", needs=("P0",), about_cache=False)
def check_an_import_does_nothing(
    environment: CheckEnvironment, users: Collection, database: Database, options: Mapping[str, str]
) -> None:
    test = find_load_test(environment, users, database, options)
    test.environment.timeline.restart()
    done = test.play(RunMode.IMPORT)
    expect(not done.asked, seen=f"an import of the script sent {_answers(done, 'request')}", how="asks")
    expect(
        done.status == 0,
        seen=f"an import of the script ended with status {done.status}: {done.last_words}",
        how="ends",
    )


def _cold_and_warm(done: ScriptRun) -> bool:
    arms = [[each for each in done.asked if each.cached is cached] for cached in (False, True)]
    return all(arm and _enough(arm, sum(map(len, arms))) for arm in arms)


class Sometimes:
    """Some answers are `late`, cold ones and warm ones alike."""

    def __init__(self, late: float) -> None:
        self._late = late
        self._count: dict[bool | None, int] = {}

    def __call__(self, cached: bool | None) -> float:
        count = self._count[cached] = self._count.get(cached, 0) + 1
        return self._late if count % ONE_IN == 0 else 0.0


def _between(arm: list[ServedRequest]) -> float:
    """What lies between the median and the mean of an arm: a script's median is below it, its mean above."""
    times = [each.seconds for each in arm]
    return (statistics.median(times) + statistics.mean(times)) / 2


def _answers(done: ScriptRun, word: str = "answer") -> str:
    return counted(len(done.asked), word)


def _arms(responses: list[ServedRequest]) -> list[list[ServedRequest]]:
    cold = [each for each in responses if each.cached is False]
    warm = [each for each in responses if each.cached is not False]
    return [arm for arm in (cold, warm) if arm]


def _enough(arm: list[ServedRequest], total: int) -> bool:
    return len(arm) >= SAMPLES or len(arm) >= MOST_OF_AN_ARM * total


def _durations(output: str) -> list[float]:
    """The numbers that a script printed, in seconds; without a unit they may be seconds or milliseconds."""
    found: list[float] = []
    for match in _PRINTED.finditer(output):
        value, unit = float(match[1]), (match[2] or "").lower()
        scales = {"": (1.0, 1e-3), "s": (1.0,), "ms": (1e-3,)}.get(unit, (1e-6,))
        found += [value * scale for scale in scales]
    return found
