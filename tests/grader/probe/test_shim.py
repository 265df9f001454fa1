"""The shim moves every address of Redis and the database, and leaves the rest of the settings theirs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.probe.shim import moved

REPOSITORY = Path(__file__).parents[3]
OURS = [("127.0.0.1", 7777), ("127.0.0.1", 7778)]

_LOAD = """
import json, os, sys
from grader.probe import shim
ours = [("127.0.0.1", 7777), ("127.0.0.1", 7778)]
s = shim.load_settings("boda_settings", ours, "/tmp/clone.sqlite3", json.loads(sys.argv[1]))
later = {name: [os.environ.get(name), os.environ[name]] for name in os.environ if "REDIS" in name}
shown = {name: getattr(s, name) for name in dir(s) if name.isupper()}
print(json.dumps({**shown, "later": later}))
"""


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("redis://127.0.0.1:6379/1", "redis://127.0.0.1:7777/1"),
        ("redis://localhost", "redis://127.0.0.1:7777"),
        ("redis://user:secret@cache.example.com:6380/3", "redis://127.0.0.1:7777/3"),
        ("rediss://cache.example.com:6380/0", "redis://127.0.0.1:7777/0"),
        ("valkey://[::1]:6379/2", "redis://127.0.0.1:7777/2"),
        ("redis://localhost:6379?db=4", "redis://127.0.0.1:7777/4"),
        ("unix:///run/redis.sock?db=5", "redis://127.0.0.1:7777/5"),
        ("unix:///run/redis.sock", "redis://127.0.0.1:7777"),
    ],
)
def test_only_the_db_number_of_an_address_stays(location: str, expected: str) -> None:
    assert moved(location, OURS) == expected


def load(
    folder: Path, settings: str, environ: dict[str, str] | None = None, **overrides: Any
) -> dict[str, Any]:
    """The settings as a project would have them, and the Redis variables it would read later."""
    (folder / "boda_settings.py").write_text("import os\n" + settings)
    plain = {name: value for name, value in os.environ.items() if "REDIS" not in name}
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, json.dumps(overrides)],
        env={**plain, **(environ or {}), "PYTHONPATH": f"{folder}:{REPOSITORY}"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ('"redis://h:6379/1"', "redis://127.0.0.1:7777/1"),
        (
            '["redis://h:6379/1", "redis://other:6379/2"]',
            ["redis://127.0.0.1:7777/1", "redis://127.0.0.1:7777/2"],
        ),
        ('"redis://h:6379/1,redis://i/2"', ["redis://127.0.0.1:7777/1", "redis://127.0.0.1:7777/2"]),
        ('"unique-snowflake"', "unique-snowflake"),
        ('os.environ["REDIS_URL"]', "redis://127.0.0.1:7777/9"),
        ('os.getenv("OTHER_URL", "redis://h/8")', "redis://127.0.0.1:7777/8"),
        (
            "f\"redis://{os.getenv('REDIS_HOST', 'h')}:{os.getenv('REDIS_PORT', 6379)}/1\"",
            "redis://127.0.0.1:7777/1",
        ),
    ],
)
def test_a_location_is_moved(tmp_path: Path, location: str, expected: Any) -> None:
    settings = f'CACHES = {{"default": {{"BACKEND": "b", "LOCATION": {location}, "KEY_PREFIX": "boda"}}}}\n'
    found = load(tmp_path, settings, {"REDIS_URL": "redis://:secret@h:6380/9"})["CACHES"]["default"]
    assert found == {"BACKEND": "b", "LOCATION": expected, "KEY_PREFIX": "boda"}


def test_the_environment_is_moved_too_also_what_the_settings_put_there(tmp_path: Path) -> None:
    settings = 'os.environ["REDIS_LATE"] = "redis://h:6379/2"\nos.environ["REDIS_NAME"] = "boda"\n'
    found = load(tmp_path, settings, {"REDIS_URL": "redis://h:6379/9"})["later"]
    assert found == {
        "REDIS_URL": ["redis://127.0.0.1:7777/9"] * 2,
        "REDIS_LATE": ["redis://127.0.0.1:7777/2"] * 2,
        "REDIS_NAME": ["boda"] * 2,
    }


def test_host_and_port_are_moved_wherever_they_are_written(tmp_path: Path) -> None:
    settings = 'REDIS_HOST = "h"\nREDIS_PORT = 6379\nDB_PORT = 5432\n'
    settings += 'BODA_REDIS_PORT = os.environ["BODA_REDIS_PORT"]\n'
    found = load(tmp_path, settings, {"BODA_REDIS_PORT": "6380"})
    assert (found["REDIS_HOST"], found["REDIS_PORT"], found["BODA_REDIS_PORT"]) == ("127.0.0.1", 7777, "7777")
    assert found["DB_PORT"] == 5432
    assert found["later"] == {"BODA_REDIS_PORT": ["7777", "7777"]}


def test_settings_of_the_projects_own_that_name_a_server_are_moved(tmp_path: Path) -> None:
    found = load(tmp_path, 'BROKER = "redis://h:6379/3"\nSITE = "https://boda.example.com/3"\n')
    assert (found["BROKER"], found["SITE"]) == ("redis://127.0.0.1:7777/3", "https://boda.example.com/3")


def test_a_password_goes_and_other_options_stay(tmp_path: Path) -> None:
    options = '{"CLIENT_CLASS": "c", "PASSWORD": "p", "username": "u", "CONNECTION_POOL_KWARGS": {"max": 5}}'
    found = load(tmp_path, f'CACHES = {{"default": {{"LOCATION": "redis://h", "OPTIONS": {options}}}}}\n')
    assert found["CACHES"]["default"]["OPTIONS"] == {
        "CLIENT_CLASS": "c",
        "CONNECTION_POOL_KWARGS": {"max": 5},
    }


def test_every_database_is_a_throw_away_file(tmp_path: Path) -> None:
    settings = (
        'DATABASES = {"default": {"ENGINE": "postgresql", "ATOMIC_REQUESTS": True}, "log": {"NAME": "l"}}\n'
    )
    found = load(tmp_path, settings)["DATABASES"]
    assert {alias: (d["ENGINE"], d["NAME"], d["ATOMIC_REQUESTS"]) for alias, d in found.items()} == {
        "default": ("django.db.backends.sqlite3", "/tmp/clone.sqlite3", True),
        "log": ("django.db.backends.sqlite3", "/tmp/clone.sqlite3.log", False),
    }


def test_a_secret_key_is_given_only_where_there_is_none(tmp_path: Path) -> None:
    assert load(tmp_path, "SECRET_KEY = 'theirs'\n")["SECRET_KEY"] == "theirs"
    assert load(tmp_path, "SECRET_KEY = ''\n")["SECRET_KEY"]
    assert load(tmp_path, "SECRET_KEY = os.environ['SECRET_KEY']\n")["SECRET_KEY"]


def test_what_a_check_varies_wins(tmp_path: Path) -> None:
    assert load(tmp_path, "CACHE_TTL = 300\nOTHER = 1\n", CACHE_TTL=77)["CACHE_TTL"] == 77


def test_no_mail_is_sent_and_every_host_is_allowed(tmp_path: Path) -> None:
    found = load(tmp_path, "ALLOWED_HOSTS = []\nEMAIL_BACKEND = 'smtp'\n")
    assert found["ALLOWED_HOSTS"] == ["*"]
    assert found["EMAIL_BACKEND"].endswith("locmem.EmailBackend")


def test_a_server_of_the_runs_own_stays_with_its_user_and_password(tmp_path: Path) -> None:
    location = "redis://boda:secret@127.0.0.1:7778/2"
    options = '{"PASSWORD": "p"}'
    settings = f'CACHES = {{"default": {{"LOCATION": os.environ["REDIS_URL"], "OPTIONS": {options}}}}}\n'
    found = load(tmp_path, settings, {"REDIS_URL": location})["CACHES"]["default"]
    assert found == {"LOCATION": location, "OPTIONS": {"PASSWORD": "p"}}
