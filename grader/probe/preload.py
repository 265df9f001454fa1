"""Imports and computes once, before the forks, what every project or every worker would otherwise do again.

Only libraries are warmed, never a view of the learner's: what their code remembers must be remembered by
one worker alone.
"""

from __future__ import annotations

import contextlib
import functools
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
"""What most projects import, and what can be imported before there are settings."""

imported = False
"""Whether the libraries are there, and are not the project's own."""

_compiled: set[str] = set()
"""The modules whose patterns have been compiled."""

_TOP = {"dotenv", "django", "asgiref", "sqlparse", "rest_framework", "django_redis", "redis"}


def import_libraries(own: Collection[str]) -> None:
    """Import what a project will want. `own` are the top-level names in its folder.

    A project with a module of a library's name (its own redis.py) must meet its own: then nothing is done.
    Otherwise no garbage is collected until `warm`: it would take a fifth of the time, and all is to stay.
    """
    if set(own) & (_TOP | sys.stdlib_module_names):
        return
    global imported
    imported = True
    gc.disable()
    import_each(LIBRARIES)
    _remember_versions()
    _compile_new_patterns()
    gc.freeze()


def import_each(names: Iterable[str]) -> None:
    """Import those of the modules `names` that can be imported."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def warm(urls: bool) -> None:
    """Import what Django, DRF and the cache backends import late. Faults show later, where they count."""
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connections
    from django.urls import get_resolver

    for alias in settings.CACHES:
        with contextlib.suppress(Exception):
            _ = getattr(caches[alias], "client", None)  # django-redis makes it late, and imports redis then
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
    # A collection in a worker would touch, and so copy, every page that it shares with the others.
    gc.freeze()
    gc.enable()


def _look_at_models() -> None:
    """What Django finds out about a model when it is first asked for rows of it."""
    from django.apps import apps

    for model in apps.get_models():
        meta = model._meta
        _ = meta.related_objects, meta.fields_map, meta.get_fields()
        for field in meta.concrete_fields:
            hash(field.cached_col)


def _remember_versions() -> None:
    """redis-py asks for its own version at each connection, which reads and parses a file."""
    from importlib import metadata

    metadata.version = functools.cache(metadata.version)
    introspection.versions()


def _compile_new_patterns() -> None:
    for name in sys.modules.keys() - _compiled:
        if name.startswith(("django.", "rest_framework.")):
            compile_patterns(sys.modules[name])
        _compiled.add(name)


def compile_patterns(holder: Any) -> None:
    """Django and DRF compile many a regular expression when it is used first; `holder` holds some by name."""
    from django.utils.functional import SimpleLazyObject

    for value in list(vars(holder).values()):
        if type(value) is SimpleLazyObject:
            with contextlib.suppress(Exception):
                _ = value.pattern
