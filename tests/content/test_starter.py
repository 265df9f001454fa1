"""The starter works as shipped, by its own tests, and without its .env."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.course.load import content_root

STARTER = content_root() / "safeboda"

GET_THE_LIST = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "safeboda.settings"
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.conf import settings
from django.test import Client
print(Client(SERVER_NAME="127.0.0.1").get("/api/users/").status_code, settings.DEBUG)
"""


def run(project: Path, *args: str) -> str:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    done = subprocess.run(
        [sys.executable, *args], cwd=project, env=clean, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_its_own_tests_pass(project: Path) -> None:
    assert "OK" in run(project, "manage.py", "test")


def test_its_migrations_are_complete(project: Path) -> None:
    assert "No changes" in run(project, "manage.py", "makemigrations", "--check", "--dry-run")


@pytest.mark.parametrize("env", ["shipped", "example", "empty values", "none"])
def test_it_answers_with_and_without_env(project: Path, env: str) -> None:
    file = project / ".env"
    assert file.is_file()
    if env == "none":
        file.unlink()
    elif env == "example":
        file.write_bytes((project / ".env.example").read_bytes())
    elif env == "empty values":
        file.write_text("DJANGO_SECRET_KEY=\nDJANGO_DEBUG=\nDJANGO_ALLOWED_HOSTS=\n", encoding="utf-8")
    # Debugging is on only where somebody said so.
    assert run(project, "-c", GET_THE_LIST).split() == ["200", str(env in ("shipped", "example"))]


def test_it_knows_nothing_of_caches() -> None:
    for file in [*STARTER.rglob("*.py"), STARTER / "requirements.txt"]:
        words = file.read_text(encoding="utf-8").lower()
        assert "redis" not in words, file
        assert "cache" not in words, file


def test_what_belongs_to_one_machine_is_ignored_by_git() -> None:
    ignored = (STARTER / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".env", "db.sqlite3", "dump.rdb", ".venv/", ".workshop/"} <= set(ignored)
