"""Faults that the challenge of Activity 3 is about: timeouts, outages, aliases."""

from __future__ import annotations

from tests.projects.control import SETTINGS, SIGNALS, VIEWS, Change, Control
from tests.projects.small import SMALL
from tests.trees import Kind

_STORED = "cache.set(key, [stamp, data], timeout=settings.CACHE_TTL)"
_CACHE = "users/user_cache.py"
_IGNORED = '"IGNORE_EXCEPTIONS": True'

_DELETE_FIRST = """\
serializer_class = UserSerializer

    def perform_update(self, serializer):
        get_redis_connection("default").delete("users:list")
        super().perform_update(serializer)
"""

_DELETE_FIRST_ON_CREATE = _DELETE_FIRST.replace("perform_update", "perform_create")

_DELETE_AFTER = """\
serializer_class = UserSerializer

    def perform_destroy(self, instance):
        super().perform_destroy(instance)
        get_redis_connection("default").delete("users:list")
"""

_CLIENT = Change(
    VIEWS,
    "from rest_framework import viewsets\n",
    "from django_redis import get_redis_connection\nfrom rest_framework import viewsets\n",
)


def _with_a_raw_delete(text: str) -> tuple[Change, ...]:
    """A delete that no IGNORE_EXCEPTIONS guards, in the views of the small project."""
    return _CLIENT, Change(VIEWS, "serializer_class = UserSerializer\n", text)


FAULTS_SETTINGS: dict[str, Control] = {
    "a number of its own in the view": Control(
        Kind.REFERENCE,
        (Change(_CACHE, _STORED, _STORED.replace("settings.CACHE_TTL", "300")),),
        {"F4": "other_number"},
        ("F3", "L2", "L3", "I2", "I17"),
    ),
    "milliseconds for seconds": Control(
        SMALL,
        (
            Change(
                VIEWS,
                "return Response(data)\n        response = super().list(request, *args, **kwargs)\n"
                "        cache.set(key, response.data, timeout=settings.CACHE_TTL)",
                "return Response(data)\n        response = super().list(request, *args, **kwargs)\n"
                "        cache.set(key, response.data, timeout=settings.CACHE_TTL * 1000)",
            ),
        ),
        {"F4": "other_number"},
        ("F3", "L2", "L3", "I2"),
    ),
    "an outage is an error for every reader": Control(
        Kind.REFERENCE,
        (Change(SETTINGS, _IGNORED, '"IGNORE_EXCEPTIONS": False'),),
        {"F5": "read_fails"},
        ("F1", "F3", "F4", "L2", "I2"),
    ),
    "an outage makes a POST fail before it is written": Control(
        SMALL,
        _with_a_raw_delete(_DELETE_FIRST_ON_CREATE),
        {"F5": "write_fails"},
        ("F4", "F6", "L2", "I1", "I2"),
    ),
    "an outage makes a PUT fail before it is written": Control(
        SMALL,
        _with_a_raw_delete(_DELETE_FIRST),
        {"F5": "write_fails"},
        ("F4", "F6", "L2", "I1", "I2"),
    ),
    "an outage makes a DELETE look undone that was done": Control(
        SMALL,
        _with_a_raw_delete(_DELETE_AFTER),
        {"F5": "write_fails"},
        ("F4", "F6", "L2", "I4", "I5"),
    ),
    "a receiver that an outage stops": Control(
        SMALL,
        (
            Change(
                SIGNALS, "import cache\n", "import cache\nfrom django_redis import get_redis_connection\n"
            ),
            Change(SIGNALS, "cache.delete_many(keys)", 'get_redis_connection("default").flushdb()'),
            Change(SIGNALS, ", robust=True", ""),
        ),
        {"F5": "write_fails"},
        ("F4", "F6", "L2", "I1", "I2", "I4"),
    ),
    "nobody there, while Redis is away": Control(
        Kind.REFERENCE,
        (
            Change(
                _CACHE, "if stamp is None:\n        return build()", "if stamp is None:\n        return []"
            ),
        ),
        {"F5": "wrong_answer"},
        ("F3", "F4", "L2", "I2", "I17"),
    ),
    "no time-out for a server that hangs": Control(
        Kind.REFERENCE,
        (Change(SETTINGS, '"SOCKET_TIMEOUT": 0.5', '"SOCKET_TIMEOUT": 3'),),
        {"F6": "too_slow"},
        ("F4", "F5", "F8", "L2"),
    ),
    "a time-out that is an error": Control(
        Kind.REFERENCE,
        (Change(SETTINGS, _IGNORED, '"IGNORE_EXCEPTIONS": False'),),
        {"F6": "read_fails"},
        ("F1", "F3", "F4", "L2"),
    ),
    "two aliases in one database": Control(
        SMALL,
        (
            Change(
                SETTINGS,
                "CACHE_TTL = 300\n",
                'CACHE_TTL = 300\nCACHES["sessions"] = {**CACHES["default"], "KEY_PREFIX": "sessions"}\n',
            ),
        ),
        {"F7": "shared"},
        ("F1", "F2", "F3", "F5", "F8"),
    ),
    "an outage that nobody hears of": Control(
        Kind.REFERENCE,
        (
            Change(
                SETTINGS,
                "DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True",
                "DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = False",
            ),
        ),
        {"F8": ""},
        ("F3", "F4", "F5", "F6"),
    ),
}
