"""A small honest project, in which faults can be made that the reference leaves no room for.

List and single users are cached under keys of their own; receivers delete those keys after the commit.
What it does not do: bulk writes (I16), slow readers (I17), writes during an outage (I18).
"""

from __future__ import annotations

from tests.projects.build import Variant
from tests.projects.handout import REQUIRES, settings

VIEWS = """\
from django.conf import settings
from django.core.cache import cache
from rest_framework import viewsets
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


class UserViewSet(viewsets.ModelViewSet):
    queryset = User.objects.all()
    serializer_class = UserSerializer

    def list(self, request, *args, **kwargs):
        key = "users:list"
        data = cache.get(key)
        if data is not None:
            return Response(data)
        response = super().list(request, *args, **kwargs)
        cache.set(key, response.data, timeout=settings.CACHE_TTL)
        return response

    def retrieve(self, request, *args, **kwargs):
        pk = kwargs["pk"]
        if not pk.isdecimal():
            return super().retrieve(request, *args, **kwargs)
        key = f"users:detail:{int(pk)}"
        user = cache.get(key)
        if user is not None:
            return Response(user)
        response = super().retrieve(request, *args, **kwargs)
        cache.set(key, response.data, timeout=settings.CACHE_TTL)
        return response
"""

SIGNALS = """\
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .models import User


def forget(pk):
    keys = ["users:list", f"users:detail:{pk}"]
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


@receiver(post_save, sender=User)
def forget_saved(sender, instance, created, update_fields=None, **kwargs):
    if update_fields is None or set(update_fields) != {"last_login"}:
        forget(instance.pk)


@receiver(post_delete, sender=User)
def forget_deleted(sender, instance, **kwargs):
    forget(instance.pk)
"""

APPS = """\
from django.apps import AppConfig


class UsersConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "users"

    def ready(self):
        from . import cache_signals
"""

CAREFUL = '"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.2, "SOCKET_TIMEOUT": 0.2,'
LOGGED = "DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True\n"

SMALL = Variant(
    VIEWS,
    settings(options=CAREFUL) + LOGGED,
    requires=REQUIRES,
    files={"users/cache_signals.py": SIGNALS, "users/apps.py": APPS},
)

LACKS = {"I16": "", "I17": "", "I18": ""}
"""What fails on it, and how."""
