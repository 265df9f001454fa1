"""The course is updated while somebody is at work: nothing of theirs is lost, and every command goes on."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("workshop", "grader", "exercises", "solutions", "safeboda")

TEMPLATE = "Fill this (Redis URL)"
NEW_TEMPLATE = "Fill this: the address of your Redis"
Workshop = Callable[..., str]


def copy_of_the_course(folder: Path) -> Path:
    """A workshop with content of its own, that can be changed."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".workshop"))
    return folder


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    changed = re.sub(old, new, text)
    assert changed != text, f"{file} has no {old}"
    file.write_text(changed, encoding="utf-8")


def remove_check(course: Path, id: str) -> None:
    for file in course.glob("exercises/*/checks.toml"):
        if f"[{id}]" in file.read_text(encoding="utf-8"):
            change(file, rf"(?ms)^\[{id}(\.[^\]]*)?\]\n.*?(?=^\[|\Z)", "")


def rename_check(course: Path, old: str, new: str) -> None:
    words = [file for file in course.glob("exercises/*/checks.toml") if f"[{old}]" in file.read_text("utf-8")]
    code = [file for file in course.glob("grader/checks/*.py") if f'"{old}"' in file.read_text("utf-8")]
    assert words
    assert code
    for file in words:
        change(file, rf"(?m)^\[{old}(?=[.\]])", f"[{new}")
    for file in code:
        change(file, f'"{old}"', f'"{new}"')


@pytest.fixture(scope="session")
def courses(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The course before and after an update.

    F1 is called F91 afterwards, F7 is gone, F8 is new, and three templates read otherwise.
    """
    before = copy_of_the_course(tmp_path_factory.mktemp("before"))
    remove_check(before, "F8")
    after = copy_of_the_course(tmp_path_factory.mktemp("after"))
    remove_check(after, "F7")
    rename_check(after, "F1", "F91")
    templates = after / "exercises"
    caches = templates / "activity-3" / "templates" / "caches.py"
    change(caches, re.escape(TEMPLATE), NEW_TEMPLATE)
    change(caches, r"'TIMEOUT': ____,", "'KEY_PREFIX': '____',  # Fill this\n        'TIMEOUT': ____,")
    change(templates / "activity-3" / "templates" / "cache_ttl.py", "___  #.*", "____  # In seconds")
    timer = templates / "activity-6" / "templates" / "cache_performance.py"
    change(timer, r"# Which clock\?", "# Which of the clocks?")
    return before, after


@pytest.fixture
def workshop(project: Path, courses: tuple[Path, Path]) -> Workshop:
    """`workshop(0, "check")`: what it says before the update (0) or after it (1). It never crashes."""

    def run(version: int, *words: str, status: int = 0) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "workshop", *words],
            cwd=project,
            env=os.environ | {"PYTHONPATH": str(courses[version]), "COLUMNS": "100"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ran.returncode == status, ran.stdout + ran.stderr
        assert not (project / ".workshop" / "crash.log").exists()
        return ran.stdout + ran.stderr

    return run


def fill(settings: Path, ttl: str = "120") -> str:
    """What a learner writes into the template: with a fault in TIMEOUT, and a note. Returns the text."""
    text = settings.read_text(encoding="utf-8")
    for name, value in (
        ("BACKEND", "'django_redis.cache.RedisCache'"),
        ("LOCATION", "'redis://127.0.0.1:6379/1'"),
        ("TIMEOUT", "0"),
        ("CLIENT_CLASS", "'django_redis.client.DefaultClient'"),
    ):
        text = re.sub(rf"'{name}': '?_+'?,", f"'{name}': {value},", text)
    text = text.replace("CACHE_TTL = ___", f"CACHE_TTL = {ttl}") + "\n# Ask Amina why it is 0.\n"
    settings.write_text(text, encoding="utf-8")
    return text


def test_what_a_learner_wrote_stays_and_every_command_goes_on(
    project: Path, workshop: Workshop, tmp_path: Path
) -> None:
    settings = project / "safeboda" / "settings.py"
    answers = tmp_path / "answers.json"
    answers.write_text('{"T01": "A copy that is close by, so that the database is asked less often."}')
    workshop(0, "start", "3", "--yes")
    workshop(0, "quiz", "activity-1", "--answers", str(answers))
    written = fill(settings)
    workshop(0, "check", status=1)
    assert "F1: hint 1 of 3" in workshop(0, "hint")
    assert "F1: hint 2 of 3" in workshop(0, "hint")

    assert re.search(r"3  Basic cache configuration +started +0/\d+ +1 +2", workshop(1, "progress"))
    assert "made by another version of the workshop" in workshop(1, "hint")
    again = workshop(1, "start", "3", "--yes")
    assert "You have your own CACHES" in again
    assert settings.read_text(encoding="utf-8") == written
    checked = workshop(1, "check", status=1)
    assert "F91" in checked
    assert "F8" in checked
    assert "F7" not in checked
    assert "F91: hint 1 of 3" in workshop(1, "hint")
    assert NEW_TEMPLATE not in workshop(1, "solution", "--give-up")
    assert "edited since" in workshop(1, "undo", "--yes", status=2)
    assert settings.read_text(encoding="utf-8") == written

    workshop(1, "reset", "--yes")
    assert TEMPLATE in settings.read_text(encoding="utf-8")
    workshop(1, "undo", "--yes")
    assert settings.read_text(encoding="utf-8") == written
    workshop(1, "submit")
    submitted = json.loads((project / "workshop-submission.json").read_text(encoding="utf-8"))
    assert [given["item"] for given in submitted["answers"]["given"]] == ["T01"]
    assert [len(each["attempts"]) for each in submitted["activities"] if each["started"]] == [2]


def test_an_old_template_that_nobody_edited_becomes_the_new_one(project: Path, workshop: Workshop) -> None:
    settings = project / "safeboda" / "settings.py"
    bare = settings.read_bytes()
    workshop(0, "start", "3", "--yes")
    workshop(0, "check", status=1)
    old = settings.read_bytes()
    again = workshop(1, "start", "3", "--yes")
    assert "You have your own" not in again
    text = settings.read_text(encoding="utf-8")
    assert NEW_TEMPLATE in text
    assert "CACHE_TTL = ____  # In seconds" in text
    assert TEMPLATE not in text
    assert text.count("CACHES = {") == 1
    assert "6 blanks" in workshop(1, "check", status=1)
    assert "right after its start" in workshop(1, "reset", "--yes")
    workshop(1, "undo", "--yes")
    assert settings.read_bytes() == old
    workshop(1, "undo", "--yes")
    assert settings.read_bytes() == bare
    workshop(1, "start", "3", "--yes")
    workshop(1, "solution", "3", "--give-up", "--apply", "--yes")
    assert "F91" in workshop(1, "check")


def test_the_old_templates_beside_what_was_filled_become_new(project: Path, workshop: Workshop) -> None:
    """Piece by piece, and update after update: what was filled once is never taken for a template."""
    settings = project / "safeboda" / "settings.py"
    workshop(0, "start", "3", "--yes")
    text = settings.read_text(encoding="utf-8").replace("CACHE_TTL = ___ ", "CACHE_TTL = 120 ")
    settings.write_text(text, encoding="utf-8")
    workshop(0, "start", "3", "--yes")
    workshop(1, "start", "3", "--yes")
    once = settings.read_text(encoding="utf-8")
    assert "CACHE_TTL = 120 " in once
    assert NEW_TEMPLATE in once
    workshop(0, "start", "3", "--yes")  # a third version of the template: the first one again
    twice = settings.read_text(encoding="utf-8")
    assert "CACHE_TTL = 120 " in twice
    assert TEMPLATE in twice


def test_a_whole_file_that_nobody_edited_becomes_the_new_one(project: Path, workshop: Workshop) -> None:
    timer = project / "users" / "cache_performance.py"
    statistics = project / "users" / "cache_stats.py"
    workshop(0, "start", "6", "--catch-up", "--yes")
    statistics.write_text("# mine\n" + statistics.read_text(encoding="utf-8"), encoding="utf-8")
    own = statistics.read_bytes()
    workshop(1, "start", "6", "--yes")
    assert "Which of the clocks?" in timer.read_text(encoding="utf-8")
    assert statistics.read_bytes() == own
    filled = timer.read_text(encoding="utf-8").replace("= _____", "= time.perf_counter()")
    timer.write_text(filled, encoding="utf-8")
    workshop(0, "start", "6", "--yes")
    assert timer.read_text(encoding="utf-8") == filled
