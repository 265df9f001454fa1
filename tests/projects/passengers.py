"""The small project with its passengers cached too: the base of the faults and the odd ways of Activity 9."""

from __future__ import annotations

from dataclasses import replace

from tests.projects.small import SIGNALS, SMALL

PASSENGER_VIEWS = """\
from django.conf import settings
from django.core.cache import cache
from rest_framework import viewsets
from rest_framework.response import Response

from .models import Passenger
from .passenger_serializers import PassengerSerializer


class PassengerViewSet(viewsets.ModelViewSet):
    queryset = Passenger.objects.select_related("user")
    serializer_class = PassengerSerializer

    def list(self, request, *args, **kwargs):
        data = cache.get("passengers:list")
        if data is not None:
            return Response(data)
        response = super().list(request, *args, **kwargs)
        cache.set("passengers:list", response.data, timeout=settings.CACHE_TTL)
        return response

    def retrieve(self, request, *args, **kwargs):
        pk = kwargs["pk"]
        if not pk.isdecimal():
            return super().retrieve(request, *args, **kwargs)
        data = cache.get(f"passengers:detail:{int(pk)}")
        if data is not None:
            return Response(data)
        response = super().retrieve(request, *args, **kwargs)
        cache.set(f"passengers:detail:{int(pk)}", response.data, timeout=settings.CACHE_TTL)
        return response
"""

SERIALIZERS = """\
from rest_framework import serializers

from .models import Passenger, User
from .serializers import UserSerializer


class PassengerSerializer(serializers.ModelSerializer):
    user = UserSerializer(read_only=True)
    user_id = serializers.PrimaryKeyRelatedField(source="user", queryset=User.objects.all(), write_only=True)

    class Meta:
        model = Passenger
        fields = ["id", "user", "user_id", "passenger_id", "preferred_payment_method", "home_address"]

    def validate_user_id(self, user):
        if user.user_type != User.UserType.PASSENGER:
            raise serializers.ValidationError("Only a passenger.")
        return user
"""

PASSENGER_SIGNALS = """\
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .models import Passenger, User


def forget_passenger(pk):
    keys = ["passengers:list", f"passengers:detail:{pk}"]
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


@receiver(post_save, sender=Passenger)
def forget_saved_passenger(sender, instance, **kwargs):
    forget_passenger(instance.pk)


@receiver(post_delete, sender=Passenger)
def forget_deleted_passenger(sender, instance, **kwargs):
    forget_passenger(instance.pk)


@receiver(post_save, sender=User)
def forget_passenger_of_user(sender, instance, update_fields=None, **kwargs):
    if update_fields is None or set(update_fields) != {"last_login"}:
        for pk in Passenger.objects.filter(user=instance).values_list("pk", flat=True):
            forget_passenger(pk)
"""

URLS = """\
from django.urls import include, path
from rest_framework.routers import DefaultRouter

from .passenger_views import PassengerViewSet
from .views import UserViewSet

router = DefaultRouter()
router.register("passengers", PassengerViewSet)
router.register("users", UserViewSet)

urlpatterns = [path("", include(router.urls))]
"""

_APPS = SMALL.files["users/apps.py"] or ""

PASSENGERS = replace(
    SMALL,
    files={
        **SMALL.files,
        "users/apps.py": _APPS.replace("import cache_signals", "import cache_signals, passenger_signals"),
        "users/cache_signals.py": SIGNALS,
        "users/passenger_serializers.py": SERIALIZERS,
        "users/passenger_signals.py": PASSENGER_SIGNALS,
        "users/passenger_views.py": PASSENGER_VIEWS,
        "users/urls.py": URLS,
    },
)

_WARM = """\
from django.core.management.base import BaseCommand
from rest_framework.test import APIRequestFactory
from users.models import Passenger, User
from users.passenger_views import PassengerViewSet
from users.views import UserViewSet


class Command(BaseCommand):
    def handle(self, *args, **options):
        request = APIRequestFactory().get("/")
        for view, model in ((UserViewSet, User), (PassengerViewSet, Passenger)):
            view.as_view({"get": "list"})(request)
            for one in model.objects.all():
                view.as_view({"get": "retrieve"})(request, pk=str(one.pk))
"""

WARMED = replace(PASSENGERS, files={**PASSENGERS.files, "users/management/commands/warm_cache.py": _WARM})
"""With a command that warms both."""

_TIMED = """\
import functools
import logging
import time

logger = logging.getLogger(__name__)


def timed(name):
    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            start = time.perf_counter()
            try:
                return func(*args, **kwargs)
            finally:
                logger.info("%s: %.4fs", name, time.perf_counter() - start)

        return wrapper

    return decorator
"""

TIMED = replace(
    PASSENGERS,
    files={
        **PASSENGERS.files,
        "users/timed.py": _TIMED,
        "users/passenger_views.py": PASSENGER_VIEWS.replace(
            "from .passenger_serializers", "from .timed import timed\nfrom .passenger_serializers"
        )
        .replace("    def list(", '    @timed("passengers")\n    def list(')
        .replace("    def retrieve(", '    @timed("a passenger")\n    def retrieve('),
    },
)
"""With their requests timed."""
