"""Asynchronous views are judged by what they answer, as all others are."""

from __future__ import annotations

import pytest

from tests.grader.conftest import Bench, not_passed, outcomes
from tests.projects.build import Variant
from tests.projects.handout import REQUIRES, settings

VIEWS = """\
from django.conf import settings
from django.core.cache import cache
from django.http import JsonResponse

from .models import User
from .serializers import UserSerializer

KEPT = {{}}


async def user_list(request):
    {ask}
    if data is None:
        data = [UserSerializer(user).data async for user in User.objects.all()]
        {store}
    return JsonResponse(data, safe=False)
"""
URLS = """\
from django.urls import path

from .views import user_list

urlpatterns = [path("users/", user_list)]
"""
ASK = 'data = await cache.aget("user_list")'
STORE = 'await cache.aset("user_list", data, settings.CACHE_TTL)'


def asynchronous(ask: str, store: str) -> Variant:
    """A project whose list is an asynchronous view."""
    views = VIEWS.format(ask=ask, store=store)
    return Variant(views, settings(), requires=REQUIRES, files={"users/urls.py": URLS})


def test_an_asynchronous_view_that_caches_passes(bench: Bench) -> None:
    assert not_passed(bench.judge(asynchronous(ASK, STORE))) == set()


@pytest.mark.parametrize(
    ("ask", "store", "how"),
    [
        (ASK, "pass", "uncached"),
        ('data = KEPT.get("user_list")', 'KEPT["user_list"] = data', "not_in_redis"),
        (ASK, 'await cache.aset("user_list", data, None)', ""),
    ],
    ids=["nothing stored", "in a module", "for ever"],
)
def test_one_that_does_not_fails_as_any_other(bench: Bench, ask: str, store: str, how: str) -> None:
    found = outcomes(bench.judge(asynchronous(ask, store)))
    assert found["B3"] == "passed"
    if how:
        assert found["L2"] == f"failed {how}"
    else:
        assert (found["L2"], found["L3"]) == ("passed", "failed no_expiry")
