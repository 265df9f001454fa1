"""A program of the test's own inside the outer jail, in each way in which this machine makes one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from grader.boundary import outer_jail
from grader.servers.private import short_folder
from workshop.course.load import hidden

Inside = Callable[[str], str]


@pytest.fixture(params=range(2), ids=["the first way", "the second way"])
def inside(request: pytest.FixtureRequest) -> Iterator[Inside]:
    """`inside(code)`: what Python prints that runs `code` in the jail."""
    ways = outer_jail.ways()[request.param :]
    if not ways:
        pytest.skip("this machine has no such way")
    scratch = short_folder("boundary-", "stage")
    scratch.chmod(0o711)
    stage, snapshots = scratch / "stage", scratch / "snapshots"
    stage.mkdir()
    (stage / "manage.py").write_text("staged")
    outer_jail.prepare(snapshots, ways[0])
    mounts = outer_jail.mounts(outer_jail.ours(), stage, snapshots, hidden())

    def run(code: str) -> str:
        words = ways[0].command([sys.executable, "-c", code], mounts)
        ran = subprocess.run(words, capture_output=True, text=True, timeout=60)
        if ran.returncode and "bwrap:" in ran.stderr:
            pytest.skip(f"the system does not allow it: {ran.stderr.strip()}")
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    yield run
    shutil.rmtree(scratch)
