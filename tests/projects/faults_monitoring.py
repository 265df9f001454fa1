"""Faults that the decorator and the counting of Activity 6 are about."""

from __future__ import annotations

from collections.abc import Mapping

from tests.projects.control import SETTINGS, VIEWS, Change, Control
from tests.trees import Kind

TIMING = "users/cache_performance.py"
STORE = "users/user_cache.py"

_LOGS = 'logger.info("%s: %.4fs", cache_name, time.perf_counter() - start_time)'
_CALL = f"""\
            try:
                return func(*args, **kwargs)
            finally:
                {_LOGS}
"""
_DECORATED = '    @cache_performance("user_list_cache")\n'
_LOGGED = '"loggers": {"users": {"handlers": ["console"], "level": "INFO"}},'
_FOUND = """\
    found = cache.get_many([HITS, MISSES])
    hits, misses = found.get(HITS, 0), found.get(MISSES, 0)
"""
_INCR = "    cache.incr(HITS if hit else MISSES"
_MISSED = "    count(hit=False)\n    return data\n"
_BARE = "\n\ndef cache_performance(cache_name):\n"


def _timed(
    changes: tuple[Change, ...], fails: Mapping[str, str], *passes: str, settings: tuple[Change, ...] = ()
) -> Control:
    return Control(Kind.REFERENCE, (*changes, *settings), fails, passes, upto=6)


def _call(text: str) -> tuple[Change]:
    """The call in the decorator, written in another way."""
    return (Change(TIMING, _CALL, text),)


MONITORING: dict[str, Control] = {
    "nobody is timed": _timed((Change(VIEWS, _DECORATED, ""),), {"M1": "silent"}, "M3", "M2", "ST2"),
    "a cached user is not timed": _timed(
        (Change(VIEWS, '    @cache_performance("user_cache")\n', ""),), {"M1": "detail"}, "M3", "M2", "ST2"
    ),
    "a debug line": _timed(
        (Change(TIMING, "logger.info(", "logger.debug("),), {"M1": "silent"}, "M3", "M2", "ST2"
    ),
    "a reading of the clock, not a duration": _timed(
        (Change(TIMING, "time.perf_counter() - start_time)", "start_time)"),),
        {"M1": "not_the_time"},
        "M3",
        "M2",
    ),
    "seconds of nobody knows what": _timed(
        (Change(TIMING, '"%s: %.4fs", cache_name, ', '"%.4fs", '),),
        {"M1": "no_label"},
        "M3",
        "M2",
        settings=(Change(SETTINGS, "{asctime} {levelname} {name}: {message}", "{message}"),),
    ),
    "hits only": _timed(
        (
            Change(
                TIMING,
                f"                {_LOGS}",
                f"                if MISSED != [True]:\n    {' ' * 16}{_LOGS}",
            ),
            Change(TIMING, _BARE, f"\nMISSED = []\n{_BARE}"),
            Change(TIMING, _INCR, f"    MISSED[:] = [not hit]\n{_INCR}"),
        ),
        {"M1": "cold"},
        "M3",
        "M2",
    ),
    "m53: no LOGGING": _timed((Change(SETTINGS, _LOGGED, ""),), {"M5": "silent"}, "M1", "M2", "M3", "M6"),
    "m54: the answer is lost": _timed(_call(_CALL.replace("return func", "func")), {"B3": "server_error"}),
    "m55: the name is lost": _timed(
        (Change(TIMING, "        @functools.wraps(func)\n", ""),), {"M3": "name_lost"}, "M1", "M5", "M6"
    ),
    "an error is swallowed": _timed(
        _call(
            _CALL.replace(
                "            finally",
                "            except Exception:\n                return None\n            finally",
            )
        ),
        {"M3": "swallowed"},
        "M1",
        "M2",
        "M6",
    ),
    "m56: a failing call is not timed": _timed(
        _call(
            f"            result = func(*args, **kwargs)\n            {_LOGS}\n            return result\n"
        ),
        {"M6": "not_the_time"},
        "M1",
        "M3",
        "M5",
    ),
    "m57: the time of day": _timed(
        (
            Change(TIMING, "start_time = time.perf_counter()", "start_time = time.time()"),
            Change(TIMING, "time.perf_counter() - start_time", "time.time() - start_time"),
        ),
        {"M4": ""},
        "M1",
        "M6",
    ),
    "m58: a miss is counted as a hit, too": _timed(
        (Change(STORE, _MISSED, f"    count(hit=True)\n{_MISSED}"),), {"M2": "wrong_count"}, "M1", "ST2"
    ),
    "hits are called misses": _timed(
        (Change(TIMING, "HITS if hit else MISSES", "MISSES if hit else HITS"),),
        {"M2": "wrong_count"},
        "M1",
        "ST2",
    ),
    "the ratio is upside down": _timed(
        (Change(TIMING, "ratio = hits /", "ratio = misses /"),), {"M2": "ratio"}, "M1", "ST2"
    ),
    "m59: the hits of the whole server": _timed(
        (
            Change(
                TIMING,
                _FOUND,
                '    found = get_redis_connection("default").info("stats")\n'
                '    hits, misses = found["keyspace_hits"], found["keyspace_misses"]\n',
            ),
            Change(
                TIMING,
                "from django.core.cache import cache\n",
                "from django.core.cache import cache\nfrom django_redis import get_redis_connection\n",
            ),
        ),
        {"M2": "server_wide"},
        "M1",
        "ST2",
    ),
    "nothing is counted": _timed(
        (Change("users/cache_stats.py", "            **counted(),\n", ""),),
        {"M2": "not_counted"},
        "M1",
        "ST2",
    ),
}
