"""Light commands load nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "django",
    "rest_framework",
    "pytest",
    "redis",
    "libcst",
    "rich.console",
    "rich.markdown",
    "hypothesis",
    "pydantic",
)

CODE = """
import sys
from workshop.cli.app import run
try:
    run(sys.argv[1:])
except SystemExit as ended:
    print("ended", ended.code, file=sys.stderr)
loaded = [name for name in {heavy!r} if name in sys.modules]
print("loaded", loaded, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--help",), 0),
        (("--version",), 0),
        (("check", "--help"), 0),
        (("redis", "cli", "--help"), 0),
        (("progress",), 0),
        (("progress", "--plain"), 0),
        (("progress", "--project", "."), 0),
        (("--project", ".", "progress"), 0),
        (("--plain", "progress"), 0),
        (("redis", "cli", "GET", "key", "--project", "elsewhere"), 2),
        (("instructor", "reset", "elsewhere", "--all", "--dry-run"), 2),
        (("author", "build", "."), 2),
        ((), 0),
        (("hint",), 2),
        (("hint", "3", "--plain", "--project", "."), 2),
    ],
)
def test_light_commands_load_nothing_heavy(project: Path, words: tuple[str, ...], status: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CODE.format(heavy=HEAVY), *words],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    *_, ended, loaded = ran.stderr.splitlines()
    assert ended == f"ended {status}"
    assert loaded == "loaded []"


def test_the_hint_itself_is_light(project: Path) -> None:
    from grader.result import Outcome, Result, Tier, Verdict
    from workshop.actions.project import opened

    with opened(project, notice=pytest.fail) as learner:
        learner.progress.start("activity-3", {})
        verdict = Verdict("F1", "F1", Tier.CORE, Outcome.FAILED)
        learner.progress.record(Result("activity-3", Outcome.FAILED, checks=(verdict,)))
    ran = subprocess.run(
        [sys.executable, "-c", CODE.format(heavy=HEAVY), "hint"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "hint 1 of 3" in ran.stdout
    assert ran.stderr.splitlines()[-1] == "loaded []"
