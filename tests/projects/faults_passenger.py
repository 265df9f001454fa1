"""Faults of the passengers, one a project, on the small project that caches them right."""

from __future__ import annotations

from tests.projects.control import SETTINGS, Change, Control
from tests.projects.passengers import PASSENGERS, TIMED, WARMED

VIEWS = "users/passenger_views.py"
SERIALIZERS = "users/passenger_serializers.py"
SIGNALS = "users/passenger_signals.py"
URLS = "users/urls.py"

_HIT = """\
        data = cache.get("passengers:list")
        if data is not None:
            return Response(data)
"""
_STORE = 'cache.set("passengers:list", response.data, timeout=settings.CACHE_TTL)'
_STORE_ONE = 'cache.set(f"passengers:detail:{int(pk)}", response.data, timeout=settings.CACHE_TTL)'
_HIT_ONE = """\
        data = cache.get(f"passengers:detail:{int(pk)}")
        if data is not None:
            return Response(data)
"""
_ON_DELETE = "@receiver(post_delete, sender=Passenger)\n"
_ON_SAVE = "@receiver(post_save, sender=Passenger)\n"
_ON_USER = "@receiver(post_save, sender=User)\n"
_OF_USER = "            forget_passenger(pk)\n"
_VALIDATE = """\
    def validate_user_id(self, user):
        if user.user_type != User.UserType.PASSENGER:
            raise serializers.ValidationError("Only a passenger.")
        return user
"""
_END = "        return response\n"
_HOOKS = """
    def perform_create(self, serializer):
        super().perform_create(serializer)
        cache.delete("passengers:list")

    def perform_update(self, serializer):
        super().perform_update(serializer)
        cache.delete_many(["passengers:list", f"passengers:detail:{serializer.instance.pk}"])

    def perform_destroy(self, instance):
        pk = instance.pk
        super().perform_destroy(instance)
        cache.delete_many(["passengers:list", f"passengers:detail:{pk}"])
"""
_PING = '        get_redis_connection("default").ping()\n'
_CONNECTION = "from django_redis import get_redis_connection\n"


def _hooks(*more: Change) -> tuple[Change, ...]:
    """The viewset clears what it writes itself, besides `more` changes."""
    last = f"{_STORE_ONE}\n{_END}"
    return (Change(VIEWS, last, last + _HOOKS), *more)


def _fault(fails: dict[str, str], *changes: Change, passes: tuple[str, ...] = ("N13", "N1", "N2")) -> Control:
    return Control(PASSENGERS, changes, fails, passes)


WARM = "users/management/commands/warm_cache.py"
_OF_ITS_OWN = """\
        from django.core.cache import cache
        cache.set("passengers:list", list(Passenger.objects.values("id", "passenger_id", "home_address")), 60)
        request ="""
_ONE_OF_ITS_OWN = """\
        from django.core.cache import cache
        for row in Passenger.objects.values("id", "passenger_id", "home_address"):
            cache.set(f"passengers:detail:{row['id']}", row, 60)
        request ="""

SWALLOWED = (
    Change(URLS, 'router.register("passengers", PassengerViewSet)\n', ""),
    Change(
        URLS,
        'router.register("users", UserViewSet)\n',
        'router.register("", UserViewSet)\nrouter.register("passengers", PassengerViewSet)\n',
    ),
    Change(URLS, 'path("", include', 'path("users/", include'),
)
"""m90: the route that takes everything stands first."""

PASSENGER: dict[str, Control] = {
    "nobody registered the passengers": _fault(
        {"N13": "no_route"},
        Change(URLS, 'router.register("passengers", PassengerViewSet)\n', ""),
        passes=("B3",),
    ),
    "the passengers are taken for a user": _fault({"N13": "swallowed"}, *SWALLOWED, passes=("B3",)),
    "a passenger cannot be shown": _fault(
        {"N13": "server_error"},
        Change(VIEWS, 'select_related("user")', 'select_related("owner")'),
        passes=("B3",),
    ),
    "a hit is turned round": _fault(
        {"N1": "warm"},
        Change(VIEWS, _HIT, _HIT.replace("Response(data)", "Response(data[::-1])")),
        passes=("N13", "N2"),
    ),
    "two keys": _fault(
        {"N2": "uncached"},
        Change(VIEWS, _HIT, _HIT.replace("passengers:list", "passengers:all")),
        passes=("N13", "N1", "N5"),
    ),
    "passengers in the memory of the process": _fault(
        {"N2": "not_in_redis"},
        Change(VIEWS, _HIT, _HIT.replace("cache.get(", "_kept.get(")),
        Change(VIEWS, _STORE, '_kept["passengers:list"] = response.data'),
        Change(VIEWS, "class Passenger", "_kept = {}\n\n\nclass Passenger"),
        passes=("N13", "N5"),
    ),
    "passengers for ever": _fault(
        {"N3": "no_expiry"}, Change(VIEWS, _STORE, _STORE.replace("settings.CACHE_TTL", "None"))
    ),
    "one page for all": _fault(
        {"N4": "one_key"},
        Change(
            VIEWS,
            "class PassengerViewSet",
            "from rest_framework.pagination import PageNumberPagination\n\n\n"
            "class Two(PageNumberPagination):\n    page_size = 50\n\n\nclass PassengerViewSet",
        ),
        Change(
            VIEWS,
            "serializer_class = PassengerSerializer\n",
            "serializer_class = PassengerSerializer\n    pagination_class = Two\n",
        ),
    ),
    "a passenger's hit says more": _fault(
        {"N5": ""},
        Change(VIEWS, _HIT_ONE, _HIT_ONE.replace("Response(data)", 'Response({**data, "cached": True})')),
    ),
    "a passenger is never read from the cache": _fault(
        {"N6": "uncached"}, Change(VIEWS, _HIT_ONE, ""), passes=("N2", "N5")
    ),
    "a passenger in the memory of the process": _fault(
        {"N6": "not_in_redis"},
        Change(VIEWS, _HIT_ONE, _HIT_ONE.replace("cache.get(", "_kept.get(")),
        Change(VIEWS, _STORE_ONE, '_kept[f"passengers:detail:{int(pk)}"] = response.data'),
        Change(VIEWS, "class Passenger", "_kept = {}\n\n\nclass Passenger"),
        passes=("N2", "N5"),
    ),
    "a new passenger is not told of": _fault(
        {"N7": "list"},
        Change(
            SIGNALS,
            "def forget_saved_passenger(sender, instance, **kwargs):\n",
            "def forget_saved_passenger(sender, instance, created, **kwargs):\n"
            "    if created:\n        return\n",
        ),
        passes=("N2", "N8", "N9"),
    ),
    "no number for a passenger": _fault(
        {"N7": "server_error"},
        Change(SERIALIZERS, '"passenger_id", ', ""),
        passes=("N2", "N8", "N9"),
    ),
    "a bracket too many in the key": _fault(
        {"N8": "detail", "N9": "zombie"},
        Change(SIGNALS, 'f"passengers:detail:{pk}"]', 'f"passengers:detail:{pk})"]'),
        passes=("N2", "N6", "N7"),
    ),
    "an update clears nothing": _fault(
        {"N8": "list"},
        Change(
            SIGNALS,
            "def forget_saved_passenger(sender, instance, **kwargs):\n",
            "def forget_saved_passenger(sender, instance, created, **kwargs):\n"
            "    if not created:\n        return\n",
        ),
        passes=("N2", "N7", "N9"),
    ),
    "nobody hears of a deletion": _fault(
        {"N9": "list", "N11": "list"}, Change(SIGNALS, _ON_DELETE, ""), passes=("N2", "N7", "N8", "N10")
    ),
    "a deletion clears the list alone": _fault(
        {"N9": "zombie", "N11": "zombie"},
        Change(
            SIGNALS,
            f"{_ON_DELETE}def forget_deleted_passenger(sender, instance, **kwargs):\n"
            "    forget_passenger(instance.pk)",
            f"{_ON_DELETE}def forget_deleted_passenger(sender, instance, **kwargs):\n"
            '    cache.delete("passengers:list")',
        ),
        passes=("N2", "N7", "N8", "N10"),
    ),
    "a user's change is not told": _fault(
        {"N10": "list"}, Change(SIGNALS, _ON_USER, ""), passes=("N8", "N9", "N11")
    ),
    "a user's change is told to the list alone": _fault(
        {"N10": "detail"},
        Change(SIGNALS, _OF_USER, '            cache.delete("passengers:list")\n'),
        passes=("N8", "N9", "N11"),
    ),
    "a user's number for a passenger's": _fault(
        {"N10": "detail"},
        Change(SIGNALS, _OF_USER, "            forget_passenger(instance.pk)\n"),
        passes=("N8", "N9", "N11"),
    ),
    "the cascade is not heard": _fault(
        {"N11": "list"}, *_hooks(Change(SIGNALS, _ON_DELETE, "")), passes=("N7", "N8", "N9", "N10")
    ),
    "a query for each passenger": _fault({"N12": "each"}, Change(VIEWS, '.select_related("user")', ".all()")),
    "a rider is a crash": _fault(
        {"N14": "server_error"}, Change(SERIALIZERS, _VALIDATE, ""), passes=("N7", "N8")
    ),
    "the passengers are not timed": _fault({"N15": "silent"}),
    "a single passenger is not timed": Control(
        TIMED, (Change(VIEWS, '    @timed("a passenger")\n', ""),), {"N15": "detail"}, ("N2", "N6")
    ),
    "a time without a name": Control(
        TIMED,
        (Change("users/timed.py", '"%s: %.4fs", name, time', '"%.4f", time'),),
        {"N15": "no_label"},
        ("N2", "N6"),
    ),
    "no command that warms": _fault({"N16": "absent"}),
    "the command forgets the passengers": Control(
        WARMED,
        (Change(WARM, "(UserViewSet, User), (PassengerViewSet, Passenger)", "(UserViewSet, User),"),),
        {"N16": "list"},
        ("U1", "U2", "N2"),
    ),
    "the command warms the list of passengers alone": Control(
        WARMED,
        (Change(WARM, "in model.objects.all()", "in User.objects.all() if model is User else ()"),),
        {"N16": "detail"},
        ("U1", "U2", "N2", "N6"),
    ),
    "the command stores passengers of its own make": Control(
        WARMED,
        (Change(WARM, "        request =", _OF_ITS_OWN),),
        {"N16": "other_list"},
        ("U1", "U2", "N2"),
    ),
    "the command stores a passenger of its own make": Control(
        WARMED,
        (Change(WARM, "        request =", _ONE_OF_ITS_OWN),),
        {"N16": "other_detail"},
        ("U1", "U2", "N2", "N6"),
    ),
    "the viewset alone clears passengers": _fault(
        dict.fromkeys(("I6", "I7", "I8", "I9"), "passenger_list"),
        *_hooks(Change(SIGNALS, _ON_SAVE, ""), Change(SIGNALS, _ON_DELETE, "")),
        passes=("N7", "N8", "N9"),
    ),
    "the passengers ask Redis themselves": _fault(
        {"F5": "passenger_read_fails"},
        Change(VIEWS, _HIT, _PING + _HIT),
        Change(VIEWS, "from .models", _CONNECTION + "from .models"),
        passes=("N2", "N7"),
    ),
    "a write of a passenger asks Redis first": _fault(
        {"F5": "passenger_write_fails"},
        Change(
            SIGNALS,
            "def forget_deleted_passenger(sender, instance, **kwargs):\n",
            f"def forget_deleted_passenger(sender, instance, **kwargs):\n{_PING[4:]}",
        ),
        Change(SIGNALS, "from .models", _CONNECTION + "from .models"),
        passes=("N2", "N9"),
    ),
    "the passengers stay old for long": _fault(
        {"I18": "passenger"},
        Change(SETTINGS, "CACHE_TTL = 300", "CACHE_TTL = 30"),
        Change(VIEWS, _STORE, _STORE.replace("settings.CACHE_TTL", "300")),
        passes=("N2", "F5"),
    ),
    "a writer waits for a Redis that hangs": _fault(
        {"I18": "passenger_hung"},
        Change(SETTINGS, "CACHE_TTL = 300", "CACHE_TTL = 30"),
        Change(SETTINGS, '"SOCKET_TIMEOUT": 0.2', '"SOCKET_TIMEOUT": 30'),
        passes=("N2", "F5"),
    ),
}
