"""Faults of the command that warms the cache: the key, the shape, the time, the cost, and what it says."""

from __future__ import annotations

from tests.projects.control import SETTINGS, Change, Control
from tests.trees import Kind

WARM = "users/management/commands/warm_cache.py"

_LIST = "cache.set('user_list', serializer.data, timeout=settings.CACHE_TTL)"
_USER = "cache.set(f'user_{user.id}', user_data, timeout=settings.CACHE_TTL)"
_IMPORT = "from django.core.cache import cache\n"
_DONE = "        self.stdout.write(\n"
_ONE = "UserSerializer(user).data"

_CLIENT = "            'CLIENT_CLASS': 'django_redis.client.DefaultClient',\n"
IGNORING = Change(SETTINGS, _CLIENT, f"{_CLIENT}            'IGNORE_EXCEPTIONS': True,\n")
"""The cache makes no errors any more."""

_NEIGHBOURS = ("L2", "D2", "I2", "W1", "G1")
_RUNS = (*_NEIGHBOURS, "U1")
_HITS = (*_RUNS, "U2")


def _core(*changes: Change, fails: dict[str, str], passes: tuple[str, ...]) -> Control:
    return Control(Kind.CORE, changes, fails, passes, upto=7)


WARMING: dict[str, Control] = {
    "no command, no tags, no write-through": Control(
        Kind.LETTER, (), {"U1": "absent", "G1": "absent", "W1": "not_a_hit"}, ("L2", "D2", "I2")
    ),
    "the command breaks off": _core(
        Change(WARM, _LIST, _LIST.replace("cache.", "cash.")), fails={"U1": "failed"}, passes=_NEIGHBOURS
    ),
    "the command fills the memory of its own process": _core(
        Change(
            WARM,
            _IMPORT,
            "from django.core.cache.backends.locmem import LocMemCache\ncache = LocMemCache('warm', {})\n",
        ),
        fails={"U1": "nothing_stored"},
        passes=_NEIGHBOURS,
    ),
    "another key for the list": _core(
        Change(WARM, _LIST, _LIST.replace("user_list", "users_list")), fails={"U2": "list"}, passes=_RUNS
    ),
    "another key for a user": _core(
        Change(WARM, _USER, _USER.replace("user.id", "user.email")), fails={"U2": "detail"}, passes=_RUNS
    ),
    "rows and not answers": _core(
        Change(WARM, "serializer.data", "list(users.values('id', 'email', 'first_name'))"),
        fails={"U3": "list"},
        passes=(*_HITS, "U6"),
    ),
    "another order": _core(
        Change(WARM, "User.objects.all()", "User.objects.order_by('-id')"),
        fails={"U3": "list"},
        passes=(*_HITS, "U6"),
    ),
    "a dictionary of one's own for a user": _core(
        Change(WARM, _ONE, "{'id': user.id, 'email': user.email, 'first_name': user.first_name}"),
        fails={"U3": "detail"},
        passes=(*_HITS, "U6"),
    ),
    "a key with the time in it": _core(
        Change(WARM, _DONE, f"        import time\n        cache.set(f'warmed_{{time.time()}}', 1)\n{_DONE}"),
        fails={"U6": "keys"},
        passes=(*_HITS, "U3"),
    ),
    "it adds to what is there": _core(
        Change(WARM, "serializer.data", "[*cache.get('user_list', []), *serializer.data]"),
        fails={"U6": "bodies"},
        passes=(*_HITS, "U3"),
    ),
    "a number of its own": Control(Kind.LETTER, (), {"U4": "other_number"}, (*_HITS, "U3", "U6"), upto=7),
    "one value at a time": _core(fails={"U5": "round_trips"}, passes=(*_HITS, "U3", "U4", "U6")),
    "ten values at a time": Control(
        Kind.REFERENCE,
        (Change(WARM, "CHUNK = 1000", "CHUNK = 10"),),
        {"U5": "round_trips"},
        (*_HITS, "U3", "U4", "U6", "U7", "U8"),
        upto=7,
    ),
    "one query a user": _core(
        Change(WARM, _ONE, "UserSerializer(User.objects.get(pk=user.pk)).data"),
        fails={"U5": "queries"},
        passes=(*_HITS, "U3", "U6"),
    ),
    "it says nothing of an outage": _core(
        IGNORING, fails={"U8": "success"}, passes=(*_HITS, "U3", "U6", "F5")
    ),
    "it fails without a word": _core(
        IGNORING,
        Change(WARM, _DONE, f"        if cache.get('user_list') is None:\n            exit(1)\n{_DONE}"),
        fails={"U8": "silent"},
        passes=(*_HITS, "U3", "U6"),
    ),
    "what was read before a write is stored after it": _core(
        fails={"U7": "list"}, passes=(*_HITS, "U3", "U6")
    ),
    "the versions are asked for after the rows": Control(
        Kind.REFERENCE,
        (
            Change(
                WARM, "(stamps[user.pk], answer)", "(user_cache.detail_stamps([user.pk])[user.pk], answer)"
            ),
        ),
        {"U7": "detail"},
        (*_HITS, "U3", "U4", "U6", "U8", "I17"),
        upto=7,
    ),
}
