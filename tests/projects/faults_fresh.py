"""Faults that the challenge of Activity 5 is about: other doors than the API, and too much cleared."""

from __future__ import annotations

from tests.projects.control import SETTINGS, SIGNALS, VIEWS, Change, Control, more_settings
from tests.projects.faults_answers import PAGES
from tests.projects.small import SMALL
from tests.trees import Kind

_SAVED = "def forget_saved(sender, instance, created, update_fields=None, **kwargs):\n"
_CLASS = "serializer_class = UserSerializer\n"
_KEYS = '    keys = ["users:list", f"users:detail:{pk}"]\n'
_CLEAR = "cache.delete_many(keys)"
_SET_LIST = 'key = "users:list"\n'
SESSIONS = more_settings('SESSION_ENGINE = "django.contrib.sessions.backends.cache"')


_ON_CREATE = """
    def perform_create(self, serializer):
        super().perform_create(serializer)
        cache.delete("users:list")
"""

_ON_UPDATE = """
    def perform_update(self, serializer):
        super().perform_update(serializer)
        cache.delete_many(["users:list", f"users:detail:{serializer.instance.pk}"])
"""

_ON_DELETE = """
    def perform_destroy(self, instance):
        keys = ["users:list", f"users:detail:{instance.pk}"]
        super().perform_destroy(instance)
        cache.delete_many(keys)
"""

_ON_INVALID = """
    def create(self, request, *args, **kwargs):
        cache.delete("users:list")
        return super().create(request, *args, **kwargs)
"""

_MIDDLEWARE = """\
import re

from django.core.cache import cache


class ForgetAfterWrites:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            from .models import User

            pks = set(re.findall(r"/([0-9]+)/", request.path)) | set(request.POST.getlist("_selected_action"))
            cache.delete_many(["users:list", *(f"users:detail:{pk}" for pk in pks)])
        return response
"""

_GENERATIONS = (
    Change(VIEWS, _SET_LIST, 'key = f"users:{generation()}:list"\n'),
    Change(VIEWS, 'key = f"users:detail:{int(pk)}"', 'key = f"users:{generation()}:detail:{int(pk)}"'),
    Change(
        VIEWS,
        "\n\nclass UserViewSet",
        '\n\ndef generation():\n    return cache.get_or_set("users:generation", 1, timeout=None)\n'
        "\n\nclass UserViewSet",
    ),
    Change(SIGNALS, _KEYS, ""),
    Change(SIGNALS, _CLEAR, '(cache.add("users:generation", 1, None), cache.incr("users:generation"))'),
)

_PAGED = (PAGES, Change(VIEWS, _SET_LIST, 'key = f"users:list:{request.get_full_path()}"\n'))
_FIRST_PAGE = Change(SIGNALS, '"users:list"', '"users:list:/api/users/"')


def _add(text: str) -> Change:
    return Change(VIEWS, _CLASS, _CLASS + text)


FRESH: dict[str, Control] = {
    "receivers that nobody connects": Control(
        Kind.CORE,
        (Change("users/apps.py", "def ready(", "def starting("),),
        {"I6": "list", "I7": "list", "I8": "list", "I9": "list"},
        ("L2", "I1", "I2", "I3", "I4"),
    ),
    "the receiver hears of changes alone": Control(
        SMALL,
        (Change(SIGNALS, _SAVED, f"{_SAVED}    if created:\n        return\n"), _add(_ON_CREATE)),
        {"I6": "list"},
        ("L2", "I1", "I2", "I7", "I8", "I9"),
    ),
    "the receiver hears of new users alone": Control(
        SMALL,
        (Change(SIGNALS, _SAVED, f"{_SAVED}    if not created:\n        return\n"), _add(_ON_UPDATE)),
        {"I7": "list", "I9": "list"},
        ("L2", "I1", "I2", "I3", "I6", "I8"),
    ),
    "the receiver clears the list alone": Control(
        SMALL,
        (
            Change(
                SIGNALS,
                '!= {"last_login"}:\n        forget(instance.pk)',
                '!= {"last_login"}:\n        forget("nobody")',
            ),
            _add(_ON_UPDATE),
        ),
        {"I7": "detail"},
        ("L2", "I1", "I2", "I3", "I6", "I8"),
    ),
    "no receiver of deletions": Control(
        SMALL,
        (Change(SIGNALS, "**kwargs):\n    forget(instance.pk)", "**kwargs):\n    pass"), _add(_ON_DELETE)),
        {"I8": "list"},
        ("L2", "I4", "I5", "I6", "I7"),
    ),
    "the receiver of deletions clears the list alone": Control(
        SMALL,
        (
            Change(SIGNALS, "**kwargs):\n    forget(instance.pk)", '**kwargs):\n    forget("nobody")'),
            _add(_ON_DELETE),
        ),
        {"I8": "zombie", "I9": "zombie"},
        ("L2", "I4", "I5", "I6", "I7"),
    ),
    "only the views connect the receivers, and a shell loads no views": Control(
        SMALL,
        (
            Change("users/apps.py", "from . import cache_signals", "pass"),
            Change(
                VIEWS, "from .models import User\n", "from . import cache_signals\nfrom .models import User\n"
            ),
        ),
        {"I9": "list"},
        ("I1", "I2", "I4", "I5", "I6", "I7", "I8"),
    ),
    "a middleware clears, and a shell has none": Control(
        SMALL,
        (
            Change("users/apps.py", "from . import cache_signals", "pass"),
            Change("users/cache_signals.py", SMALL.files[SIGNALS] or "", _MIDDLEWARE),
            more_settings('MIDDLEWARE += ["users.cache_signals.ForgetAfterWrites"]'),
        ),
        {"I9": "list"},
        ("I1", "I2", "I4", "I5", "I6", "I7", "I8"),
    ),
    "a refused POST clears the list": Control(
        SMALL, (_add(_ON_INVALID),), {"I13": ""}, ("L2", "I1", "I2", "I4", "I14")
    ),
    "cache.clear() in a receiver": Control(
        SMALL,
        (Change(SIGNALS, _CLEAR, "cache.clear()"),),
        {"I14": "flushed"},
        ("L2", "I1", "I2", "I13", "I19"),
    ),
    "a pattern that fits others' keys": Control(
        SMALL,
        (Change(SIGNALS, _CLEAR, 'cache.delete_pattern("*user*")'),),
        {"I14": "flushed"},
        ("L2", "I1", "I2", "I5", "I11", "I13", "I19"),
    ),
    "a pattern that fits the logins": Control(
        SMALL,
        (
            SESSIONS,
            Change(SIGNALS, _CLEAR, 'cache.delete_pattern("*")'),
            Change(SETTINGS, '"TIMEOUT": 300,', '"TIMEOUT": 300, "KEY_PREFIX": "boda",'),
        ),
        {"I14": "logged_out"},
        ("L2", "I1", "I2", "I5", "I13", "I19"),
    ),
    "one generation for all users": Control(
        SMALL, _GENERATIONS, {"I14": "neighbour"}, ("L2", "L3", "D2", "I1", "I2", "I5", "I17", "I19")
    ),
    "the first page alone is cleared": Control(
        SMALL, (*_PAGED, _FIRST_PAGE), {"I15": ""}, ("L2", "L5", "D2", "I2", "I4")
    ),
    "update() goes unheard": Control(
        Kind.REFERENCE,
        (Change("users/user_queryset.py", "user_cache.forget_users(touched)", "pass"),),
        {"I16": ""},
        ("I2", "I7", "I9", "I11", "I17", "I19"),
    ),
    "bulk_create() goes unheard": Control(
        Kind.REFERENCE,
        (
            Change("users/user_queryset.py", "def bulk_create(", "def bulk_created("),
            Change("users/user_queryset.py", "    bulk_create.alters_data = True\n", ""),
        ),
        {"I16": ""},
        ("I1", "I6", "I9", "I11", "I17"),
    ),
    "what could not be cleared is forgotten": Control(
        Kind.REFERENCE,
        (Change("users/user_cache.py", "_owed.update(keys)", "pass"),),
        {"I18": ""},
        ("F5", "F6", "I2", "I11", "I17"),
    ),
    "a login is a change like any other": Control(
        Kind.REFERENCE,
        (Change(SIGNALS, "if update_fields is None or user_cache.shows(update_fields):", "if instance.pk:"),),
        {"I19": "cleared"},
        ("I2", "I7", "I9", "I14", "I17"),
    ),
    "a login empties the cache that keeps the login": Control(
        SMALL,
        (
            SESSIONS,
            Change(SIGNALS, _CLEAR, "cache.clear()"),
            Change(SIGNALS, 'if update_fields is None or set(update_fields) != {"last_login"}:', "if True:"),
        ),
        {"I19": "logged_out"},
        ("L2", "I1", "I2", "I4"),
    ),
}
