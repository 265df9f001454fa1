"""Projects with one mistake each, and the way in which each check must fail on it.

What a check needs is not said: it is blocked. All other checks must pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.projects.build import Variant
from tests.projects.handout import HONEST, LIST, STARTER, instead, settings, with_list, with_settings


@dataclass(frozen=True, slots=True)
class Wrong:
    """`fails` are the ids of the checks that fail, and how; those in `any_way` may fail in any.

    What is in `maybe` may pass or fail.
    """

    variant: Variant
    fails: Mapping[str, str]
    any_way: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()


_SLEEPS = """
global _seconds
time.sleep(_seconds)
_seconds = 0
return super().list(request, *args, **kwargs)
"""

_FILE = """
path = settings.BASE_DIR / "users.json"
if path.exists():
    return Response(json.loads(path.read_text()))
response = super().list(request, *args, **kwargs)
path.write_text(json.dumps(response.data))
return response
"""

_ROW_BY_ROW = """
keys = cache.get("user_keys")
if keys is not None:
    return Response([cache.get(key) for key in keys])
response = super().list(request, *args, **kwargs)
keys = []
for row in response.data:
    keys.append(get_cache_key("user", row["id"]))
    cache.set(keys[-1], row, timeout=settings.CACHE_TTL)
cache.set("user_keys", keys, timeout=settings.CACHE_TTL)
return response
"""

_SECOND_CONNECTION = """
import redis
from rest_framework.decorators import api_view
from redis.backoff import NoBackoff
from redis.retry import Retry


@api_view(["GET"])
def stats(request):
    return Response({"keys": redis.Redis(port=6379, retry=Retry(NoBackoff(), 0)).dbsize()})
"""

_STATS_URLS = """
from django.urls import include, path
from users.views import stats

urlpatterns = [path("api/", include("users.urls")), path("api/stats/", stats)]
"""

_GENERATION = LIST.replace(
    'get_cache_key("user_list")', 'get_cache_key("user_list", cache.get_or_set("user_generation", 1))'
)

WRONG: dict[str, Wrong] = {
    "the starter": Wrong(STARTER, {"B2": "", "F1": "process_memory", "L2": "uncached"}),
    "nothing declared": Wrong(replace(HONEST, requires=()), {"B2": ""}),
    "a forgotten import": Wrong(
        replace(HONEST, views=HONEST.views.replace("from django.core.cache import cache\n", "")),
        {"B3": "server_error"},
    ),
    "every request refused": Wrong(
        with_list('from rest_framework.exceptions import ParseError\nraise ParseError("no tenant")'),
        {"B3": "bad_request"},
    ),
    "nobody is listed": Wrong(
        replace(HONEST, views=HONEST.views.replace("objects.all()", "objects.none()")), {"B3": "no_route"}
    ),
    "the response is cached, not its data": Wrong(
        instead("response.data", "response"), {"B3": "server_error"}
    ),
    "local memory": Wrong(
        with_settings(settings("django.core.cache.backends.locmem.LocMemCache", "")),
        {"F1": "process_memory", "L2": "not_in_redis"},
    ),
    "kept for no time": Wrong(with_settings(settings(timeout=0)), {"F1": "kept_for_0_seconds"}),
    "a key for every process": Wrong(
        with_settings(
            settings(more='"KEY_FUNCTION": _key,'),
            "def _key(key, prefix, version):\n    return f'{os.getpid()}:{key}'\n",
        ),
        {"F1": "not_shared"},
    ),
    "a second connection of its own": Wrong(
        replace(
            with_list(LIST, top=_SECOND_CONNECTION),
            files={"safeboda/urls.py": _STATS_URLS},
        ),
        {"F2": "second_address"},
    ),
    "nothing expires": Wrong(
        replace(with_settings(settings(timeout=None)), views=instead("timeout=settings.CACHE_TTL", "").views),
        {"F3": "for_ever", "L3": "no_expiry"},
    ),
    "a week, and a generation key for ever": Wrong(
        replace(with_settings(settings(timeout=None)), views=with_list(_GENERATION).views), {"F3": "for_ever"}
    ),
    "another order when warm": Wrong(
        instead("Response(cached_data)", "Response(cached_data[::-1])"), {"L1": "warm"}
    ),
    "a dictionary of the module": Wrong(
        with_list(
            'if "users" not in _kept:\n    _kept["users"] = super().list(request, *args, **kwargs).data\n'
            'return Response(_kept["users"])',
            top="_kept = {}",
        ),
        {"L2": "not_in_redis"},
    ),
    "the first call sleeps": Wrong(
        with_list(_SLEEPS, top="import time\n\n_seconds = 0.3"), {"L2": "uncached"}
    ),
    # The file outlives the process, so L1 may meet what an earlier check left in it.
    "a file": Wrong(with_list(_FILE, top="import json"), {"L1": "rows_missing", "L2": "neither"}),
    "it reads another key than it writes": Wrong(
        instead("cache.set(cache_key,", 'cache.set(cache_key + "s",'), {"L2": "uncached"}
    ),
    "one command for each row": Wrong(with_list(_ROW_BY_ROW), {"L2": "grows"}),
    "kept for ever": Wrong(instead("settings.CACHE_TTL", "None"), {"L3": "no_expiry"}),
    "rows for ever, beside a key that expires": Wrong(
        instead("timeout=settings.CACHE_TTL)", 'timeout=None)\ncache.set("last", "a list", timeout=60)'),
        {"L3": "no_expiry"},
    ),
    "an empty list is no hit": Wrong(
        instead("if cached_data is not None:", "if cached_data:"), {"L4": "empty_not_stored"}
    ),
}
