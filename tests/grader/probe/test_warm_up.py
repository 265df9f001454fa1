"""The project warms up before its checks, and nothing of the learner's has a part in that."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tests.projects.handout import HONEST

ROOT = Path(__file__).parents[3]
THEIRS = """
from django.contrib.auth.models import AnonymousUser
from django.db.backends.signals import connection_created
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.versioning import AcceptHeaderVersioning

CALLS = []


def called(self, *args, **kwargs):
    CALLS.append(type(self).__name__)


class Middleware:
    def __init__(self, get_response):
        called(self)


class Nobody(AnonymousUser):
    __init__ = called


class Negotiation(DefaultContentNegotiation):
    __init__ = called


class Version(AcceptHeaderVersioning):
    __init__ = called


class Parser(JSONParser):
    __init__ = called


def connected(sender, **kwargs):
    called(sender)


connection_created.connect(connected)
"""
SETTINGS = """
MIDDLEWARE = ["theirs.Middleware", *MIDDLEWARE]
REST_FRAMEWORK = {
    "UNAUTHENTICATED_USER": "theirs.Nobody",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "theirs.Negotiation",
    "DEFAULT_VERSIONING_CLASS": "theirs.Version",
    "DEFAULT_PARSER_CLASSES": ["theirs.Parser"],
}
"""
WARM_UP = """
import json, os, sys
from grader.probe import warm_up, preload
preload.import_libraries(["users", "theirs"])
sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "safeboda.settings"
import django
django.setup()
import theirs
from django.core.validators import EmailValidator
from django.db import connection
compiled = type(EmailValidator.user_regex._wrapped).__name__
steps = [len(list(warm_up.warm_up())), len(list(warm_up.warm_up_worker()))]
for step in (warm_up._ask_a_view, warm_up._ask_redis, warm_up._ask_a_database):
    step()  # raises what was passed over above
print(json.dumps({
    "calls": theirs.CALLS,
    "steps": steps,
    "connected": connection.connection is not None,
    "before": compiled,
    "after": type(EmailValidator.user_regex._wrapped).__name__,
}))
"""


def test_warming_up_uses_the_libraries_and_nothing_of_the_learners(tmp_path: Path) -> None:
    project = replace(HONEST, settings=HONEST.settings + SETTINGS, files={"theirs.py": THEIRS})
    ran = subprocess.run(
        [sys.executable, "-c", WARM_UP],
        cwd=project.write(tmp_path / "boda"),
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "calls": [],
        "steps": [5, 3],
        "connected": False,
        "before": "object",
        "after": "Pattern",
    }


OWN = """
import os, sys
sys.path.insert(0, os.getcwd())
from django.conf import settings
settings.configure()
import django
django.setup()
from grader.probe import warm_up, preload
preload.import_libraries(["redis", "users"])
steps = *warm_up.warm_up_zygote(), *warm_up.warm_up(), *warm_up.warm_up_worker()
print(steps, "redis" in sys.modules)
"""


def test_a_module_of_the_learners_that_is_called_redis_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "redis.py").write_text("print('imported')\n")
    ran = subprocess.run(
        [sys.executable, "-c", OWN],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.stdout, ran.stderr) == ("() False\n", "")
