"""Faults that the statistics view of Activity 6 is about."""

from __future__ import annotations

from collections.abc import Mapping

from tests.projects.control import Change, Control
from tests.trees import Kind

STATS = "users/cache_stats.py"
URLS = "users/urls.py"
ROUTED = '    path("cache/stats/", cache_stats),\n'

_KEYS = 'list(islice(cache.iter_keys("*", itersize=A_STEP), COUNTED + 1))'
_NAMES = "sorted(keys)[:LISTED]"
_NUMBERS = """\
            "total_keys": min(len(keys), COUNTED),
            "complete": len(keys) <= COUNTED,
            **counted(),
"""
_AWAY = 'return Response({"available": False}, status=503)'
_IMPORT = "from itertools import islice\n"


def _told(
    changes: tuple[Change, ...],
    fails: Mapping[str, str],
    *passes: str,
    options: Mapping[str, Mapping[str, str]] | None = None,
) -> Control:
    return Control(Kind.REFERENCE, changes, fails, passes, upto=6, options=options or {})


def _keys(text: str, *more: Change) -> tuple[Change, ...]:
    """The keys, found in another way."""
    return (Change(STATS, _KEYS, text), *more)


STATISTICS: dict[str, Control] = {
    "no statistics": Control(Kind.REFERENCE, (), {"ST1": "no_view"}, ()),
    "m64: no URL leads to the statistics": _told((Change(URLS, ROUTED, ""),), {"ST1": "not_routed"}, "M1"),
    "workshop.toml names another address": _told(
        (), {"ST1": "named_wrong"}, "M1", options={"ST1": {"statistics_url": "/nowhere/"}}
    ),
    "names and no number": _told((Change(STATS, _NUMBERS, ""),), {"ST1": "no_number"}, "M1"),
    "m60: KEYS": _told(_keys('cache.keys("*")'), {"ST3": "keys"}, "ST2", "ST4", "ST5", "ST6"),
    "every key is listed": _told(
        (Change(STATS, _NAMES, "sorted(keys)"),), {"ST3": "unbounded"}, "ST2", "ST4", "ST5", "ST6"
    ),
    "m61: a client of its own": _told(
        _keys(
            "list(redis.Redis(port=6379, db=0).scan_iter())",
            Change(STATS, _IMPORT, f"{_IMPORT}import redis\n"),
        ),
        {"ST2": "another_redis"},
        "ST1",
    ),
    "m62: an outage looks like no keys": _told(
        (Change(STATS, _AWAY, "keys = []"),), {"ST5": "looks_empty"}, "ST2", "ST3", "ST4", "ST6"
    ),
    "an outage is an error": _told(
        (Change(STATS, "except RedisError:", "except ZeroDivisionError:"),),
        {"ST5": "raised"},
        "ST2",
        "ST3",
        "ST4",
        "ST6",
    ),
    "m63: a list of names that are expected": _told(
        _keys('[key for key in ("users:list", "users:hits", "users:misses") if key in cache]'),
        {"ST2": "fixed"},
        "ST1",
    ),
    "a count that is cached itself": _told(
        _keys('cache.get_or_set("stats", lambda: list(cache.iter_keys("*")), 60)'), {"ST2": "fixed"}, "ST1"
    ),
    "deleted keys are remembered": _told(
        _keys(
            'sorted(SEEN | (SEEN.update(cache.iter_keys("*")) or SEEN))',
            Change(STATS, "\nLISTED = 100\n", "\nSEEN = set()\nLISTED = 100\n"),
        ),
        {"ST2": "not_deleted"},
        "ST1",
    ),
    "everything in the database": _told(
        _keys('[key.decode() for key in get_redis_connection("default").scan_iter(count=A_STEP)]'),
        {"ST4": ""},
        "ST2",
        "ST3",
        "ST5",
        "ST6",
    ),
    "open to everybody": _told(
        (Change(STATS, "@permission_classes([IsAdminUser])\n", ""),),
        {"ST6": "public"},
        "ST2",
        "ST3",
        "ST4",
        "ST5",
    ),
    "values are shown": _told(
        (
            Change(
                STATS,
                '            "available": True,\n',
                '            "available": True,\n'
                '            "values": [cache.get(key) for key in keys[:9]],\n',
            ),
        ),
        {"ST6": "values"},
        "ST2",
        "ST3",
        "ST4",
        "ST5",
    ),
}
