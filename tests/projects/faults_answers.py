"""Faults that the challenge of Activity 4 is about: one answer for different questions."""

from __future__ import annotations

from tests.projects.control import VIEWS, Change, Control, more_settings
from tests.projects.small import SMALL
from tests.trees import Kind

PAGES = more_settings(
    "REST_FRAMEWORK = {'PAGE_SIZE': 10,\n"
    "'DEFAULT_PAGINATION_CLASS': 'rest_framework.pagination.PageNumberPagination'}"
)
_CLASS = "serializer_class = UserSerializer\n"
_VIEWSETS = "from rest_framework import viewsets\n"
_STORE_LIST = """\
        response = super().list(request, *args, **kwargs)
        cache.set(key, response.data, timeout=settings.CACHE_TTL)
"""
_GET_LIST = """\
        data = cache.get(key)
        if data is not None:
            return Response(data)
"""

FILTER = Change(
    VIEWS,
    _CLASS,
    _CLASS
    + """
    def get_queryset(self):
        wanted = self.request.query_params.get("user_type")
        return User.objects.filter(user_type=wanted) if wanted else User.objects.all()
""",
)

MINE = Change(
    VIEWS,
    _CLASS,
    _CLASS
    + """\
    permission_classes = [permissions.IsAuthenticated]

    def get_queryset(self):
        user = self.request.user
        return User.objects.all() if user.is_superuser else User.objects.filter(pk=user.pk)
""",
)

PERMISSIONS = Change(VIEWS, _VIEWSETS, "from rest_framework import permissions, viewsets\n")

# Django keeps answers to an Authorization apart by itself, unless they say that they are public.
_PAGE_BEFORE_PERMISSION = (
    Change(
        VIEWS,
        _VIEWSETS,
        "from django.utils.decorators import method_decorator\n"
        "from django.views.decorators.cache import cache_control, cache_page\n"
        "from rest_framework import authentication, permissions, viewsets\n",
    ),
    Change(
        VIEWS,
        "class UserViewSet",
        "@method_decorator([cache_page(300), cache_control(public=True)], name='dispatch')\n"
        "class UserViewSet",
    ),
    Change(
        VIEWS,
        _CLASS,
        _CLASS
        + "    authentication_classes = [authentication.BasicAuthentication]\n"
        + "    permission_classes = [permissions.IsAuthenticated]\n",
    ),
)

_RENDERED = (
    Change(VIEWS, _VIEWSETS, f"from django.http import HttpResponse\n{_VIEWSETS}"),
    Change(
        VIEWS,
        'key = "users:list"\n' + _GET_LIST,
        'key = "users:list"\n'
        + _GET_LIST.replace("Response(data)", 'HttpResponse(data, content_type="application/json")'),
    ),
    Change(
        VIEWS,
        _VIEWSETS + "from rest_framework.response",
        _VIEWSETS + "from rest_framework.renderers import JSONRenderer\nfrom rest_framework.response",
    ),
    Change(
        VIEWS,
        _STORE_LIST,
        _STORE_LIST.replace("response.data", "JSONRenderer().render(response.data)"),
    ),
)

ANSWERS: dict[str, Control] = {
    "a queryset that is evaluated once": Control(
        SMALL,
        (
            Change(
                VIEWS,
                "response = super().list(request, *args, **kwargs)",
                "response = Response(UserSerializer(self.queryset, many=True).data)",
            ),
        ),
        {"L2": "not_in_redis"},
        ("F1", "F3", "L1"),
    ),
    "one key for all pages": Control(
        Kind.REFERENCE,
        (PAGES, Change(VIEWS, "query = sorted(request.query_params.lists())", "query = []")),
        {"L5": "one_key"},
        ("L1", "L2", "L3", "I2"),
    ),
    "one key for all filters": Control(
        SMALL, (FILTER,), {"L5": "one_key"}, ("L1", "L2", "L4", "D3", "I2", "I4")
    ),
    "one key for all viewers": Control(
        SMALL, (MINE, PERMISSIONS), {"L6": "leaked"}, ("L1", "L2", "L3", "D2", "I2")
    ),
    "the page is cached before the permission is asked": Control(
        SMALL, _PAGE_BEFORE_PERMISSION, {"L6": "leaked"}, ("L1", "L2", "L3", "L7")
    ),
    "rendered bytes for everybody": Control(
        SMALL, _RENDERED, {"L7": ""}, ("L1", "L2", "L3", "L8", "D2", "I2")
    ),
    "the word list makes the key of the list": Control(
        Kind.LETTER, (), {"L8": "collision"}, ("L2", "D2", "D3", "D4", "I2")
    ),
    "a word for a key is an error": Control(
        SMALL,
        (Change(VIEWS, "if not pk.isdecimal():", "if int(pk) < 0:"),),
        {"L8": ""},
        ("L2", "D2", "D3", "D4", "D5"),
    ),
    "the link to the next page names the first caller's host": Control(
        Kind.REFERENCE, (PAGES,), {"L9": ""}, ("L1", "L2", "L5", "L7", "L8", "I15")
    ),
    "the queryset is stored": Control(
        SMALL,
        (
            Change(
                VIEWS,
                'key = "users:list"\n' + _GET_LIST,
                'key = "users:list"\n'
                + _GET_LIST.replace("Response(data)", "Response(UserSerializer(data, many=True).data)"),
            ),
            Change(VIEWS, _STORE_LIST, _STORE_LIST.replace("response.data", "self.get_queryset()")),
        ),
        {"Z2": ""},
        ("L1", "L2", "L3", "L4", "I2", "I4"),
    ),
}
