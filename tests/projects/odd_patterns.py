"""Projects that write through, warm and tag in another way than the handout, and right.

All begin with the small project, whose receivers clear after the commit, under names of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.projects.build import Variant
from tests.projects.control import Control
from tests.projects.small import SIGNALS, SMALL, VIEWS

_USUAL = ("L2", "D2", "I2", "I3", "I7", "I11", "I12", "W1", "W2", "W3", "W4", "U1", "U2", "U3", "U6")
_TAGS = ("G1", "G2", "G3", "G4", "G5", "G6")

_STORES = """
    def perform_update(self, serializer):
        with transaction.atomic():
            super().perform_update(serializer)
            pk = serializer.instance.pk
            transaction.on_commit(lambda: self.store(pk), robust=True)

    def store(self, pk):
        user = User.objects.get(pk=pk)
        cache.set(f"users:detail:{pk}", UserSerializer(user).data, settings.CACHE_TTL)
        everybody = UserSerializer(User.objects.all(), many=True).data
        cache.set("users:list", everybody, settings.CACHE_TTL)
"""

_RECEIVER = (
    SIGNALS.replace(
        '{"last_login"}:\n        forget(instance.pk)', '{"last_login"}:\n        store(instance.pk)'
    )
    .replace(
        "\n\n@receiver(post_save",
        """

def store(pk):
    from .models import User
    from .serializers import UserSerializer

    def now():
        cache.delete("users:list")
        data = UserSerializer(User.objects.get(pk=pk)).data
        cache.set(f"users:detail:{pk}", data, settings.CACHE_TTL)

    transaction.on_commit(now, robust=True)


@receiver(post_save""",
        1,
    )
    .replace(
        "from django.core.cache import cache\n",
        "from django.conf import settings\nfrom django.core.cache import cache\n",
    )
)

_BY_THE_VIEW = """\
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from rest_framework.test import APIRequestFactory

from users.models import User
from users.views import UserViewSet


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=10_000)

    def handle(self, *args, limit, **options):
        request = APIRequestFactory().get("/")
        UserViewSet.as_view({"get": "list"})(request)
        for pk in User.objects.values_list("pk", flat=True)[:limit]:
            UserViewSet.as_view({"get": "retrieve"})(request, pk=str(pk))
        if cache.get("users:list") is None:
            raise CommandError("Nothing is in the cache.")
"""

_BY_HTTP = """\
from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.test import Client

from users.models import User


class Command(BaseCommand):
    def handle(self, *args, **options):
        client = Client()
        client.get("/api/users/")
        for pk in User.objects.values_list("pk", flat=True):
            client.get(f"/api/users/{pk}/")
        if not cache.has_key("users:list"):
            self.stderr.write("the cache is not there")
            raise SystemExit(3)
"""

_MANY = """\
from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from users.models import User
from users.serializers import UserSerializer


class Command(BaseCommand):
    def handle(self, *args, **options):
        rows = UserSerializer(User.objects.all(), many=True).data
        cache.set("users:list", rows, settings.CACHE_TTL)
        for start in range(0, len(rows), 500):
            some = {f"users:detail:{row['id']}": row for row in rows[start : start + 500]}
            cache.set_many(some, settings.CACHE_TTL)
        if cache.get("users:list") is None:
            raise CommandError("Nothing is in the cache.")
"""

_SETS = """\
from django.core.cache import cache
from django_redis import get_redis_connection


class Tags:
    def __init__(self):
        self.redis = get_redis_connection("default")

    def key(self, tag):
        return f"boda:tag:{tag}"


def remember(key, data, tags, timeout=300):
    index = Tags()
    for tag in tags:
        index.redis.sadd(index.key(tag), key)
        if index.redis.ttl(index.key(tag)) < timeout:
            index.redis.expire(index.key(tag), timeout)
    cache.set(key, data, timeout)


def forget(tag):
    index = Tags()
    keys = [key.decode() for key in index.redis.smembers(index.key(tag))]
    cache.delete_many(keys)
    index.redis.srem(index.key(tag), *keys)
"""

_LOCKED = """\
from django.core.cache import cache

DAY = 86400


def cache_with_tags(key, data, tags, timeout=300):
    for tag in tags:
        with cache.lock(f"lock:{tag}", timeout=30, sleep=0.005):
            known = cache.get(f"tag:{tag}", [])
            cache.set(f"tag:{tag}", sorted({*known, key}), DAY)
    cache.set(key, data, timeout)


def invalidate_by_tag(tag):
    with cache.lock(f"lock:{tag}", timeout=30, sleep=0.005):
        cache.delete_many(cache.get(f"tag:{tag}", []))
        cache.delete(f"tag:{tag}")
"""

_GENERATIONS = """\
import hashlib

from django.core.cache import cache


def _generation(tag):
    return cache.get_or_set(f"generation:{tag}", 1, None)


def _name(key, tags):
    words = [f"{tag}={_generation(tag)}" for tag in sorted(tags)]
    return f"{key}:" + hashlib.sha256(",".join(words).encode()).hexdigest()[:16]


def cache_with_tags(key, data, tags, timeout=300):
    cache.set(f"{key}:tags", sorted(tags), timeout)
    cache.set(_name(key, tags), data, timeout)


def read_with_tags(key):
    tags = cache.get(f"{key}:tags")
    return None if tags is None else cache.get(_name(key, tags))


def invalidate_by_tag(tag):
    _generation(tag)
    cache.incr(f"generation:{tag}")
"""


def _project(views: str = VIEWS, signals: str = SIGNALS, **files: str) -> Variant:
    """The small project with further files, by path with `__` for the slash."""
    named = {name.replace("__", "/") + ".py": text for name, text in files.items()}
    return replace(SMALL, views=views, files={**SMALL.files, "users/cache_signals.py": signals, **named})


def _odd(
    base: Variant, fails: Mapping[str, str], passes: tuple[str, ...], names: Mapping[str, str] | None = None
) -> Control:
    every = [f"{letter}{number}" for letter in "UG" for number in range(1, 9)]
    lacks = {"I16": "", "I17": "", "I18": "", "U7": "list"}
    return Control(
        base,
        (),
        {**lacks, **fails},
        (*_USUAL, *_TAGS, *passes),
        upto=7,
        options=dict.fromkeys(every, names) if names else {},
    )


_WRITING = (
    VIEWS.replace(
        "from rest_framework import viewsets",
        "from django.db import transaction\nfrom rest_framework import viewsets",
    )
    + _STORES
)
_WARM = "users__management__commands__warm_cache"

PATTERNS: dict[str, Control] = {
    "list and user are stored, not deleted": _odd(
        _project(_WRITING, **{_WARM: _MANY, "users__cache_tags": _LOCKED}), {}, ("U4", "U5", "U8")
    ),
    "a receiver stores, a command asks the view, and tags are sets": _odd(
        _project(
            signals=_RECEIVER,
            users__management__commands__warm_users=_BY_THE_VIEW,
            safeboda__tags=_SETS,
        ),
        {"U5": "queries"},
        ("U4", "U8"),
        {
            "warm_command": "warm_users --limit 5000",
            "cache_with_tags": "safeboda.tags.remember",
            "invalidate_by_tag": "safeboda.tags.forget",
        },
    ),
    "a command asks the site, and tags are generations": _odd(
        _project(_WRITING, **{_WARM: _BY_HTTP, "users__caching": _GENERATIONS}),
        {"U5": "queries"},
        ("U4", "U8"),
        {"read_with_tags": "users.caching.read_with_tags"},
    ),
}
