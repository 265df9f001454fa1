"""Activity 6: the load test. Does it measure what it says, and notice when there is nothing to measure?"""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping

import pytest

from grader.experiments.load_test import (
    USERS,
    LoadTest,
    ScriptRun,
    ServedRequest,
    end_of,
    find_script,
    missing_module,
)
from grader.result import Fault
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.errors import SandboxError
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.http import Response
from grader.sandbox.script import RunMode
from grader.spec import Way, check, expect, fail
from grader.static_analysis.requirements import declared

SAMPLES = 10
MOST_OF_AN_ARM = 0.4
"""Of all answers, if an arm has fewer than ten."""
LATE = (0.06, 0.5)
"""Seconds by which some answers are late, to see what that does; the second for a busy machine."""
ONE_IN = 4
"""One answer of so many is late: too few to move a median, enough to move a mean."""

_PRINTED = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?(?:e-?\d+)?)\s*(ms|[µμu]s|s(?=\b|ec))?(?!\s*[x×%\d.])", re.IGNORECASE
)

ERROR = Response(500, {"content-type": "text/plain"}, b"Internal Server Error")

CRASHED = Way(
    "The script ended with an error, although the server was there and answered.",
    "Start runserver in one terminal, run the script in another, and read the last line of what it prints.",
)


@pytest.fixture
def load_test(
    environment: CheckEnvironment, users: Collection, database: Database, options: Mapping[str, str]
) -> LoadTest:
    """The learner's script, beside a server with some users."""
    database.users.start_anew(USERS)
    return LoadTest(environment, users, database, find_script(environment, options))


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


@check(
    "P0",
    title="The load test runs, and prints two timings",
    needs=("B3",),
    means="A measurement that does not run measures nothing.",
    try_="Start runserver in one terminal, and run your script in another.",
    ways={
        "no_script": Way(
            "The workshop found no script that asks your server something and takes the time.",
            "`workshop start activity-6` brings test_cache_performance.py. "
            "Yours has another name? Name it in workshop.toml: load_test = '...'.",
        ),
        "crashed": CRASHED,
        "undeclared": Way(
            "The script imports a package that your requirements do not name: elsewhere it will not run.",
            "Add the package to requirements.txt, and install it: python -m pip install -r requirements.txt.",
        ),
        "asks_nothing": Way(
            "The script ended well and asked the server next to nothing.",
            "Call your function at the end: if __name__ == '__main__': test_cache_performance().",
        ),
        "no_page": Way(
            "What the server answered was an error, and the script took the time of that.",
            "Look at the URL in the script: open it in a browser.",
        ),
        "no_timings": Way(
            "The script asked the server, and did not print how long that took.",
            "Print both numbers with their unit: print(f'First call: {time1:.4f}s').",
        ),
    },
)
def check_the_load_test_runs(load_test: LoadTest) -> None:
    done, _ = played(load_test)
    if module := missing_module(done):
        if module.lower() in {
            name.replace("-", "_") for name in declared(load_test.environment.submission.root)
        }:
            raise SandboxError(
                Fault.ENVIRONMENT,
                f"the script needs the package {module!r}, and the project's Python does not have it",
                "Your script may be right: the machine lacks a package it imports.",
                "Install the project's packages: python -m pip install -r requirements.txt",
            )
        fail(f"the script needs the package {module!r}, which the project does not declare", "undeclared")
    if done.status:
        raise end_of(done)
    seen = f"{len(done.asked)} request{'' if len(done.asked) == 1 else 's'} came to the server"
    expect(len(done.asked) >= 2, seen=seen, how="asks_nothing")
    bad = [each for each in done.asked if each.status >= 400]
    expect(
        len(done.good) >= 2,
        seen=f"of {len(done.asked)} requests {len(bad)} got an error ({bad[0].status if bad else ''}); "
        f"your users are at {load_test.users.routes.list}",
        how="no_page",
    )
    count = len(done.timings)
    expect(
        count >= 2,
        seen=f"the script printed {count} number{'' if count == 1 else 's'} that could be timings; "
        f"its last line is: {done.last_words}",
        how="no_timings",
    )


@check(
    "P1",
    title="The load test fails when the server is down, or answers an error",
    needs=("P0",),
    means="A test that is content with everything is no test: one day it will praise a server that is down.",
    try_="Call raise_for_status() on each response, and let the exception end the script.",
    ways={
        "error_is_fine": Way(
            "Every answer was an error, and your script called that a speed-up. Error pages are quick.",
            "Call response.raise_for_status() before you believe a time.",
        ),
        "down_is_fine": Way(
            "Nobody listened, and your script ended as if all were well.",
            "Let the exception of the connection through, or end with sys.exit(1).",
        ),
    },
)
def check_the_load_test_fails_with_the_server(load_test: LoadTest) -> None:
    _, how = played(load_test)
    load_test.environment.timeline.restart()
    down = load_test.play(how, up=False)
    expect(
        not down.well,
        seen=f"no server was running, and the script ended with status 0: {down.last_words}",
        how="down_is_fine",
    )
    load_test.environment.timeline.restart()
    broken = load_test.play(how, instead=ERROR)
    expect(
        not broken.well,
        seen=f"the server gave {_answers(broken)} of status 500, and the script ended with status 0: "
        f"{broken.last_words}",
        how="error_is_fine",
    )


@check(
    "P2",
    title="The load test takes ten samples of each, and their median",
    needs=("P0",),
    means="One sample is an anecdote: a single slow moment decides what you believe.",
    try_="Take 10 samples or more, cold and warm, and print statistics.median() of each.",
    ways={
        "few": Way(
            "So few samples say little: repeat the run, and the speed-up is another one.",
            "Measure in a loop: 10 samples or more with a cold cache, and as many with a warm one.",
        ),
        "mean": Way(
            "A few slow answers moved your result. That is what a mean does.",
            "Use statistics.median(): half of the samples are quicker, half are slower, whatever a few do.",
        ),
    },
)
def check_the_load_test_takes_samples(load_test: LoadTest) -> None:
    done, how = played(load_test)
    count = len(done.good)
    expect(
        count >= 2 * SAMPLES,
        seen=f"the script got {count} good answer{'' if count == 1 else 's'}: it needs {SAMPLES} cold and "
        f"{SAMPLES} warm ones",
        how="few",
    )
    for late in LATE:
        heavy = load_test.play(how, slow=Sometimes(late))
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


@check(
    "P3",
    title="What it calls cold is cold, and what it calls warm is warm",
    needs=("P0", "L2"),
    means="Two samples of the same thing have no difference to show.",
    try_="Let the server forget the list before each cold sample, and touch no cache for the warm ones.",
    ways={
        "other_page": Way(
            "Your script asks for something else than the list of your users, so its times say nothing of "
            "the list.",
            "Look at the URL in the script, and open it in a browser: does it show your users?",
        ),
        "never_cold": Way(
            "The list was in the cache before your script began, as on any server that runs for a while. "
            "So your first call was a hit as well.",
            "Make the cache forget the list before each cold sample, by a write for instance.",
        ),
        "once_cold": Way(
            "The first cold sample was cold and filled the cache: the others were hits.",
            "Make the cache forget the list before each cold sample, not once.",
        ),
        "never_warm": Way(
            "Hardly an answer came from the cache, so there is nothing to compare with.",
            "For the warm samples ask the very same URL again and again, and clear nothing in between.",
        ),
    },
)
def check_the_arms_are_what_they_say(load_test: LoadTest) -> None:
    done, _ = played(load_test)
    if not _cold_and_warm(done):
        done, _ = _played(load_test)  # once more, for the story of it
    cold = [each for each in done.asked if each.cached is False]
    warm = [each for each in done.asked if each.cached is True]
    total = len(cold) + len(warm)
    seen = f"of {total} lists of users {len(cold)} came from the database and {len(warm)} from the cache"
    expect(
        total,
        seen=f"none of {_answers(done)} shows the list of your users, which is at "
        f"{load_test.users.routes.list}",
        how="other_page",
    )
    expect(cold, seen=seen, how="never_cold")
    expect(_enough(cold, total), seen=seen, how="once_cold")
    expect(_enough(warm, total), seen=seen, how="never_warm")


@check(
    "P4",
    title="Importing the load test does nothing",
    needs=("P0",),
    means="Tools import your files to look at them: pytest, editors, documentation. No server should notice.",
    try_="Put what runs into a function, and call it below if __name__ == '__main__'.",
    ways={
        "asks": Way(
            "The script was only imported, as pytest does to see what is in it, and it went to work.",
            "Put what runs into a function, and call it below if __name__ == '__main__'.",
        ),
        "ends": Way(
            "The script was only imported, and it ended the process that imported it.",
            "Call sys.exit() only below if __name__ == '__main__'.",
        ),
    },
)
def check_an_import_does_nothing(load_test: LoadTest) -> None:
    load_test.environment.timeline.restart()
    done = load_test.play(RunMode.IMPORT)
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
    count = len(done.asked)
    return f"{count} {word}{'' if count == 1 else 's'}"


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
