"""Imports libraries and fills their caches once, before the forks, instead of in every worker.

No view of the learner is called here: the state of the learner's code must belong to one worker alone.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys
from collections.abc import Collection, Iterable
from typing import Any

from . import introspection

LIBRARIES = (
    "dotenv",
    "encodings.idna",
    "django.core.handlers.wsgi",
    "django.core.management.commands.migrate",
    "django.contrib.admin.options",
    "django.contrib.auth.management",
    "django.contrib.messages.storage.fallback",
    "django.contrib.sessions.backends.db",
    "django.contrib.sessions.serializers",
    "django.contrib.staticfiles.storage",
    "django.db.backends.sqlite3.base",
    "django.db.models.sql.compiler",
    "rest_framework.serializers",
    "rest_framework.metadata",
    "rest_framework.mixins",
    "django_redis.cache",
    "django_redis.client",
    "django_redis.serializers.pickle",
)
"""Modules that most projects import, and that can be imported before there are settings."""

imported = False
"""Whether the libraries have been imported; false if the project has a module of the same name."""

_compiled: set[str] = set()
"""The modules whose patterns have been compiled."""

_TOP = {"dotenv", "django", "asgiref", "sqlparse", "rest_framework", "django_redis", "redis"}


def import_libraries(own: Collection[str]) -> None:
    """Import the `LIBRARIES`. `own` are the top-level names in the project's folder.

    A project with a module of a library's name (its own redis.py) must import its own: then this does
    nothing. Otherwise garbage collection is off until `warm`, since it would take a fifth of the time and
    free nothing.
    """
    if set(own) & (_TOP | sys.stdlib_module_names):
        return
    global imported
    imported = True
    gc.disable()
    import_each(LIBRARIES)
    introspection.versions()  # cached here, so that no fork looks them up again
    _compile_new_patterns()
    gc.freeze()


def import_each(names: Iterable[str]) -> None:
    """Import those of the modules `names` that can be imported."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def warm(urls: bool) -> None:
    """Import what Django, DRF and the cache backends import late. Errors are ignored: a check shows them."""
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connections
    from django.urls import get_resolver

    for alias in settings.CACHES:
        with contextlib.suppress(Exception):
            _ = getattr(caches[alias], "client", None)  # django-redis makes the client and imports redis late
    if urls:
        with contextlib.suppress(Exception):
            _ = get_resolver().reverse_dict
    for alias in connections:
        _ = connections[alias]
    with contextlib.suppress(Exception):
        _look_at_models()
    if "rest_framework" in sys.modules:
        from rest_framework.settings import DEFAULTS, api_settings

        for name in DEFAULTS:
            with contextlib.suppress(Exception):
                getattr(api_settings, name)
    _compile_new_patterns()
    # A collection in a worker would write to, and so copy, every memory page that the workers share.
    gc.freeze()
    gc.enable()


def _look_at_models() -> None:
    """Fill the caches of each model that Django fills with its first query."""
    from django.apps import apps

    for model in apps.get_models():
        meta = model._meta
        _ = meta.related_objects, meta.fields_map, meta.get_fields()
        for field in meta.concrete_fields:
            hash(field.cached_col)


def _compile_new_patterns() -> None:
    for name in sys.modules.keys() - _compiled:
        if name.startswith(("django.", "rest_framework.")):
            compile_patterns(sys.modules[name])
        _compiled.add(name)


def compile_patterns(holder: Any) -> None:
    """Compile the lazy regular expressions among the attributes of `holder`, a module or class."""
    from django.utils.functional import SimpleLazyObject

    for value in list(vars(holder).values()):
        if type(value) is SimpleLazyObject:
            with contextlib.suppress(Exception):
                _ = value.pattern
