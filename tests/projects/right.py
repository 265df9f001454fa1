"""Projects that do it otherwise than the handout, and do it right: nobody may fail them."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.projects import handout
from tests.projects.build import STARTER, Variant
from tests.projects.handout import HONEST, LIST, settings, with_list, with_settings

_OTHER_URLS = """
from django.http import JsonResponse
from django.urls import include, path
from rest_framework.routers import SimpleRouter
from users.views import UserViewSet

router = SimpleRouter()
router.register("people", UserViewSet, basename="person")
urlpatterns = [
    path("api/users/", lambda request: JsonResponse({"people": "/v2/people/"})),
    path("v2/", include(router.urls)),
]
"""

_FUNCTIONS = """
from django.conf import settings
from django.core.cache import caches
from django.shortcuts import get_object_or_404
from rest_framework.decorators import api_view
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


@api_view(["GET"])
def user_list(request):
    return Response(caches["default"].get_or_set("user_list", _rows, settings.CACHE_TTL))


def _rows():
    return UserSerializer(User.objects.all(), many=True).data


@api_view(["GET"])
def user_detail(request, pk):
    return Response(UserSerializer(get_object_or_404(User, pk=pk)).data)
"""

_FUNCTION_URLS = """
from django.urls import path, re_path

from . import views

urlpatterns = [
    path("users/", views.user_list),
    re_path(r"^users/(?P<pk>[0-9]+)/$", views.user_detail),
]
"""

_SECOND_CONNECTION = """
import os

import redis
from rest_framework.decorators import api_view


@api_view(["GET"])
def stats(request):
    one = redis.Redis(host=settings.REDIS_HOST, port=int(os.environ.get("REDIS_PORT", "6379")))
    return Response({"keys": one.dbsize() + redis.from_url(os.environ["REDIS_URL"]).dbsize()})
"""

_STATS_URLS = """
from django.urls import include, path
from users.views import stats

urlpatterns = [path("api/", include("users.urls")), path("api/stats/", stats)]
"""

_GENERATION = LIST.replace(
    'get_cache_key("user_list")',
    'get_cache_key("user_list", cache.get_or_set("user_generation", 1, timeout=None))',
)

_MANY = """
keys = cache.get("user_keys")
found = cache.get_many(keys) if keys is not None else {}
if keys is not None and len(found) == len(keys):
    return Response([found[key] for key in keys])
response = super().list(request, *args, **kwargs)
rows = {get_cache_key("user", row["id"]): row for row in response.data}
cache.set_many(rows, timeout=settings.CACHE_TTL)
cache.set("user_keys", [*rows], timeout=settings.CACHE_TTL)
return response
"""


def _uuid_keys() -> dict[str, str | None]:
    """The model of the users and its migration, with a random primary key."""
    field = "models.UUIDField(primary_key=True, default=uuid.uuid4)"
    model, migration = "users/models.py", "users/migrations/0001_initial.py"
    plain = (STARTER / migration).read_text()
    keyed = re.sub(r"models\.BigAutoField\([^)]*\)", field, plain, count=1)
    named = (STARTER / model).read_text().replace("    email = ", f"    id = {field}\n    email = ", 1)
    assert keyed != plain
    return {
        model: named.replace("from typing", "import uuid\nfrom typing", 1),
        migration: "import uuid\n" + keyed,
    }


LOGIN = replace(
    HONEST,
    settings=HONEST.settings
    + "REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n",
)

RIGHT: dict[str, Variant] = {
    "honest": HONEST,
    "django's own backend": replace(
        HONEST,
        settings=settings("django.core.cache.backends.redis.RedisCache"),
        requires=("redis",),
    ),
    "another prefix, and an API root at the old one": replace(
        HONEST, files={"safeboda/urls.py": _OTHER_URLS}
    ),
    "function views and get_or_set": replace(
        HONEST, views=_FUNCTIONS, files={"users/urls.py": _FUNCTION_URLS}
    ),
    "a key function": with_settings(
        settings(more='"KEY_FUNCTION": _key,'),
        "def _key(key, prefix, version):\n    return f'boda/{version}/{key}'\n",
    ),
    "database 5, with a password": with_settings(settings(location="redis://:secret@localhost:6379/5")),
    "compressed": with_settings(
        settings(options='"COMPRESSOR": "django_redis.compressors.zlib.ZlibCompressor"')
    ),
    "JSON": with_settings(settings(options='"SERIALIZER": "django_redis.serializers.json.JSONSerializer"')),
    "the address from the environment": with_settings(
        settings().replace(
            '"redis://127.0.0.1:6379/1"', 'os.environ.get("REDIS_URL", "redis://localhost:6379/1")'
        )
    ),
    "one address, read in two places": replace(
        with_list(LIST, top=_SECOND_CONNECTION),
        settings="REDIS_HOST = os.environ['REDIS_HOST']\n"
        + settings().replace('"redis://127.0.0.1:6379/1"', 'f"redis://{REDIS_HOST}:6379/1"'),
        files={
            ".env": "REDIS_HOST=localhost\nREDIS_URL=redis://localhost/1\n",
            "safeboda/urls.py": _STATS_URLS,
        },
    ),
    "a generation key without an expiry": with_list(_GENERATION),
    "one key per row, fetched together": with_list(_MANY),
    "for ever in the settings, not in the list": with_settings(settings(timeout=None)),
    "cache_page": replace(
        HONEST,
        views=handout.views("return super().list(request, *args, **kwargs)")
        .replace("    def list", "    @method_decorator(cache_page(300))\n    def list")
        .replace(
            "from rest_framework import viewsets",
            "from django.utils.decorators import method_decorator\n"
            "from django.views.decorators.cache import cache_page\n"
            "from rest_framework import viewsets",
        ),
    ),
    "pages of two": replace(
        with_list(
            LIST.replace('get_cache_key("user_list")', 'get_cache_key("users", request.get_full_path())')
        ),
        settings=HONEST.settings
        + "REST_FRAMEWORK = {'PAGE_SIZE': 2,\n"
        + "'DEFAULT_PAGINATION_CLASS': 'rest_framework.pagination.PageNumberPagination'}\n",
    ),
    "a uuid for a key": replace(HONEST, files=_uuid_keys()),
    "the packages in pyproject.toml": replace(
        HONEST,
        requires=(),
        files={
            "pyproject.toml": '[project]\nname = "boda"\nversion = "1"\ndependencies = ["django-redis>=5"]\n'
        },
    ),
}
