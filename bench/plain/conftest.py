"""What the plain tests share."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient
from users.models import User


@pytest.fixture(autouse=True)
def empty_cache(db: None) -> None:
    cache.clear()


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def three() -> list[User]:
    return [
        User.objects.create_user(f"user{n}@example.com", "secret", first_name=f"First{n}") for n in range(3)
    ]
