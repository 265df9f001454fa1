"""A password in the code is seen, and what only looks like one is not."""

from __future__ import annotations

import ast

import pytest

from grader.static_analysis.passwords import passwords


@pytest.mark.parametrize(
    "code",
    [
        'REDIS_PASSWORD = "uburyohe"',
        'OPTIONS = {"PASSWORD": "uburyohe"}',
        'LOCATION = "redis://:uburyohe@cache.example.com:6379/1"',
        'URL = os.environ.get("REDIS_URL", "redis://boda:uburyohe@h/1")',
        'DB_PASSWORD = os.environ.get("DB_PASSWORD", "uburyohe")',
        'pool = Pool(password="uburyohe")',
    ],
)
def test_a_password(code: str) -> None:
    ((name, line),) = passwords(ast.parse(code))
    assert line == 1
    assert "uburyohe" not in name


@pytest.mark.parametrize(
    "code",
    [
        'PASSWORD = ""',
        'PASSWORD = os.environ["REDIS_PASSWORD"]',
        'OPTIONS = {"PASSWORD": os.environ.get("REDIS_PASSWORD", "")}',
        "AUTH_PASSWORD_VALIDATORS = [{'NAME': 'django.contrib.auth.password_validation.X'}]",
        'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]',
        'URL = f"redis://:{password}@{host}:6379/1"',
        'LOCATION = "redis://127.0.0.1:6379/1"',
        'MAIL = "mailto:boda@example.com"',
    ],
)
def test_none(code: str) -> None:
    assert list(passwords(ast.parse(code))) == []
