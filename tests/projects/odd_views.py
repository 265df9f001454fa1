"""The modules of projects that cache in another place than the handout: by the name of the module."""

from __future__ import annotations

from tests.projects.control import SIGNALS as SIGNALS_FILE
from tests.projects.control import VIEWS as VIEWS_FILE
from tests.projects.control import Change
from tests.projects.faults_answers import MINE, PERMISSIONS
from tests.projects.small import SIGNALS, VIEWS

_TOP = VIEWS.partition("\n\nclass ")[0]
_PLAIN = _TOP + "\n\nclass UserViewSet(viewsets.ModelViewSet):\n    queryset = User.objects.all()\n"
_PLAIN += "    serializer_class = UserSerializer\n"
_KEYS = '    keys = ["users:list", f"users:detail:{pk}"]\n'
_CLEAR = "cache.delete_many(keys)"


def _signals(clear: str) -> str:
    """The receivers, with another way to clear after the commit."""
    assert _CLEAR in SIGNALS
    return SIGNALS.replace(_CLEAR, clear)


_NEW_VERSION = 'cache.set("users:version", uuid.uuid4().hex, 86400)'
_BUMP = "import uuid\n\n" + _signals(_NEW_VERSION)
_VERSION = """

def version():
    return cache.get("users:version") or cache.get_or_set("users:version", uuid.uuid4().hex, 86400)
"""

PAGE = {
    "views": _PLAIN.replace(
        "from django.core.cache import cache\n",
        "from django.core.cache import cache\nfrom django.views.decorators.cache import cache_page\n",
    )
    .replace("\n\nclass ", f"{_VERSION}\n\nclass ")
    .replace("from django.conf", "import uuid\n\nfrom django.conf")
    + """
    def list(self, request, *args, **kwargs):
        view = super().list
        page = cache_page(settings.CACHE_TTL, key_prefix=f"users:{version()}")
        return page(lambda request: view(request, *args, **kwargs))(request)
""",
    "cache_signals": _BUMP,
}

MIXIN = {
    "views": VIEWS.partition("class UserViewSet")[0].replace(
        "from .models import User", "from .caching import CachedMixin\nfrom .models import User"
    )
    + "class UserViewSet(CachedMixin, viewsets.ModelViewSet):\n"
    + "    queryset = User.objects.all()\n    serializer_class = UserSerializer\n",
    "caching": VIEWS.partition("\nfrom .models")[0]
    + "\n\nclass CachedMixin:\n    def list"
    + VIEWS.partition("    def list")[2],
}

GENERATIONS = {
    "views": VIEWS.replace('key = "users:list"', 'key = f"users:{generation()}:list"')
    .replace('key = f"users:detail:', 'key = f"users:{generation()}:detail:')
    .replace(
        "\n\nclass ",
        '\n\ndef generation():\n    return cache.get_or_set("users:generation", 1, timeout=None)\n\n\nclass ',
    ),
    "cache_signals": _signals('(cache.add("users:generation", 1, None), cache.incr("users:generation"))'),
}

FUNCTIONS = {
    "views": """\
from django.conf import settings
from django.core.cache import cache
from django.shortcuts import get_object_or_404
from rest_framework.decorators import api_view
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


@api_view(["GET", "POST"])
def users(request):
    if request.method == "POST":
        return save(UserSerializer(data=request.data), 201)
    return Response(
        cache.get_or_set(
            "users:list", lambda: UserSerializer(User.objects.all(), many=True).data, settings.CACHE_TTL
        )
    )


@api_view(["GET", "PUT", "PATCH", "DELETE"])
def user(request, number):
    if request.method == "GET":
        return Response(
            cache.get_or_set(
                f"users:detail:{number}",
                lambda: UserSerializer(get_object_or_404(User, pk=number)).data,
                settings.CACHE_TTL,
            )
        )
    found = get_object_or_404(User, pk=number)
    if request.method == "DELETE":
        found.delete()
        return Response(status=204)
    return save(UserSerializer(found, data=request.data, partial=request.method == "PATCH"), 200)


def save(serializer, status):
    serializer.is_valid(raise_exception=True)
    serializer.save()
    return Response(serializer.data, status=status)
""",
    "urls": """\
from django.urls import path

from . import views

urlpatterns = [path("people", views.users), path("people/<int:number>", views.user)]
""",
}

GENERICS = {
    "views": VIEWS.replace("import viewsets", "import generics")
    .replace("class UserViewSet(viewsets.ModelViewSet)", "class Users(generics.ListCreateAPIView)")
    .replace(
        "\n    def retrieve(",
        "\n\nclass OneUser(generics.RetrieveUpdateDestroyAPIView):\n"
        "    queryset = User.objects.all()\n    serializer_class = UserSerializer\n\n    def retrieve(",
    ),
    "urls": """\
from django.urls import path

from .views import OneUser, Users

urlpatterns = [path("v1/team/", Users.as_view()), path("v1/team/<str:pk>/", OneUser.as_view())]
""",
}

OWN_CLIENT = {
    "store": """\
import json
import logging

import redis
from django.conf import settings

client = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=0.2)
logger = logging.getLogger(__name__)


class Store:
    def get(self, key):
        try:
            found = client.get(key)
        except redis.RedisError:
            logger.warning("no Redis")
            return None
        return None if found is None else json.loads(found)

    def set(self, key, value, timeout):
        try:
            client.set(key, json.dumps(value), ex=timeout)
        except redis.RedisError:
            logger.warning("no Redis")

    def delete_many(self, keys):
        try:
            client.delete(*keys)
        except redis.RedisError:
            logger.warning("no Redis")


cache = Store()
""",
    "views": VIEWS.replace("from django.core.cache import cache\n", "").replace(
        "from .serializers", "from .store import cache\nfrom .serializers"
    ),
    "cache_signals": SIGNALS.replace("from django.core.cache import cache", "from .store import cache"),
}

_ROWS = """\
from django.conf import settings
from django.core.cache import cache

FIELDS = ["id", "email", "first_name", "last_name", "phone_number", "user_type"]


def rows(users):
    found = cache.get("users:list")
    if found is None:
        found = list(users.values(*FIELDS))
        cache.set("users:list", found, settings.CACHE_TTL)
    return found
"""

_MANAGED = """

    def get_queryset(self):
        return {} if self.action == "list" else super().get_queryset()
"""

QUERYSET = {
    "rows": _ROWS,
    "views": _PLAIN.replace("from .models", "from .rows import rows\nfrom .models")
    + _MANAGED.replace("{}", "rows(User.objects.all())"),
}

MANAGER = {
    "rows": _ROWS.replace("def rows(users):", "class Cached:\n    def rows(self, users):")
    .replace("\n    found =", "\n        found =")
    .replace("\n    if found", "\n        if found")
    .replace("\n        found = list", "\n            found = list")
    .replace("\n        cache.set", "\n            cache.set")
    .replace("\n    return found", "\n        return found")
    + "\n\ncached = Cached()\n",
    "views": _PLAIN.replace("from .models", "from .rows import cached\nfrom .models")
    + _MANAGED.replace("{}", "cached.rows(User.objects.all())"),
}

PAGES = {
    "views": VIEWS.replace(
        'key = "users:list"\n',
        'key = f"users:{version()}:{request.get_host()}:{request.get_full_path()}"\n',
    )
    .replace(
        "\n\nclass ",
        f"{_VERSION}\n\nclass Pages(pagination.PageNumberPagination):\n    page_size = 10\n\n\nclass ",
    )
    .replace(
        "serializer_class = UserSerializer\n",
        "serializer_class = UserSerializer\n    pagination_class = Pages\n",
    )
    .replace("import viewsets", "import pagination, viewsets")
    .replace("from django.conf", "import uuid\n\nfrom django.conf"),
    "cache_signals": "import uuid\n\n" + _signals(f"({_NEW_VERSION}, {_CLEAR})"),
}

FOR_EACH_VIEWER = (
    MINE,
    PERMISSIONS,
    Change(VIEWS_FILE, 'key = "users:list"', 'key = f"users:list:{request.user.pk}"'),
    Change(VIEWS_FILE, 'pk = kwargs["pk"]\n', "pk = str(self.get_object().pk)\n"),
    Change(SIGNALS_FILE, _CLEAR, '(cache.delete_many(keys), cache.delete_pattern("users:list:*"))'),
)

PING = """\
from django_redis import get_redis_connection

get_redis_connection("default").ping()

"""

CAREFUL_BACKEND = """\
import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def careful(method):
    def call(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except RedisError as error:
            logger.warning("The cache does not answer: %s", error)
            return None

    return call


class CarefulCache(RedisCache):
    get = careful(RedisCache.get)
    set = careful(RedisCache.set)
    delete_many = careful(RedisCache.delete_many)
"""

COMMAND = """\
from django.core.cache import cache
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def handle(self, **options):
        cache.delete("users:list")
"""
