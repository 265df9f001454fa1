"""Whatever ends the judge ends the project as well, jail or no jail."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.sandbox.hosting.jail import detect
from tests.grader.conftest import processes_of
from tests.projects.build import Variant
from tests.projects.handout import HONEST

HOSTING = """
import sys
from collections.abc import Callable
from pathlib import Path
from grader.sandbox.hosting.sandbox import Sandbox
from grader.submission import find
with Sandbox(find(Path(sys.argv[1])), jail=sys.argv[2] == "jail") as sandbox:
    sandbox.project.report()
"""
WITH_ITS_PROJECT = 4
"""The judge, the guard of its server, the zygote and the project, at the least."""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells a process of its parent's end")
@pytest.mark.parametrize(
    "how", ["none", pytest.param("jail", marks=pytest.mark.skipif(detect() is None, reason="no bubblewrap"))]
)
def test_a_project_that_loops_at_import_does_not_outlive_a_killed_judge(how: str, tmp_path: Path) -> None:
    root = Variant(views=HONEST.views, settings="\nwhile True:\n    pass\n").write(tmp_path / "boda")
    scratch = Path(tempfile.mkdtemp(prefix="o-", dir="/tmp"))
    judge = subprocess.Popen(
        [sys.executable, "-c", HOSTING, str(root), how], env={**os.environ, "TMPDIR": str(scratch)}
    )
    try:
        assert _comes(lambda: len(processes_of(scratch)) >= WITH_ITS_PROJECT), processes_of(scratch)
        judge.send_signal(signal.SIGKILL)
        judge.wait()
        assert _comes(lambda: not processes_of(scratch)), processes_of(scratch)
    finally:
        judge.kill()
        shutil.rmtree(scratch, ignore_errors=True)


def _comes(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.02)
    return True
