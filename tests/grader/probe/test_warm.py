"""The project practises before its checks, and nothing of the learner's has a part in that."""

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
PRACTISE = """
import json, os, sys
sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "safeboda.settings"
import django
django.setup()
import theirs
from django.core.validators import EmailValidator
from django.db import connection
from grader.probe import warm
compiled = type(EmailValidator.user_regex._wrapped).__name__
warm._ask_a_view()
warm._compile_validators()
print(json.dumps({
    "calls": theirs.CALLS,
    "connected": connection.connection is not None,
    "before": compiled,
    "after": type(EmailValidator.user_regex._wrapped).__name__,
}))
"""


def test_practice_uses_the_libraries_and_nothing_of_the_learners(tmp_path: Path) -> None:
    project = replace(HONEST, settings=HONEST.settings + SETTINGS, files={"theirs.py": THEIRS})
    ran = subprocess.run(
        [sys.executable, "-c", PRACTISE],
        cwd=project.write(tmp_path / "boda"),
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {"calls": [], "connected": False, "before": "object", "after": "Pattern"}
