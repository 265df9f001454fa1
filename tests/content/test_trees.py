"""The letter, core and reference trees fit the starter and leave a sound Django project."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import MakeProject
from workshop.author.trees import TreeKind
from workshop.course.load import activities
from workshop.course.model import Activity
from workshop.scaffold.blanks import find_blanks

LAST = max(activity.number for activity in activities())
SOLVED = (TreeKind.LETTER, TreeKind.CORE, TreeKind.REFERENCE)

ALL_SOUND = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "safeboda.settings"
import django
django.setup()
from django.core.management import call_command
call_command("check", fail_level="WARNING")
call_command("makemigrations", check=True, dry_run=True)
from django.urls import resolve
print(sorted(set(vars(resolve("/api/users/").func.cls)) & {"list", "retrieve", "perform_destroy"}))
from django.db.models.signals import post_delete, post_save
from users.models import User
print(len(post_save._live_receivers(User)[0]), len(post_delete._live_receivers(User)[0]))
"""


def ask(project: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ALL_SOUND], cwd=project, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-2:]


@pytest.mark.parametrize("kind", SOLVED)
def test_a_tree_is_a_sound_project(make_project: MakeProject, kind: TreeKind) -> None:
    tree = make_project(5, kind)
    assert find_blanks(tree) == ()
    cached = ["list", "perform_destroy"] if kind is TreeKind.CORE else ["list", "perform_destroy", "retrieve"]
    # One receiver for each signal: connected, and only once.
    assert ask(tree) == [str(cached), "1 1"]


def test_the_templates_alone_leave_blanks(make_project: MakeProject) -> None:
    tree = make_project(LAST, TreeKind.TEMPLATE)
    assert {blank.file for blank in find_blanks(tree)} >= {
        "safeboda/settings/base.py",
        "safeboda/settings/production.py",
        "users/views.py",
        "users/cache_signals.py",
    }


@pytest.mark.parametrize("activity", activities(), ids=lambda activity: activity.id)
@pytest.mark.parametrize("kind", [TreeKind.LETTER, TreeKind.REFERENCE])
def test_every_fragment_of_a_solution_is_used(activity: Activity, kind: TreeKind) -> None:
    extra = activity.solutions / kind / "edits.toml"
    edits = [edit for task in activity.tasks for edit in task.edits]
    used = {edit.fragment for edit in edits if edit.fragment}
    if extra.is_file():
        more = tomllib.loads(extra.read_text(encoding="utf-8"))["edits"]
        used |= {edit["fragment"] for edit in more if "fragment" in edit}
    assert {file.name for file in (activity.solutions / kind).glob("*.py")} <= used
