"""Projects that monitor their cache in another way than the handout's, and right: nobody may fail them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.projects.control import SETTINGS, VIEWS, Change, Control, Written
from tests.projects.faults_load import SCRIPT
from tests.projects.faults_monitoring import STORE, TIMING
from tests.projects.faults_stats import ROUTED, STATS, URLS
from tests.trees import Kind

TIMED = ("M1", "M2", "M3", "M4", "M5", "M6")
TOLD = ("ST1", "ST2", "ST3", "ST4", "ST5", "ST6")
LOADED = ("P0", "P1", "P2", "P3", "P4")

_LOGS = 'logger.info("%s: %.4fs", cache_name, time.perf_counter() - start_time)'
_SECONDS = "time.perf_counter() - start_time"
_PLAIN = '"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}'
_CONSOLE = '"console": {"class": "logging.StreamHandler", "formatter": "plain"}'


def _right(
    changes: tuple[Change | Written, ...],
    passes: tuple[str, ...],
    fails: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
) -> Control:
    named = dict.fromkeys(passes, options) if options else {}
    return Control(Kind.REFERENCE, changes, fails or {}, passes, upto=6, options=named)


_NOT_DECORATED = (
    Change(VIEWS, '    @cache_performance("user_list_cache")\n', ""),
    Change(VIEWS, '    @cache_performance("user_cache")\n', ""),
)

_MIDDLEWARE = Written(
    "users/timing.py",
    """\
import logging
import time

logger = logging.getLogger(__name__)


def timing(get_response):
    def middleware(request):
        start = time.monotonic_ns()
        response = get_response(request)
        spent = (time.monotonic_ns() - start) // 1000
        response["Server-Timing"] = f"app;dur={spent / 1000:.2f}"
        view = request.resolver_match.view_name if request.resolver_match else "-"
        logger.info("%s %s status=%s us=%d", request.method, view, response.status_code, spent)
        return response

    return middleware
""",
)

_JSON = Written(
    "users/json_logs.py",
    """\
import json
import logging


class JsonFormatter(logging.Formatter):
    def format(self, record):
        more = {name: getattr(record, name) for name in ("cache", "ms") if hasattr(record, name)}
        return json.dumps({"at": self.formatTime(record), "event": record.getMessage(), **more})
""",
)

_REGISTER = """\
\"\"\"Statistics from a register that the views keep: no look at all keys, and no names but our own.\"\"\"

from django.core.cache import cache
from django_redis import get_redis_connection
from redis.exceptions import RedisError
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAdminUser
from rest_framework.response import Response

from .cache_performance import counted


def stamp_of(name):
    return "stamp:" + (name.rpartition(":")[0] if name.startswith("users:list") else name)


@api_view(["GET"])
@permission_classes([IsAdminUser])
def cache_stats(request):
    try:
        names = get_redis_connection("default").smembers(cache.make_key("register"))
    except RedisError as error:
        return Response({"error": type(error).__name__}, status=503)
    known = sorted(name.decode() for name in names)
    there = cache.get_many(known)
    live = [name for name in known if name in there and cache.get(stamp_of(name)) == there[name][0]]
    return Response({"names": live[:100], "count": len(live), **counted()})
"""

_HEALTH = """\
from django.core.cache import cache
from django.http import JsonResponse
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from .cache_performance import counted


def cache_stats(request):
    if not request.user.is_staff:
        return JsonResponse({"detail": "not for you"}, status=403)
    try:
        size = get_redis_connection("default").dbsize()
    except RedisError:
        return JsonResponse({"redis": "down", "keys": None})
    return JsonResponse({"redis": "up", "keys": size, **counted()})
"""

_PROMETHEUS = """\
from django.core.cache import cache
from django.http import HttpResponse
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from .cache_performance import counted


def cache_stats(request):
    if request.headers.get("X-Real-Ip") or not request.user.is_superuser:
        return HttpResponse(status=404)
    try:
        get_redis_connection("default").ping()
        up, keys = 1, sum(1 for _ in cache.iter_keys("*", itersize=500))
    except RedisError:
        up, keys = 0, float("nan")
    numbers = counted()
    return HttpResponse(
        f"cache_up{{state=\\"{'yes' if up else 'no'}\\"}} {up}\\n"
        f"cache_keys {keys}\\n"
        f"cache_hits_total {numbers['hits']}\\n"
        f"cache_misses_total {numbers['misses']}\\n",
        content_type="text/plain; version=0.0.4",
    )
"""

_BY_CLEARING = """\
import os
import statistics
import sys
import time
from http.client import HTTPConnection


def one():
    connection = HTTPConnection("localhost", 8000, timeout=5)
    began = time.perf_counter()
    connection.request("GET", "/api/users/")
    answer = connection.getresponse()
    answer.read()
    took = time.perf_counter() - began
    connection.close()
    if answer.status != 200:
        sys.exit(f"status {answer.status}")
    return took * 1000


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeboda.settings")
    import django

    django.setup()
    from users import user_cache

    cold, warm = [], []
    one()
    for _ in range(12):
        user_cache.forget_users([])
        cold.append(one())
        warm.append(one())
    for name, times in (("ohne Cache", cold), ("mit Cache", warm)):
        print(name, round(statistics.median(times), 2), "ms")


if __name__ == "__main__":
    main()
"""

_BY_WRITING = """\
import statistics
import time

import pytest
import requests

URL = "http://127.0.0.1:8000/api/users/"


def get(url):
    begin = time.perf_counter()
    response = requests.get(url, timeout=5)
    assert response.status_code == 200, response.status_code
    return time.perf_counter() - begin


def is_up():
    try:
        requests.head(URL, timeout=2)
    except requests.ConnectionError:
        return False
    return True


def test_the_cache_makes_a_difference():
    if not is_up():
        pytest.skip("no server")
    requests.get(URL, timeout=5).raise_for_status()
    cold, warm = [], []
    for number in range(10):
        requests.patch(f"{URL}2/", json={"last_name": f"Name {number}"}, timeout=5).raise_for_status()
        cold.append(get(URL))
    for _ in range(10):
        warm.append(get(URL))
    print(f"p50 cold {statistics.median(cold):.5f} s, p50 warm {statistics.median(warm):.5f} s")
"""

ODD_MONITORED: dict[str, Control] = {
    "the reference of Activity 6": _right((), (*TIMED, *TOLD, *LOADED)),
    "V40: a middleware": _right(
        (
            *_NOT_DECORATED,
            _MIDDLEWARE,
            Change(SETTINGS, "MIDDLEWARE = [\n", 'MIDDLEWARE = [\n    "users.timing.timing",\n'),
        ),
        TIMED,
    ),
    "V40: JSON logs": _right(
        (
            _JSON,
            Change(
                TIMING,
                _LOGS,
                f'logger.info("view", extra={{"cache": cache_name, "ms": ({_SECONDS}) * 1000}})',
            ),
            Change(SETTINGS, _PLAIN, '"plain": {"()": "users.json_logs.JsonFormatter"}'),
        ),
        TIMED,
    ),
    "a print": _right(
        (Change(TIMING, _LOGS, f'print(cache_name, "took", round(({_SECONDS}) * 1000), "ms")'),), TIMED
    ),
    "a log of its own, in a file": _right(
        (
            Change(
                SETTINGS,
                _CONSOLE,
                '"console": {"class": "logging.FileHandler", "filename": BASE_DIR / "cache.log"}',
            ),
            Change(SETTINGS, '"level": "INFO"}', '"level": "INFO", "propagate": False}'),
        ),
        TIMED,
    ),
    "hits and misses in the log": _right(
        (
            Change(
                TIMING,
                "    cache.incr(HITS if hit else MISSES, ignore_key_check=True)\n",
                '    logger.info("users: %s", "hit" if hit else "miss")\n',
            ),
            Change(STATS, "            **counted(),\n", ""),
        ),
        TIMED,
    ),
    "counted by each process": _right(
        (
            Change(
                TIMING,
                "    cache.incr(HITS if hit else MISSES, ignore_key_check=True)\n",
                "    COUNTS[HITS if hit else MISSES] += 1\n",
            ),
            Change(TIMING, "    found = cache.get_many([HITS, MISSES])\n", "    found = COUNTS\n"),
            Change(
                TIMING,
                'HITS, MISSES = "users:hits", "users:misses"\n',
                'HITS, MISSES = "users:hits", "users:misses"\nCOUNTS = {HITS: 0, MISSES: 0}\n',
            ),
        ),
        TIMED,
    ),
    "V38: /health/cache, by the size of a database of its own": _right(
        (
            Written(STATS, _HEALTH),
            Change(URLS, ROUTED, '    path("health/cache", cache_stats),\n'),
        ),
        (*TOLD, "M2"),
    ),
    "V39: a register": _right(
        (
            Written(STATS, _REGISTER),
            Change(
                STORE,
                "    count(hit=False)\n",
                '    get_redis_connection("default").sadd(cache.make_key("register"), key)\n'
                "    count(hit=False)\n",
            ),
            Change(STORE, "import uuid\n", "import uuid\nfrom django_redis import get_redis_connection\n"),
        ),
        TOLD,
    ),
    "numbers as text, at an address with no word for it": _right(
        (Written(STATS, _PROMETHEUS), Change(URLS, ROUTED, '    path("internal/numbers", cache_stats),\n')),
        (*TOLD, "M2"),
    ),
    "named in workshop.toml": _right(
        (Change(URLS, ROUTED, '    path("x/", cache_stats),\n'),), TOLD, options={"statistics_url": "/api/x/"}
    ),
    "a load test that clears with Django": _right((Written(SCRIPT, _BY_CLEARING),), LOADED),
    "V40: a load test for pytest, in a folder, that writes": _right(
        (Written("scripts/speed.py", _BY_WRITING), Written(SCRIPT, "")),
        LOADED,
        options={"load_test": "scripts/speed.py"},
    ),
}
