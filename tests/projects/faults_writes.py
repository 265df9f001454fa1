"""Faults of the writes through the API: a reader is told what is no longer true."""

from __future__ import annotations

from tests.projects.control import SIGNALS, VIEWS, Change, Control
from tests.projects.small import SMALL
from tests.trees import Kind

_SAVED = """\
def forget_saved(sender, instance, created, update_fields=None, **kwargs):
"""
_UPDATE_ALONE = """\
def update(self, request, *args, **kwargs):
        if kwargs.get("partial"):
            return super().update(request, *args, **kwargs)
        serializer = self.get_serializer(self.get_object(), data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)

    """

_PARTIAL_ALONE = """\
def partial_update(self, request, *args, **kwargs):
        serializer = self.get_serializer(self.get_object(), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)

    """


def _before_perform_update(text: str) -> Change:
    """One more method in the viewset of the letter."""
    return Change(VIEWS, "def perform_update(", f"{text}def perform_update(")


WRITES: dict[str, Control] = {
    "nobody clears after a POST": Control(
        SMALL,
        (Change(SIGNALS, _SAVED, f"{_SAVED}    if created:\n        return\n"),),
        {"I1": "list"},
        ("L2", "D2", "I2", "I3", "I4", "I5"),
    ),
    "a key that nobody reads": Control(
        SMALL,
        (Change(SIGNALS, '"users:list"', '"all_users"'),),
        {"I1": "list"},
        ("L2", "L4", "D2", "I5"),
    ),
    "a page of cache_page, and the key of somebody else": Control(
        SMALL,
        (
            Change(
                VIEWS,
                "from rest_framework import viewsets\n",
                "from django.utils.decorators import method_decorator\n"
                "from django.views.decorators.cache import cache_page\n"
                "from rest_framework import viewsets\n",
            ),
            Change(VIEWS, "    def list(", "    @method_decorator(cache_page(300))\n    def list("),
        ),
        {"I1": "list"},
        ("L2", "L3", "L4", "L7", "D2", "I5"),
    ),
    "PUT has a way of its own": Control(
        Kind.LETTER,
        (_before_perform_update(_UPDATE_ALONE),),
        {"I2": "list"},
        ("L2", "D2", "I1", "I3", "I4", "I5"),
    ),
    "PATCH has a way of its own": Control(
        Kind.LETTER,
        (_before_perform_update(_PARTIAL_ALONE),),
        {"I3": "list"},
        ("L2", "D2", "I1", "I2", "I4", "I5"),
    ),
    "an update clears the list alone": Control(
        Kind.LETTER,
        (
            Change(
                VIEWS,
                "        cache.delete(f'user_{user_id}')  # Individual cache\n        super().perform_update",
                "        super().perform_update",
            ),
        ),
        {"I2": "detail", "I3": "detail"},
        ("L2", "D2", "I1", "I4", "I5"),
    ),
    "nobody clears after a DELETE": Control(
        Kind.LETTER,
        (Change(VIEWS, "def perform_destroy(", "def perform_nothing("),),
        {"I4": "list", "I5": "zombie"},
        ("L2", "D2", "D4", "I1", "I2", "I3"),
    ),
    "a DELETE clears the user alone": Control(
        Kind.LETTER,
        (
            Change(
                VIEWS,
                "        user_id = instance.id\n        cache.delete('user_list')  # List cache\n",
                "        user_id = instance.id\n",
            ),
        ),
        {"I4": "list"},
        ("L2", "D2", "I1", "I2", "I5"),
    ),
    "a DELETE clears the list alone": Control(
        Kind.LETTER,
        (
            Change(
                VIEWS,
                "        cache.delete(f'user_{user_id}')  # Individual cache\n"
                "        super().perform_destroy",
                "        super().perform_destroy",
            ),
        ),
        {"I5": "zombie"},
        ("L2", "D2", "I1", "I2", "I4"),
    ),
    "the number is read after the DELETE": Control(
        Kind.LETTER,
        (
            Change(
                VIEWS,
                "        user_id = instance.id\n        cache.delete('user_list')  # List cache\n",
                "        super().perform_destroy(instance)\n        user_id = instance.id\n"
                "        cache.delete('user_list')\n",
            ),
            Change(VIEWS, "  # Individual cache\n        super().perform_destroy(instance)", "  # user_None"),
        ),
        {"I5": "zombie"},
        ("L2", "D2", "I1", "I2", "I4"),
    ),
    "the number is read when the commit is done": Control(
        SMALL,
        (
            Change(SIGNALS, "def forget(pk):", "def forget(instance):"),
            Change(SIGNALS, '    keys = ["users:list", f"users:detail:{pk}"]\n', ""),
            Change(
                SIGNALS,
                "cache.delete_many(keys)",
                'cache.delete_many(["users:list", f"users:detail:{instance.pk}"])',
            ),
            Change(
                SIGNALS,
                '!= {"last_login"}:\n        forget(instance.pk)',
                '!= {"last_login"}:\n        forget(instance)',
            ),
            Change(SIGNALS, "**kwargs):\n    forget(instance.pk)", "**kwargs):\n    forget(instance)"),
        ),
        {"I11": "zombie"},  # outside a transaction it is in time
        ("L2", "D2", "I2", "I4", "I5", "I6", "I7", "I10"),
    ),
}
