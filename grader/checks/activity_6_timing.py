"""Activity 6: the decorator. Is every request of a cached view timed, and is a hit told from a miss?"""

from __future__ import annotations

from collections.abc import Mapping

from grader.experiments.monitoring import expect_requests_timed, expect_timed, logged_durations, settled
from grader.experiments.statistics_view import Numbers, find_statistics_view, numbers
from grader.experiments.timings import counts, read
from grader.result import SourceLocation
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.log_capture import ROOT_AT_INFO, LogCapture
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Key, Redis
from grader.spec import CheckFailed, check, expect, fail, not_applicable
from grader.wording import counted

TRAFFIC = "MHHMHHHMHH"
"""Seven hits and three misses."""

MANY = 40
BYTES_A_ROW = 8
OTHERS = 50
"""Reads of another application on the same server, half of them in vain."""

STEP_BACK = """
import datetime, os, sys, time
real, back = time.time, [0]
def stepped():
    back[0] += 3600
    return real() - back[0]
def stepped_ns():
    return int(stepped() * 1e9)
class Stepped(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(stepped(), tz)
swaps = {time.time: stepped, time.time_ns: stepped_ns, datetime.datetime: Stepped}
for module in list(sys.modules.values()):
    file = getattr(module, "__file__", None) or ""
    if file.startswith(os.getcwd() + os.sep) or module.__name__ == "django.utils.timezone":
        for name, thing in list(vars(module).items()):
            for old, new in swaps.items():
                if thing is old:
                    setattr(module, name, new)
time.time, time.time_ns = stepped, stepped_ns
"""
"""Whoever reads the wall clock in the process finds it set back by another hour each time."""


@check("M1", needs=("L2",), about_cache=False)
def check_each_request_is_timed(environment: CheckEnvironment, warm: Collection, redis: Redis) -> None:
    expect_requests_timed(environment, warm, redis)


@check("M3", needs=("L2",), about_cache=False)
def check_a_timed_view_behaves_as_before(
    environment: CheckEnvironment, warm: Collection, database: Database, redis: Redis
) -> None:
    where = warm.routes.list_where
    response = warm.list()
    shown = all(response.shows(warm.text(row)) for row in database.users.rows[:1])
    expect(shown, seen="the list lost its users", where=where)
    for route in environment.project.report()["routes"]:
        if route["path"] in (warm.routes.list, _pattern(warm.routes.detail, route)):
            name, called = route.get("name", ""), route.get("called", "")
            expect(
                not called or name == called,
                seen=f"the method {name} says that its name is {called}",
                how="name_lost",
                where=where,
            )
    if warm.routes.login:
        return  # without its table the login would fail, and not the view
    redis.flush()
    with database.users.away():
        environment.timeline.note("the table of the users is gone")
        broken = warm.api.get(warm.routes.list)
    kind = str(broken.error.get("type", ""))
    expect(
        broken.status >= 500 and kind not in ("AssertionError", "AttributeError", "TypeError"),
        seen=f"the database raised an error in the view, and the answer was {broken.status}"
        + (f" with another one, {kind}" if kind else ""),
        how="swallowed",
        where=where,
    )


@check("M2", needs=("L2",), about_cache=False)
def check_hits_and_misses_are_counted(
    environment: CheckEnvironment,
    users: Collection,
    database: Database,
    redis: Redis,
    options: Mapping[str, str],
) -> None:
    environment.run(ROOT_AT_INFO, says="the root logger shows INFO")
    database.users.insert(MANY)
    redis.flush()
    users.list()
    users.list()
    try:
        view = find_statistics_view(environment, options)
    except CheckFailed:
        view = None
    before = numbers(view.get()) if view else {}
    said = LogCapture(environment)
    environment.timeline.restart()
    hits = misses = 0
    for letter in TRAFFIC:
        if letter == "M":
            redis.delete(_of_users(redis, users, database))
        database.users.change(database.users.rows[0])
        if users.list().shows(database.users.get(database.users.rows[0])):
            misses += 1
        else:
            hits += 1
    if not hits or not misses:
        not_applicable("the list cannot be made to miss and to hit in turn")
    like = redis.keys()[0]
    redis.plant(like, "another:application")
    redis.look_up(like, ["another:application", "another:absence"] * OTHERS)
    environment.timeline.note(
        f"{len(TRAFFIC)} GETs of {users.routes.list}: {hits} hits and {misses} misses; "
        f"another application reads {2 * OTHERS} times"
    )
    after = numbers(view.get()) if view else {}
    rose = {path: after[path] - before[path] for path in after if path in before}
    if not any(rose.values()):
        environment.timeline.note("no number has moved")
    if _told_apart(said, hits, misses):
        expect(True, seen="")
        return
    expect(rose, seen="nothing tells hits from misses", how="not_counted")
    _expect_counted(rose, after, hits, misses, view.where if view else None)


def _expect_counted(
    rose: Numbers, after: Numbers, hits: int, misses: int, where: SourceLocation | None
) -> None:
    named = {path: by for path, by in rose.items() if "hit" in path.lower() or "miss" in path.lower()}
    good = [path for path, by in rose.items() if by == hits and "miss" not in path.lower()]
    bad = [path for path, by in rose.items() if by == misses and "hit" not in path.lower()]
    if not good or not bad:
        told = ", ".join(f"{path} by {by:g}" for path, by in list(named.items())[:4])
        if not any(named.values()):
            fail("the statistics have no number that follows hits and misses", "not_counted", where)
        how = "server_wide" if any(by >= OTHERS for by in named.values()) else "wrong_count"
        fail(f"there were {hits} hits and {misses} misses, and what rose was: {told}", how, where)
    total = after[good[0]] + after[bad[0]]
    for path, value in after.items():
        if any(word in path.lower() for word in ("ratio", "rate", "percent")) and total:
            share = after[bad[0] if "miss" in path.lower() else good[0]] / total
            right = abs(value - share) <= 0.011 or abs(value - 100 * share) <= 1.1
            made_of = f"{after[good[0]]:g} hits and {after[bad[0]]:g} misses"
            seen = f"{path} is {value:g}; with {made_of} it should be {share:.2f}"
            expect(right, seen=seen, how="ratio", where=where)
    expect(True, seen="")


@check("M5", needs=("M1",), about_cache=False)
def check_the_line_is_visible(environment: CheckEnvironment, warm: Collection) -> None:
    environment.timeline.restart()
    logged = logged_durations(environment, warm.list)
    count = len(logged.lines)
    environment.timeline.note(f"the server printed {counted(count, 'line')}")
    expect_timed(logged, f"GET {warm.routes.list}", warm.routes.list_where, label=False)


@check("M6", needs=("M1",), about_cache=False)
def check_a_failing_call_is_timed(
    environment: CheckEnvironment, warm: Collection, database: Database, redis: Redis
) -> None:
    if warm.routes.login:
        not_applicable("without the table of the users nobody is logged in, so the view is not reached")
    environment.run(ROOT_AT_INFO, says="the root logger shows INFO")
    environment.timeline.restart()
    with database.users.away():
        environment.timeline.note("the table of the users is gone: the view raises an error")
        redis.flush()
        if warm.api.get(warm.routes.list).status < 500:
            not_applicable("the view does not fail even without its table")
        logged = logged_durations(environment, lambda: warm.api.get(warm.routes.list), prepare=redis.flush)
    if not logged.durations:
        environment.timeline.note("the log has the error, and no duration")
    where = warm.routes.list_where
    expect_timed(logged, f"GET {warm.routes.list}, which failed,", where, label=False)


@check("M4", needs=("M1",), about_cache=False)
def check_a_clock_set_back(environment: CheckEnvironment, warm: Collection) -> None:
    environment.run(ROOT_AT_INFO, says="the root logger shows INFO")
    places = logged_durations(environment, warm.list).durations
    expect(places, seen="no duration could be found in the log")
    environment.run(STEP_BACK, says="the wall clock is set back an hour whenever it is read")
    said = LogCapture(environment)
    warm.list()
    lines = [read(line) for line in settled(said)]
    for line in lines:
        for place in places:
            if place.shape == line.shape:
                value = line.numbers[place.index].value * place.scale
                expect(
                    0 <= value < 600,
                    seen=f"the clock was set back, and a duration of {value:.0f} s was logged",
                    where=warm.routes.list_where,
                )
    timed = {line.shape for line in lines} & {place.shape for place in places}
    expect(timed, seen="with the clock set back no duration was logged")


def _of_users(redis: Redis, users: Collection, database: Database) -> list[Key]:
    """The keys that hold users: neither counters nor versions."""
    texts = [users.text(row) for row in database.users.rows]
    found = redis.keys()
    return [key for key in found if key.holds(texts) or key.size >= BYTES_A_ROW * len(texts)]


def _told_apart(said: LogCapture, hits: int, misses: int) -> bool:
    """Whether the log has a kind of line for each hit, and another for each miss."""
    often = counts(said.lines()).values()
    return any(hits * times in often and misses * times in often for times in (1, 2))


def _pattern(detail: str, route: Mapping[str, object]) -> str:
    names = route["names"]
    return detail.replace("%(key)s", f"%({names[0]})s") if isinstance(names, list) and names else ""
