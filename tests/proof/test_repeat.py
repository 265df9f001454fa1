"""A verdict does not depend on how busy the machine is, nor on which run of a long-lived judge it is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.judge import Judge
from grader.submission import find
from tests.conftest import MakeProject
from workshop.author.trees import TreeKind
from workshop.course.load import activities, by_name, hidden
from workshop.course.plan import plan_for

pytestmark = pytest.mark.proof

TIMES = 20


@pytest.fixture
def busy() -> Iterator[None]:
    """Meanwhile there is as much to do again as there are cores."""
    burning = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 2)
    ]
    yield
    for each in burning:
        each.kill()
        each.wait()


@pytest.mark.parametrize("kind", [TreeKind.LETTER, TreeKind.REFERENCE])
@pytest.mark.usefixtures("busy")
def test_twenty_runs_on_a_busy_machine_come_out_alike(
    make_project: MakeProject, tmp_path: Path, kind: TreeKind
) -> None:
    project = make_project(5, kind)
    plan = plan_for(by_name("5"), activities())
    views = project / "users/views.py"
    found = []
    with Judge(snapshots=tmp_path / "templates", hidden=hidden()) as judge:
        for number in range(TIMES):
            if number % 2:  # every other run loads the project anew
                views.write_text(f"{views.read_text()}\n# {number}\n")
            result = judge.judge(find(project), plan)
            found.append({verdict.id: (verdict.outcome, verdict.how) for verdict in result.checks})
    changed = {id: [run[id] for run in found] for id in found[0] if len({run[id] for run in found}) > 1}
    assert changed == {}
