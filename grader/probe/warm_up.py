"""Warms up the libraries before the first request, without running code of the learner.

Libraries initialize much at first use, Python specializes code that has run several times, and a forked
process copies each memory page at its first write to it. The warm-up moves this time out of the checks. If
the project has a module of a library's name, the warm-up does nothing.

Measured with and without it in 20 pairs on 2 cores, with a pause before each run: it takes 19 % from the
time of a re-check of Activity 4, and 12 % from that of a check after a save.
"""

from __future__ import annotations

import contextlib
import gc
import io
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from . import preload

RARE = ("django.test.client",)
"""Modules that only a few checks need."""

SMALL = (
    "django.contrib.admin.apps",
    "django.contrib.auth.checks",
    "django.contrib.auth.hashers",
    "django.contrib.auth.password_validation",
    "django.contrib.auth.tokens",
    "django.contrib.sessions.middleware",
    "django.contrib.staticfiles.finders",
    "django.middleware.clickjacking",
    "django.middleware.common",
    "django.middleware.security",
    "rest_framework.authentication",
    "rest_framework.negotiation",
    "rest_framework.permissions",
    "rest_framework.urlpatterns",
)
"""Modules of most projects that take less than a millisecond each: too short to delay the start for."""

TIMES = 10
"""Calls after which Python has specialized the code of a function."""


def warm_up_zygote() -> Iterator[None]:
    """Warm up the zygote after a check, for the next app server. A step takes at most 30 ms."""
    yield from _each(_import_rare, _import_small, _compile_validators, _ask_redis)


def warm_up() -> Iterator[None]:
    """Warm up the app server between two forks, for all later workers. A step takes at most 30 ms."""
    yield from _each(_ask_a_view, _ask_redis, _ask_a_database, _import_rare, _compile_validators)


def warm_up_worker() -> Iterator[None]:
    """Warm up a waiting worker, which copies its memory pages by that. A step takes at most 5 ms."""
    yield from _each(*(partial(step, times=1) for step in (_ask_redis, _ask_a_database, _ask_a_view)))


def _each(*steps: Callable[[], None]) -> Iterator[None]:
    for step in steps if preload.imported else ():
        with contextlib.suppress(Exception):
            step()
        gc.freeze()
        yield


def _ask_a_view(times: int = TIMES) -> None:
    """Call a DRF view that serializes rows of a model of Django itself, without a query."""
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
            pass  # DRF would make an anonymous user, whose class may be the learner's

        def get(self, request: Any) -> response.Response:
            rows = model.objects.filter(app__in=("a", "b"), pk__gte=1).order_by("-pk")[:5]
            rows.query.get_compiler(connection=connection).as_sql()
            rows._result_cache = [model(pk=1, app="a", name="b")]
            return response.Response(Serializer(rows, many=True).data)

    view = View.as_view()
    for _ in range(times):
        server = {"SERVER_NAME": "testserver", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}
        request = WSGIRequest({**server, "REQUEST_METHOD": "GET", "PATH_INFO": "/"})
        view(request).render()


def _ask_redis(times: int = TIMES) -> None:
    """Make a client of redis-py and a connection, without connecting."""
    redis: Any = sys.modules["redis"]  # the zygote has imported it

    for _ in range(times):
        pool = redis.ConnectionPool.from_url("redis://127.0.0.1:6379/0")
        redis.Redis(connection_pool=pool)
        pool.make_connection()


def _ask_a_database(times: int = TIMES) -> None:
    """Open a database in memory by Django's backend, without the signal `connection_created`."""
    from django.db import DEFAULT_DB_ALIAS, connections
    from django.db.backends.sqlite3.base import DatabaseWrapper

    settings = {**connections[DEFAULT_DB_ALIAS].settings_dict, "NAME": ":memory:", "OPTIONS": {}}
    database = DatabaseWrapper(settings, "practice")
    for _ in range(times):
        with contextlib.closing(database.get_new_connection(database.get_connection_params())) as opened:
            opened.execute("SELECT 1, 'a'").fetchall()


def _import_rare() -> None:
    preload.import_each(RARE)


def _import_small() -> None:
    preload.import_each(SMALL)


def _compile_validators() -> None:
    """Compile the patterns of Django's e-mail validator, which take 30 ms."""
    from django.core.validators import EmailValidator

    preload.compile_patterns(EmailValidator)
