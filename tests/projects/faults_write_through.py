"""Faults of writing through: the key, the moment, the shape, the expiry, and what was left out."""

from __future__ import annotations

from tests.projects.control import VIEWS, Change, Control
from tests.trees import Kind

_HOOK = "    def perform_update(self, serializer):\n"
_WRITE = "        super().perform_update(serializer)\n"
_DATA = "        user_data = self.get_serializer(serializer.instance).data\n"
_STORE = "cache.set(cache_key, user_data, timeout=settings.CACHE_TTL)"
_ABOVE = "        # Write-through: immediately update cache\n"
_RETRIEVE = "    def retrieve(self, request, *args, **kwargs):\n"

NO_RETRIEVE = Change(VIEWS, _RETRIEVE, _RETRIEVE.replace("retrieve", "retrieve_cached"))
"""The single user comes from the database each time."""

_NEIGHBOURS = ("L2", "I1", "I4", "U1", "G1")

WRITE_THROUGH: dict[str, Control] = {
    "the write deletes, and stores nothing": Control(
        Kind.LETTER,
        (Change(VIEWS, _STORE, "cache.delete(cache_key)"),),
        {"W1": "not_a_hit"},
        (*_NEIGHBOURS, "D2", "I2", "I3", "U2"),
        upto=7,
    ),
    "the write stores, and then deletes": Control(
        Kind.LETTER,
        (Change(VIEWS, _STORE, f"{_STORE}\n        cache.delete_many(['user_list', cache_key])"),),
        {"W1": "not_a_hit"},
        (*_NEIGHBOURS, "D2", "I2", "I3", "U2"),
        upto=7,
    ),
    "what is stored was made before the write": Control(
        Kind.LETTER,
        (Change(VIEWS, f"{_WRITE}\n{_ABOVE}{_DATA}", f"{_DATA}{_WRITE}"),),
        {"W1": "stale", "I2": "detail", "I3": "detail"},
        (*_NEIGHBOURS, "D2", "U2"),
        upto=7,
    ),
    "the write stores under a key that nobody reads": Control(
        Kind.LETTER,
        (Change(VIEWS, _STORE, _STORE.replace("cache_key", "f'user:{serializer.instance.id}'")),),
        {"W1": "not_a_hit"},
        (*_NEIGHBOURS, "D2", "I2", "I3", "U2"),
        upto=7,
    ),
    "a single user is not cached": Control(
        Kind.LETTER,
        (NO_RETRIEVE,),
        {"W1": "no_cached_detail", "U2": "no_cached_detail"},
        (*_NEIGHBOURS, "I2", "I3"),
        upto=7,
    ),
    "the write stores in a dictionary": Control(
        Kind.LETTER,
        (
            Change(VIEWS, _STORE, "self.kept[serializer.instance.id] = user_data"),
            Change(
                VIEWS,
                _RETRIEVE,
                f"{_RETRIEVE}        if int(kwargs['pk']) in self.kept:\n"
                "            return Response(self.kept[int(kwargs['pk'])])\n",
            ),
            Change(VIEWS, _HOOK, f"    kept = {{}}\n\n{_HOOK}"),
        ),
        {"W1": "not_in_redis"},
        (*_NEIGHBOURS, "D2", "I2", "U2"),
        upto=7,
    ),
    "the write forgets the list": Control(
        Kind.LETTER, (), {"W2": "list"}, (*_NEIGHBOURS, "D2", "I2", "W1", "W3", "W4", "U2"), upto=7
    ),
    "the write stores one field more": Control(
        Kind.LETTER,
        (Change(VIEWS, _STORE, _STORE.replace("user_data", "{**user_data, 'updated': True}")),),
        {"W3": "shape"},
        (*_NEIGHBOURS, "D2", "I2", "W1", "W4"),
        upto=7,
    ),
    "the write stores what the client sent": Control(
        Kind.LETTER,
        (Change(VIEWS, _STORE, _STORE.replace("user_data", "dict(serializer.validated_data)")),),
        {"W3": "shape"},
        (*_NEIGHBOURS, "D2", "I2", "W1", "W4"),
        upto=7,
    ),
    "a PATCH stores what the client sent": Control(
        Kind.LETTER,
        (
            Change(
                VIEWS,
                _STORE,
                "cache.set(cache_key, {**user_data, **dict(self.request.data)}, timeout=settings.CACHE_TTL)"
                " if not self.kwargs.get('partial') and self.request.method == 'PUT' else "
                "cache.set(cache_key, dict(self.request.data), timeout=settings.CACHE_TTL)",
            ),
        ),
        {"W3": "shape"},
        (*_NEIGHBOURS, "D2", "I2", "W1", "W4"),
        upto=7,
    ),
    "what the write stores never expires": Control(
        Kind.LETTER,
        (Change(VIEWS, _STORE, _STORE.replace("settings.CACHE_TTL", "None")),),
        {"W4": "no_expiry"},
        (*_NEIGHBOURS, "D2", "I2", "W1", "W3"),
        upto=7,
    ),
    "the new user is stored before the commit": Control(
        Kind.LETTER, (), {"I12": ""}, (*_NEIGHBOURS, "D2", "I2", "W1", "W3", "W4"), upto=7
    ),
}
