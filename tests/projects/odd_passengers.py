"""Projects that cache their passengers in an odd way, and right: each passes all that applies to it."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.projects.build import STARTER, Variant
from tests.projects.control import Change, Control, more_settings
from tests.projects.faults_passenger import SERIALIZERS, SIGNALS, URLS, VIEWS
from tests.projects.passengers import PASSENGERS, TIMED, WARMED

USUAL = ("N13", "N1", "N2", "N3", "N7", "N9", "N11", "N12", "F5", "I6", "I8", "I9")
"""What none of these may be excused from."""

WHOLE = (*USUAL, "N5", "N6", "N8", "N10", "I7")

_NESTED = """\
    user = UserSerializer(read_only=True)
    user_id = serializers.PrimaryKeyRelatedField(source="user", queryset=User.objects.all(), write_only=True)
"""
_FIELDS = 'fields = ["id", "user", "user_id", "passenger_id", "preferred_payment_method", "home_address"]'
_VALIDATE = "validate_user_id"
_ALONE = _FIELDS.replace('"user_id", ', "")

_FUNCTIONS = """\
from django.conf import settings
from django.core.cache import cache
from django.shortcuts import get_object_or_404
from rest_framework.decorators import api_view
from rest_framework.response import Response

from .models import Passenger
from .passenger_serializers import PassengerSerializer


def _all():
    return PassengerSerializer(Passenger.objects.select_related("user"), many=True).data


@api_view(["GET", "POST"])
def passengers(request):
    if request.method == "GET":
        return Response(cache.get_or_set("passengers:list", _all, settings.CACHE_TTL))
    serializer = PassengerSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    serializer.save()
    return Response(serializer.data, status=201)


@api_view(["GET", "PUT", "PATCH", "DELETE"])
def passenger(request, number):
    one = lambda: get_object_or_404(Passenger.objects.select_related("user"), pk=number)
    if request.method == "GET":
        key = f"passengers:detail:{number}"
        data = cache.get(key)
        if data is None:
            data = PassengerSerializer(one()).data
            cache.set(key, data, settings.CACHE_TTL)
        return Response(data)
    if request.method == "DELETE":
        one().delete()
        return Response(status=204)
    serializer = PassengerSerializer(one(), data=request.data, partial=request.method == "PATCH")
    serializer.is_valid(raise_exception=True)
    serializer.save()
    return Response(serializer.data)
"""
_FUNCTION_URLS = """\
from django.urls import include, path
from rest_framework.routers import DefaultRouter

from . import passenger_views
from .views import UserViewSet

router = DefaultRouter()
router.register("", UserViewSet)

urlpatterns = [
    path("team/passengers/", passenger_views.passengers),
    path("team/passengers/<int:number>/", passenger_views.passenger),
    path("team/", include(router.urls)),
]
"""

_WHOLE_USER = "    user = WholeUser()\n"
_MAKE_BOTH = """\
    def create(self, validated_data):
        user = User.objects.create_user(**validated_data.pop("user"))
        return Passenger.objects.create(user=user, **validated_data)

    def update(self, passenger, validated_data):
        validated_data.pop("user", None)
        return super().update(passenger, validated_data)

    def validate_user"""

_GENERATION = """\
def generation():
    return cache.get_or_set("passengers:generation", 1, timeout=None)


class PassengerViewSet"""


def _generations() -> tuple[Change, ...]:
    return (
        Change(VIEWS, "class PassengerViewSet", _GENERATION),
        Change(VIEWS, 'cache.get("passengers:list")', 'cache.get(f"passengers:list:{generation()}")'),
        Change(VIEWS, 'cache.set("passengers:list"', 'cache.set(f"passengers:list:{generation()}"'),
        Change(
            VIEWS,
            'cache.get(f"passengers:detail:{int(pk)}")',
            'cache.get(f"passengers:detail:{generation()}:{int(pk)}")',
        ),
        Change(
            VIEWS,
            'cache.set(f"passengers:detail:{int(pk)}"',
            'cache.set(f"passengers:detail:{generation()}:{int(pk)}"',
        ),
        Change(SIGNALS, "lambda: cache.delete_many(keys)", "raise_generation"),
        Change(
            SIGNALS,
            "def forget_passenger(pk):\n",
            "def raise_generation():\n"
            '    if cache.add("passengers:generation", 2, timeout=None) is False:\n'
            '        cache.incr("passengers:generation")\n\n\n'
            "def forget_passenger(pk):\n",
        ),
    )


def _by_user() -> Variant:
    """The passenger's key is the user's."""
    model, migration = "users/models.py", "users/migrations/0001_initial.py"
    link = 'OneToOneField(User, on_delete=models.CASCADE, related_name="passenger"'
    models_text = (STARTER / model).read_text().replace(link, f"{link}, primary_key=True")
    text = (STARTER / migration).read_text()
    head, _, tail = text.partition('name="Passenger"')
    tail = re.sub(r'\(\s*"id",\s*models\.BigAutoField\([^)]*\),?\s*\),\s*', "", tail, count=1)
    tail = re.sub(
        r'("user",\s*models\.OneToOneField\()', r"\1primary_key=True, serialize=False, ", tail, count=1
    )
    models_text = models_text.replace('ordering = ["id"]', 'ordering = ["pk"]')
    return replace(
        PASSENGERS,
        files={
            **PASSENGERS.files,
            model: models_text,
            migration: re.sub(r'"ordering": \["id"\]', '"ordering": ["pk"]', f'{head}name="Passenger"{tail}'),
        },
    )


def _odd(
    *changes: Change, passes: tuple[str, ...] = WHOLE, base: Variant = PASSENGERS, **fails: str
) -> Control:
    return Control(base, changes, {"I18": "", **fails}, passes)


ODD_PASSENGERS: dict[str, Control] = {
    "the small project with passengers": _odd(passes=(*WHOLE, "N14")),
    "timed in its own way": _odd(base=TIMED, passes=(*WHOLE, "N15")),
    "a command that warms both": _odd(base=WARMED, passes=(*WHOLE, "N16")),
    "the user's number and nothing more": _odd(
        Change(SERIALIZERS, _NESTED, ""),
        Change(SERIALIZERS, _FIELDS, _ALONE),
        Change(SERIALIZERS, _VALIDATE, "validate_user"),
        Change(SIGNALS, "@receiver(post_save, sender=User)\n", ""),
        passes=(*USUAL, "N8", "N14"),
    ),
    "the user's e-mail beside the number": _odd(
        Change(
            SERIALIZERS, _NESTED, '    mail = serializers.CharField(source="user.email", read_only=True)\n'
        ),
        Change(SERIALIZERS, _FIELDS, _FIELDS.replace('"user_id"', '"mail"')),
        Change(SERIALIZERS, _VALIDATE, "validate_user"),
    ),
    "the user by e-mail": _odd(
        Change(
            SERIALIZERS,
            _NESTED,
            '    user = serializers.SlugRelatedField(slug_field="email", queryset=User.objects.all())\n',
        ),
        Change(SERIALIZERS, _FIELDS, _ALONE),
        Change(SERIALIZERS, _VALIDATE, "validate_user"),
        passes=(*WHOLE, "N14"),
    ),
    "the user whole, and made along": _odd(
        Change(SERIALIZERS, _NESTED, _WHOLE_USER),
        Change(SERIALIZERS, _FIELDS, _ALONE),
        Change(SERIALIZERS, "    def validate_user_id", _MAKE_BOTH),
        Change(
            SERIALIZERS,
            "class PassengerSerializer",
            "class WholeUser(UserSerializer):\n    class Meta(UserSerializer.Meta):\n"
            '        extra_kwargs = {"email": {"validators": []}}\n\n\nclass PassengerSerializer',
        ),
        Change(SERIALIZERS, "if user.user_type != User", 'if user.get("user_type", "passenger") != User'),
        passes=(*USUAL, "N10"),
    ),
    "nothing of the passenger's own": _odd(
        Change(
            SERIALIZERS,
            _FIELDS,
            'fields = ["id", "user", "user_id", "preferred_payment_method"]',
        ),
        Change(
            "users/models.py",
            "    def save(self, *args: Any, **kwargs: Any) -> None:\n        self.clean()\n"
            "        super().save(*args, **kwargs)\n\n\nclass Rider",
            "    def save(self, *args: Any, **kwargs: Any) -> None:\n        self.clean()\n"
            '        self.passenger_id = self.passenger_id or f"P{self.user_id}"\n'
            "        super().save(*args, **kwargs)\n\n\nclass Rider",
        ),
        passes=("N13", "N1", "N2", "N3", "N7", "N9", "N10", "N11", "F5", "I6", "I8", "I9"),
    ),
    "below the users": _odd(
        Change(URLS, 'router.register("users", UserViewSet)', 'router.register("", UserViewSet)'),
        Change(URLS, 'path("", include', 'path("users/", include'),
    ),
    "functions": _odd(
        base=replace(PASSENGERS, files={**PASSENGERS.files, VIEWS: _FUNCTIONS, URLS: _FUNCTION_URLS})
    ),
    "the list alone": _odd(
        Change(
            VIEWS,
            'data = cache.get(f"passengers:detail:{int(pk)}")',
            "data = None",
        ),
        Change(
            VIEWS,
            '        cache.set(f"passengers:detail:{int(pk)}", response.data, timeout=settings.CACHE_TTL)\n',
            "",
        ),
        passes=(*USUAL, "N8", "N10"),
    ),
    "generations of passengers": _odd(*_generations()),
    "the user is the key": _odd(
        Change(SERIALIZERS, '"id", ', '"pk", '),
        Change(
            SERIALIZERS,
            "        model = Passenger\n",
            '        model = Passenger\n        read_only_fields = ["pk"]\n',
        ),
        base=_by_user(),
        passes=(*USUAL, "N6", "N8", "N10"),
    ),
    "a login for everything": _odd(
        more_settings(
            "REST_FRAMEWORK = {\n"
            '"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}'
        ),
    ),
    "pages of passengers": _odd(
        Change(
            VIEWS,
            "class PassengerViewSet",
            "from rest_framework.pagination import PageNumberPagination\n\n\n"
            "class Fifty(PageNumberPagination):\n    page_size = 50\n\n\nclass PassengerViewSet",
        ),
        Change(
            VIEWS,
            "serializer_class = PassengerSerializer\n",
            "serializer_class = PassengerSerializer\n    pagination_class = Fifty\n",
        ),
        Change(VIEWS, 'cache.get("passengers:list")', "cache.get(key := self.key())"),
        Change(VIEWS, 'cache.set("passengers:list", response.data', "cache.set(key, response.data"),
        Change(
            VIEWS,
            "    def list(",
            '    def key(self):\n        kept = cache.get_or_set("passengers:version", 1, timeout=None)\n'
            "        asked = sorted(self.request.query_params.lists())\n"
            '        return f"passengers:{kept}:{asked}"\n\n    def list(',
        ),
        Change(SIGNALS, "lambda: cache.delete_many(keys)", "lambda: forget_pages(keys)"),
        Change(
            SIGNALS,
            "def forget_passenger(pk):\n",
            "def forget_pages(keys):\n    cache.delete_many(keys)\n"
            '    if cache.add("passengers:version", 2, timeout=None) is False:\n'
            '        cache.incr("passengers:version")\n\n\n'
            "def forget_passenger(pk):\n",
        ),
        passes=(*WHOLE, "N4"),
    ),
}
