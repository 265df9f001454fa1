"""Does once, before the forks, what every project or every child would otherwise do again.

Only libraries are warmed, never a view of the learner's: what their code remembers must be remembered by
one child alone.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import io
import sys
from collections.abc import Collection, Iterator
from typing import Any

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
    "django.test.client",
    "rest_framework.serializers",
    "rest_framework.metadata",
    "rest_framework.mixins",
    "django_redis.cache",
    "django_redis.client",
    "django_redis.serializers.pickle",
)
"""What most projects import, and what can be imported before there are settings."""

_TOP = {"dotenv", "django", "asgiref", "sqlparse", "rest_framework", "django_redis", "redis"}


def import_libraries(own: Collection[str]) -> None:
    """Import what a project will want. `own` are the top-level names in its folder.

    A project with a module of a library's name (its own redis.py) must meet its own: then nothing is done.
    """
    if set(own) & (_TOP | sys.stdlib_module_names):
        return
    for name in LIBRARIES:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    _remember_versions()
    gc.collect()
    gc.freeze()


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
    if "rest_framework" in sys.modules:
        from rest_framework.settings import DEFAULTS, api_settings

        for name in DEFAULTS:
            with contextlib.suppress(Exception):
                getattr(api_settings, name)
    for name, module in list(sys.modules.items()):
        if name.startswith(("django.", "rest_framework.")):
            _compile_patterns(module)
    # A collection in a child would touch, and so copy, every page that it shares with the others.
    gc.collect()
    gc.freeze()


def practise() -> Iterator[None]:
    """Do once what a first request does, with nothing of the learner's: while nobody waits for the project.

    Libraries set much up when it is used first, and Python runs code faster that has run before. Each step
    takes at most 30 ms.
    """
    for step in (_ask_a_view, _compile_validators):
        with contextlib.suppress(Exception):
            step()
        gc.collect()
        gc.freeze()
        yield


def _ask_a_view() -> None:
    """A view of Django REST framework with a list of a model of Django's own; no table is asked."""
    from django.core.handlers.wsgi import WSGIRequest
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder
    from rest_framework import negotiation, renderers, response, serializers, views

    model: Any = MigrationRecorder.Migration

    class Serializer(serializers.ModelSerializer):  # type: ignore[type-arg]
        class Meta:
            model = MigrationRecorder.Migration
            fields = "__all__"

    class View(views.APIView):
        authentication_classes = permission_classes = throttle_classes = parser_classes = ()
        renderer_classes = (renderers.JSONRenderer,)
        content_negotiation_class = negotiation.DefaultContentNegotiation
        versioning_class = None

        def perform_authentication(self, request: Any) -> None:
            pass  # it would make the anonymous user, whose class a project may choose

        def get(self, request: Any) -> response.Response:
            rows = model.objects.filter(app__in=("a", "b"), pk__gte=1).order_by("-pk")[:5]
            rows.query.get_compiler(connection=connection).as_sql()
            rows._result_cache = [model(pk=1, app="a", name="b")]
            return response.Response(Serializer(rows, many=True).data)

    view = View.as_view()
    for _ in range(10):
        server = {"SERVER_NAME": "testserver", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}
        request = WSGIRequest({**server, "REQUEST_METHOD": "GET", "PATH_INFO": "/"})
        view(request).render()


def _compile_validators() -> None:
    """The patterns of an e-mail address alone take 30 ms."""
    from django.core.validators import EmailValidator

    _compile_patterns(EmailValidator)


def _remember_versions() -> None:
    """redis-py asks for its own version at each connection, which reads and parses a file."""
    from importlib import metadata

    metadata.version = functools.cache(metadata.version)


def _compile_patterns(holder: Any) -> None:
    """Django and DRF compile many a regular expression when it is used first; `holder` holds some by name."""
    from django.utils.functional import SimpleLazyObject

    for value in list(vars(holder).values()):
        if type(value) is SimpleLazyObject:
            with contextlib.suppress(Exception):
                _ = value.pattern
