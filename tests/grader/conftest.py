"""Judging a project in a test: in a folder of its own, and nothing may be left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.judge import judge
from grader.result import Outcome, Result, Verdict
from grader.sandbox.hosting.launch import Limits
from grader.submission import Submission, find
from tests.plans import plan
from tests.projects.build import Variant
from workshop.course.load import hidden

IDS = ("B2", "B3", "F1", "F2", "F3", "L1", "L2", "L3", "L4")


@dataclass
class Bench:
    """Judges variants of the starter. Whatever is started meanwhile bears the mark `scratch`."""

    scratch: Path
    projects: Path
    ids: tuple[str, ...] = IDS
    told: list[Verdict] = field(default_factory=list)

    def write(self, variant: Variant, name: str = "boda") -> Path:
        """Write a project; its folder."""
        return variant.write(self.projects / name)

    def judge(
        self, project: Variant | Path | Submission, limits: Limits | None = None, ids: tuple[str, ...] = IDS
    ) -> Result:
        """The result of a project in the checks `ids`, one point each."""
        if isinstance(project, Variant):
            project = self.write(project)
        if isinstance(project, Path):
            project = find(project)
        return judge(project, plan(*ids), self.told.append, limits, hidden=hidden())

    def left_over(self) -> list[str]:
        """The processes and files that are still there."""
        return [*processes_of(self.scratch), *map(str, self.scratch.rglob("*"))]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A place to judge in. Fails the test if a process, a folder or a socket outlives it."""
    scratch = Path(tempfile.mkdtemp(prefix="b-", dir="/tmp"))  # short, since it will hold sockets
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    bench = Bench(scratch, tmp_path)
    yield bench
    deadline = time.monotonic() + 5  # what was killed may take a moment to go
    while (left := bench.left_over()) and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    shutil.rmtree(scratch, ignore_errors=True)
    assert left == []


def processes_of(scratch: Path) -> list[str]:
    """The processes, other than this one, that have `scratch` in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(folder.name) != os.getpid() and str(scratch).encode() in (folder / "environ").read_bytes():
                found.append(f"{folder.name} {(folder / 'cmdline').read_bytes()[:60]!r}")
        except OSError:
            continue  # it ended meanwhile
    return found


def outcomes(result: Result) -> dict[str, str]:
    """How each check came out: `passed`, or the outcome and the failure mode, such as `failed uncached`."""
    return {v.id: f"{v.outcome.value} {v.how}".strip() for v in result.checks}


def verdict(result: Result, id: str) -> Verdict:
    """The verdict of one check."""
    return next(v for v in result.checks if v.id == id)


def not_passed(result: Result) -> set[str]:
    """The ids of the checks that did not pass."""
    return {v.id for v in result.checks if v.outcome is not Outcome.PASSED}
