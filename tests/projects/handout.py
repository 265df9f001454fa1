"""The handout's own code with its blanks filled, and the same with one thing done otherwise."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent, indent

from tests.projects.build import Variant

REQUIRES = ("redis==5.0.1", "django-redis==5.4.0")


def settings(
    backend: str = "django_redis.cache.RedisCache",
    location: str = "redis://127.0.0.1:6379/1",
    timeout: int | None = 300,
    more: str = "",
    options: str = "",
) -> str:
    """CACHES and CACHE_TTL; `more` and `options` are further lines of `default` and of its OPTIONS."""
    client = (
        '"CLIENT_CLASS": "django_redis.client.DefaultClient",' if backend.startswith("django_redis") else ""
    )
    return f"""
CACHES = {{
    "default": {{
        "BACKEND": "{backend}",
        "LOCATION": "{location}",
        "TIMEOUT": {timeout},
        {more}
        "OPTIONS": {{{client} {options}}},
    }}
}}
CACHE_TTL = 300
"""


def views(body: str, top: str = "") -> str:
    """users/views.py with `body` as that of UserViewSet.list(), and `top` above the class."""
    head = """\
from django.conf import settings
from django.core.cache import cache
from rest_framework import viewsets
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


def get_cache_key(prefix, identifier=None):
    if identifier:
        return f"{prefix}_{identifier}"
    return prefix

"""
    viewset = """

class UserViewSet(viewsets.ModelViewSet):
    queryset = User.objects.all()
    serializer_class = UserSerializer

    def list(self, request, *args, **kwargs):
"""
    return head + dedent(top) + viewset + indent(dedent(body).strip("\n"), " " * 8) + "\n"


LIST = """
cache_key = get_cache_key("user_list")
cached_data = cache.get(cache_key)
if cached_data is not None:
    return Response(cached_data)
response = super().list(request, *args, **kwargs)
cache.set(cache_key, response.data, timeout=settings.CACHE_TTL)
return response
"""

STARTER = Variant()
HONEST = Variant(views(LIST), settings(), requires=REQUIRES)


def with_list(body: str, top: str = "") -> Variant:
    """The honest project with another list()."""
    return replace(HONEST, views=views(body, top))


def instead(old: str, new: str) -> Variant:
    """The honest project with `old` in list() written as `new`."""
    assert old in LIST
    return with_list(LIST.replace(old, new))


def with_settings(text: str, top: str = "") -> Variant:
    """The honest project with other cache settings."""
    return replace(HONEST, settings=dedent(top) + text)
