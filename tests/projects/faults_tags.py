"""Faults of the tags: what they forget, what they take along, and what they lose."""

from __future__ import annotations

from tests.projects.control import SETTINGS, Change, Control
from tests.trees import Kind

TAGS = "users/cache_tags.py"

_SET = "    cache.set(key, data, timeout)\n"
_FOR = "    for tag in tags:\n"
_READ = "        tagged_keys = cache.get(f'tag_{tag}', set())\n        tagged_keys.add(key)\n"
_KEEP = "        cache.set(f'tag_{tag}', tagged_keys, timeout)\n"
_FIND = "    tagged_keys = cache.get(f'tag_{tag}', set())\n    for key in tagged_keys:\n"
_DELETE = "        cache.delete(key)\n"
_END = "    cache.delete(f'tag_{tag}')\n"
_IMPORT = "from django.core.cache import cache\n"

_CLIENT = "            'CLIENT_CLASS': 'django_redis.client.DefaultClient',\n"
_JSON = "            'SERIALIZER': 'django_redis.serializers.json.JSONSerializer',\n"

_RIGHT = ("G1", "G2", "G5", "G6")


def _core(*changes: Change, fails: dict[str, str], passes: tuple[str, ...]) -> Control:
    return Control(Kind.CORE, changes, fails, ("L2", "W1", *passes), upto=7)


TAGGING: dict[str, Control] = {
    "invalidating deletes the tag alone": _core(
        Change(TAGS, _DELETE, "        pass\n"), fails={"G1": "survives"}, passes=()
    ),
    "the first tag alone knows of it": _core(
        Change(TAGS, _FOR, "    for tag in tags[:1]:\n"), fails={"G1": "one_tag"}, passes=()
    ),
    "the last tag alone knows of it": _core(
        Change(TAGS, _FOR, "    for tag in tags[-1:]:\n"), fails={"G1": "one_tag"}, passes=()
    ),
    "the tags are in a dictionary": _core(
        Change(TAGS, _IMPORT, f"{_IMPORT}\nindex = {{}}\n"),
        Change(TAGS, _READ + _KEEP, "        index.setdefault(tag, set()).add(key)\n"),
        Change(TAGS, _FIND, "    for key in index.pop(tag, ()):\n"),
        fails={"G1": "one_process"},
        passes=(),
    ),
    "the data is not stored": _core(Change(TAGS, _SET, ""), fails={"G1": "not_stored"}, passes=()),
    "a set, and JSON": _core(
        Change(SETTINGS, _CLIENT, _CLIENT + _JSON), fails={"G1": "raises"}, passes=("U1",)
    ),
    "a tag takes what begins like it": _core(
        Change(
            TAGS,
            _FIND,
            "    names = list(cache.iter_keys(f'tag_{tag}*'))\n"
            "    for key in set().union(*(cache.get(name, set()) for name in names)):\n",
        ),
        fails={"G2": "other_tag"},
        passes=("G1", "G5", "G6"),
    ),
    "a pattern instead of a list": _core(
        Change(TAGS, _END, "    cache.delete_pattern(f'*{tag}*')\n"),
        fails={"G2": "untagged"},
        passes=("G1", "G5", "G6"),
    ),
    "all is cleared": _core(
        Change(TAGS, _END, "    cache.clear()\n"),
        fails={"G2": "foreign", "G5": "flush"},
        passes=("G1", "G6"),
    ),
    "the lists of all tags go": _core(
        Change(TAGS, _END, "    cache.delete_pattern('tag_*')\n"),
        fails={"G2": "index_lost"},
        passes=("G1", "G5", "G6"),
    ),
    "it looks at every key": _core(
        Change(
            TAGS,
            _FIND,
            f"{_FIND.partition(chr(10))[0]}\n    for key in tagged_keys & set(cache.keys('*')):\n",
        ),
        fails={"G5": "keys"},
        passes=("G1", "G2", "G6"),
    ),
    "the list lives as long as its last value": _core(fails={"G3": "forgotten"}, passes=_RIGHT),
    "read, changed and stored": _core(fails={"G4": "lost"}, passes=_RIGHT),
    "a set of Redis without an expiry": _core(
        Change(TAGS, _IMPORT, f"{_IMPORT}from django_redis import get_redis_connection\n"),
        Change(TAGS, _READ + _KEEP, "        get_redis_connection().sadd(f'tag_{tag}', key)\n"),
        Change(
            TAGS, _FIND, "    for key in map(bytes.decode, get_redis_connection().smembers(f'tag_{tag}')):\n"
        ),
        Change(TAGS, _END, "    get_redis_connection().delete(f'tag_{tag}')\n"),
        fails={"G6": "grows"},
        passes=("G1", "G2", "G3", "G4", "G5"),
    ),
}
