"""Faults in the cached detail of one user."""

from __future__ import annotations

from tests.projects.control import VIEWS, Change, Control
from tests.projects.small import SMALL
from tests.trees import Kind

_KEY = 'key = f"users:detail:{int(pk)}"\n'
_HIT = "return Response(user)"
_MISS = "        response = super().retrieve(request, *args, **kwargs)\n        cache.set("
_STORED = _MISS + "key, response.data, timeout=settings.CACHE_TTL)\n"

_KEPT = """\
        if pk in _kept:
            return Response(_kept[pk])
        _kept[pk] = super().retrieve(request, *args, **kwargs).data
        return Response(_kept[pk])
        """

_REMEMBERS = """\
        try:
            response = super().retrieve(request, *args, **kwargs)
        except Http404:
            cache.set(key, 404, timeout=settings.CACHE_TTL)
            raise
        cache.set(key, response.data, timeout=settings.CACHE_TTL)
"""

_OWN = """

class IsSelf(permissions.IsAuthenticated):
    def has_object_permission(self, request, view, user):
        return request.user.is_superuser or request.user == user


class UserViewSet(viewsets.ModelViewSet):
    permission_classes = [IsSelf]
"""

SELF_ONLY = (
    Change(VIEWS, "from rest_framework import viewsets", "from rest_framework import permissions, viewsets"),
    Change(VIEWS, "\n\nclass UserViewSet(viewsets.ModelViewSet):\n", _OWN),
)
"""A user may be read by himself and by superusers alone."""

DETAIL: dict[str, Control] = {
    "a warm user looks different": Control(
        SMALL,
        (Change(VIEWS, _HIT, 'return Response({"user": user})'),),
        {"D1": ""},
        ("B3", "L1", "L2", "L8", "I4"),
    ),
    "a cold user is read from the cache": Control(
        SMALL,
        (
            Change(
                VIEWS, "        if user is not None:\n            return Response(user)", f"        {_HIT}"
            ),
        ),
        {"D1": ""},
        ("B3", "L1", "L2", "I4"),
    ),
    "the user is stored under another key": Control(
        SMALL,
        (Change(VIEWS, _STORED, _STORED.replace("key, resp", 'key + "s", resp')),),
        {"D2": "uncached"},
        ("D1", "L2", "L8", "I2", "I5"),
    ),
    "users in a dictionary of the module": Control(
        SMALL,
        (
            Change(VIEWS, "\n\nclass UserViewSet", "\n_kept = {}\n\n\nclass UserViewSet"),
            Change(VIEWS, f"        {_KEY}", f"{_KEPT}{_KEY}"),
        ),
        {"D2": "not_in_redis"},
        ("D1", "L2", "L8", "I1", "I4"),
    ),
    "one key for all users": Control(
        SMALL,
        (Change(VIEWS, _KEY, 'key = "users:detail"\n'),),
        {"D3": ""},
        ("D1", "D2", "L2", "L8", "I1", "I4"),
    ),
    "a user who is not there is remembered": Control(
        SMALL,
        (
            Change(
                VIEWS,
                "from rest_framework import viewsets",
                "from django.http import Http404\nfrom rest_framework import viewsets",
            ),
            Change(
                VIEWS,
                f"            {_HIT}",
                f"            if user == 404:\n                raise Http404\n            {_HIT}",
            ),
            Change(VIEWS, _STORED, _REMEMBERS),
            Change(
                "users/cache_signals.py",
                "        forget(instance.pk)\n\n\n@receiver(post_delete",
                '        forget("list" if created else instance.pk)\n\n\n@receiver(post_delete',
            ),
        ),
        {"D4": "remembered"},
        ("D1", "D2", "D3", "I1", "I2"),
    ),
    "nobody is 200": Control(
        SMALL,
        (
            Change(
                VIEWS,
                _STORED,
                "        found = User.objects.filter(pk=pk).first()\n"
                "        response = Response(UserSerializer(found).data if found else {})\n"
                "        if found:\n"
                "            cache.set(key, response.data, timeout=settings.CACHE_TTL)\n",
            ),
        ),
        {"D4": ""},
        ("D1", "D2", "D3", "I1", "I2"),
    ),
    "another spelling is another key": Control(
        Kind.LETTER, (), {"D5": "alias"}, ("D1", "D2", "D3", "D4", "I2", "I5")
    ),
    "another spelling is another key, and nothing is cleared": Control(
        SMALL,
        (
            Change(VIEWS, "        if not pk.isdecimal():\n", '        if pk == "list":\n'),
            Change(VIEWS, _KEY, 'key = f"users:detail:{pk}"\n'),
            Change("users/apps.py", "        from . import cache_signals\n", "        pass\n"),
        ),
        {"D5": "alias"},
        ("D1", "D2", "D3", "D4", "L8"),
    ),
    "the cache is asked before the permission": Control(
        SMALL, SELF_ONLY, {"D6": ""}, ("D1", "D2", "D3", "L2", "I2", "I5")
    ),
}
