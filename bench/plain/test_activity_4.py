"""The checks that `workshop check 4` runs, by the same names, as ordinary tests of the project."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from users.models import User

LIST = "/api/users/"
MANY = 40


def queries_of(api: APIClient, path: str, **headers: Any) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as seen:
        answer = api.get(path, **headers)
    return answer, len(seen)


def change_behind(user: User, text: str) -> None:
    """Without a signal."""
    User.objects.filter(pk=user.pk).update(first_name=text)


def test_b2() -> None:
    assert importlib.import_module("django_redis")
    assert importlib.import_module("redis")


def test_b3(api: APIClient, three: list[User]) -> None:
    assert api.get(LIST).status_code == 200


def test_f1() -> None:
    cache.set("one", "value", 60)
    code = "import os, django; django.setup()\nfrom django.core.cache import cache; print(cache.get('one'))"
    # Another process has to see it.
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "value"


def test_f2() -> None:
    assert urlsplit(settings.CACHES["default"]["LOCATION"]).scheme == "redis"
    cache.set("one", 1)
    assert cache.client.get_client().exists(cache.make_key("one"))


def test_f3() -> None:
    cache.set("one", 1)
    assert 0 < cache.ttl("one") <= 300


def test_l1(api: APIClient, three: list[User]) -> None:
    cold, warm = api.get(LIST).json(), api.get(LIST).json()
    cache.clear()
    assert cold == warm == api.get(LIST).json()
    assert all(user.first_name in str(cold) for user in three)


def test_l2(api: APIClient, three: list[User]) -> None:
    api.get(LIST)
    change_behind(three[0], "Changed")
    warm, count = queries_of(api, LIST)
    assert "Changed" not in str(warm.json())
    assert count == 0
    cache.clear()
    assert "Changed" in str(api.get(LIST).json())
    User.objects.bulk_create(User(email=f"more{n}@example.com") for n in range(MANY))
    cache.clear()
    api.get(LIST)
    assert queries_of(api, LIST)[1] == 0


def test_l3(api: APIClient, three: list[User]) -> None:
    User.objects.bulk_create(User(email=f"more{n}@example.com") for n in range(MANY))
    api.get(LIST)
    ttls = [cache.client.get_client().ttl(key) for key in cache.client.get_client().keys("*list*")]
    assert ttls
    assert all(ttl > 0 for ttl in ttls)


def test_l4(api: APIClient, db: None) -> None:
    empty = api.get(LIST).json()
    User.objects.bulk_create([User(email="new@example.com")])
    assert api.get(LIST).json() == empty


def test_l5(api: APIClient, three: list[User]) -> None:
    questions = ["?page=2", "?page_size=1", "?limit=1", "?search=First1", "?ordering=-first_name"]
    truths = {}
    for question in questions:
        cache.clear()
        truths[question] = api.get(LIST + question).json()
    cache.clear()
    for question in questions * 2:
        assert api.get(LIST + question).json() == truths[question]


def test_l6(three: list[User]) -> None:
    def ask(viewer: User | None) -> Any:
        client = APIClient()
        client.force_authenticate(viewer)
        return client.get(LIST).json()

    truths = {}
    for viewer in (None, *three):
        cache.clear()
        truths[viewer] = ask(viewer)
    for first in truths:
        for later in truths:
            cache.clear()
            ask(first)
            assert ask(later) == truths[later]


def test_l7(api: APIClient, three: list[User]) -> None:
    assert "html" in api.get(LIST, HTTP_ACCEPT="text/html")["Content-Type"]
    assert "json" in api.get(LIST, HTTP_ACCEPT="application/json")["Content-Type"]
    assert "html" in api.get(LIST, HTTP_ACCEPT="text/html")["Content-Type"]


def test_l8(api: APIClient, three: list[User]) -> None:
    for key in ("list", "abc", "0x1"):
        api.get(LIST)
        assert api.get(f"{LIST}{key}/").status_code == 404


def test_l9(api: APIClient, three: list[User]) -> None:
    api.get(LIST, HTTP_HOST="one.localhost")
    assert "one.localhost" not in str(api.get(LIST, HTTP_HOST="two.localhost").json())


def test_d1(api: APIClient, three: list[User]) -> None:
    path = f"{LIST}{three[0].pk}/"
    cold, warm = api.get(path).json(), api.get(path).json()
    cache.clear()
    assert cold == warm == api.get(path).json()


def test_d2(api: APIClient, three: list[User]) -> None:
    path = f"{LIST}{three[0].pk}/"
    api.get(path)
    change_behind(three[0], "Changed")
    warm, count = queries_of(api, path)
    assert "Changed" not in str(warm.json())
    assert count == 0
    cache.clear()
    assert "Changed" in str(api.get(path).json())


def test_d3(api: APIClient, three: list[User]) -> None:
    for _ in range(2):
        for user in three:
            assert api.get(f"{LIST}{user.pk}/").json()["first_name"] == user.first_name


def test_d4(api: APIClient, three: list[User]) -> None:
    missing = three[-1].pk + 1
    assert api.get(f"{LIST}{missing}/").status_code == 404
    User.objects.create_user("new@example.com", "secret")
    assert api.get(f"{LIST}{missing}/").status_code == 200


def test_d5(api: APIClient, three: list[User], django_capture_on_commit_callbacks: Any) -> None:
    key = three[0].pk
    spellings = [f"{LIST}{spelling}/" for spelling in (key, f"0{key}", f"+{key}")]
    for path in spellings:
        api.get(path)
    with django_capture_on_commit_callbacks(execute=True):
        assert api.patch(spellings[0], {"first_name": "Changed"}, format="json").status_code == 200
    for path in spellings:
        answer = api.get(path)
        assert answer.status_code == 404 or "Changed" in str(answer.json())


def test_d6(api: APIClient, three: list[User]) -> None:
    path = f"{LIST}{three[0].pk}/"
    api.force_authenticate(three[0])
    api.get(path)
    api.force_authenticate(None)
    cache.clear()
    truth = api.get(path).status_code
    assert api.get(path).status_code == truth
