"""Projects that do it in an odd way, and right: each passes all checks that apply to it.

`fails` has what such a project does not set out to do; `passes` are checks that must not be skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.projects import odd_views
from tests.projects.build import Variant
from tests.projects.control import SETTINGS, SIGNALS, VIEWS, Change, Control, more_settings
from tests.projects.faults_detail import SELF_ONLY
from tests.projects.handout import REQUIRES, settings
from tests.projects.right import RIGHT
from tests.projects.small import CAREFUL, LACKS, LOGGED, SMALL
from tests.trees import Kind

USUAL = ("L2", "L3", "I1", "I2", "I4", "I6", "I7", "I8", "I9", "I10", "I11", "I12")
"""What no project may be excused from."""

_CLEAR = "cache.delete_many(keys)"
_CLASS = "serializer_class = UserSerializer\n"
_LOGGING = more_settings("""\
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"file": {"class": "logging.FileHandler", "filename": BASE_DIR / "boda.log"}},
    "root": {"handlers": ["file"], "level": "INFO"},
}""")


def _small(
    *changes: Change,
    fails: Mapping[str, str] = LACKS,
    passes: tuple[str, ...] = USUAL,
    known: str = "",
    base: Variant = SMALL,
    options: Mapping[str, Mapping[str, str]] | None = None,
) -> Control:
    return Control(base, changes, fails, passes, known=known, options=options or {})


def _configured(text: str) -> Variant:
    """The small project with other cache settings."""
    return replace(SMALL, settings=text + LOGGED)


def _cached_by(**files: str) -> Variant:
    """The small project with other modules of the app `users`."""
    return replace(
        SMALL,
        views=files.pop("views", SMALL.views),
        files={**SMALL.files, **{f"users/{name}.py": text for name, text in files.items()}},
    )


_SECOND_SETTINGS = replace(
    SMALL,
    settings="",
    files={
        **SMALL.files,
        "safeboda/production.py": f"from .settings import *\n{SMALL.settings}",
        "manage.py": """\
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeboda.production")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
""",
    },
)

_BY_UUID = replace(
    SMALL,
    views=SMALL.views.replace("if not pk.isdecimal():", 'if pk.count("-") != 4:').replace("int(pk)", "pk"),
    files={**SMALL.files, **RIGHT["a uuid for a key"].files},
)

_THROUGH = """\
def forget(instance):
    from .serializers import UserSerializer

    data, detail = UserSerializer(instance).data, f"users:detail:{instance.pk}"
    transaction.on_commit(lambda: (cache.set(detail, data, settings.CACHE_TTL), cache.delete("users:list")))
"""

ODD: dict[str, Control] = {
    "the small project": _small(),
    "the reference": Control(Kind.REFERENCE, (), {}, (*USUAL, "D2", "D3", "D5", "I14", "I16", "I17", "I18")),
    "cache_page under a version": _small(
        base=_cached_by(**odd_views.PAGE), fails={"I16": "", "I18": ""}, passes=(*USUAL, "I17")
    ),
    "a mixin": _small(base=_cached_by(**odd_views.MIXIN)),
    "generations": _small(
        base=_cached_by(**odd_views.GENERATIONS),
        fails={"I14": "neighbour", "I16": "", "I18": ""},
        passes=(*USUAL, "I17", "D2"),
    ),
    "functions": _small(base=_cached_by(**odd_views.FUNCTIONS)),
    "generic views": _small(base=_cached_by(**odd_views.GENERICS)),
    "a client of its own, made from the settings": _small(
        base=_cached_by(**odd_views.OWN_CLIENT), fails={**LACKS}
    ),
    "caching in the manager": _small(base=_cached_by(**odd_views.MANAGER), passes=(*USUAL, "Z2")),
    "caching in get_queryset": _small(base=_cached_by(**odd_views.QUERYSET), passes=(*USUAL, "Z2")),
    "a key function": _small(
        base=_configured(
            "def _key(key, prefix, version):\n    return f'boda/{version}/{key}'\n"
            + settings(options=CAREFUL, more='"KEY_FUNCTION": _key, "VERSION": 3,')
        )
    ),
    "JSON": _small(
        base=_configured(
            settings(options=f'{CAREFUL} "SERIALIZER": "django_redis.serializers.json.JSONSerializer"')
        )
    ),
    "compressed": _small(
        base=_configured(
            settings(options=f'{CAREFUL} "COMPRESSOR": "django_redis.compressors.zlib.ZlibCompressor"')
        ),
        passes=(*USUAL, "F4", "Z2"),
    ),
    "for ever in the settings, and a timeout each time": _small(
        base=_configured(settings(options=CAREFUL, timeout=None)), passes=(*USUAL, "F3", "F4")
    ),
    "django's own backend, made careful": _small(
        base=replace(
            SMALL,
            settings=settings("safeboda.careful.CarefulCache", options='"socket_timeout": 0.4'),
            requires=REQUIRES[:1],
            files={**SMALL.files, "safeboda/careful.py": odd_views.CAREFUL_BACKEND},
        ),
        passes=(*USUAL, "F5", "F6", "F8"),
    ),
    "an alias for users": _small(
        Change(VIEWS, "import cache\n", "import caches\n"),
        Change(VIEWS, "\n\nclass UserViewSet", '\ncache = caches["users"]\n\n\nclass UserViewSet'),
        Change(SIGNALS, "import cache\n", "import caches\n"),
        Change(SIGNALS, _CLEAR, 'caches["users"].delete_many(keys)'),
        Change(
            SETTINGS,
            "CACHE_TTL = 300\n",
            'CACHE_TTL = 300\nCACHES["users"] = {**CACHES["default"], "LOCATION": "redis://127.0.0.1:6379/2"}\n',
        ),
        passes=(*USUAL, "F7"),
    ),
    "sessions in the cache": _small(
        more_settings('SESSION_ENGINE = "django.contrib.sessions.backends.cache"'),
        passes=(*USUAL, "I14", "I19"),
    ),
    "a PING at import": _small(
        Change(VIEWS, "from .models import User\n", odd_views.PING + "from .models import User\n")
    ),
    "two settings modules": _small(base=_SECOND_SETTINGS),
    "a log in its own folder": _small(
        _LOGGING,
        passes=(*USUAL, "F8"),
    ),
    "a login for everything": _small(
        more_settings(
            'INSTALLED_APPS += ["rest_framework.authtoken"]\nREST_FRAMEWORK = {\n'
            '"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],\n'
            '"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}'
        ),
        passes=(*USUAL, "L6", "D2", "D4"),
    ),
    "a user is for himself alone": _small(
        *SELF_ONLY,
        Change(VIEWS, '        pk = kwargs["pk"]\n', "        pk = str(self.get_object().pk)\n"),
        passes=(*USUAL, "D2", "D6"),
    ),
    "a list for each viewer": _small(*odd_views.FOR_EACH_VIEWER, passes=(*USUAL, "L6"), fails={**LACKS}),
    "a uuid for a key": _small(base=_BY_UUID, passes=(*USUAL, "D2", "D3")),
    "pages, by host and question": _small(
        base=_cached_by(**odd_views.PAGES),
        fails={"I16": "", "I18": ""},
        passes=(*USUAL, "L5", "L7", "L9", "I15", "I17"),
    ),
    "a worker clears 200 ms later": _small(
        Change(SIGNALS, "import cache\n", "import cache\nfrom threading import Timer\n"),
        Change(SIGNALS, _CLEAR, "Timer(0.2, cache.delete_many, [keys]).start()"),
        passes=(*USUAL, "D5"),
    ),
    "written through after the commit": _small(
        Change(SIGNALS, "import cache\n", "import cache\nfrom django.conf import settings\n"),
        Change(SIGNALS, "\n\ndef forget(pk):", f"\n\n{_THROUGH}\n\ndef forget_deletion(pk):"),
        Change(SIGNALS, '"}:\n        forget(instance.pk)', '"}:\n        forget(instance)'),
        Change(
            SIGNALS, "**kwargs):\n    forget(instance.pk)", "**kwargs):\n    forget_deletion(instance.pk)"
        ),
    ),
    "half a minute at most": _small(
        Change(SETTINGS, "CACHE_TTL = 300", "CACHE_TTL = 30"),
        fails={"I16": "", "I17": ""},
        passes=(*USUAL, "I18"),
    ),
    "a command for bulk writes": _small(
        base=_cached_by(**{"management/commands/forget_users": odd_views.COMMAND}),
        fails={"I17": "", "I18": ""},
        passes=(*USUAL, "I16"),
        options={"I16": {"reconcile_command": "forget_users"}},
    ),
}
