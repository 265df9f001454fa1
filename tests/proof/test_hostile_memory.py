"""Hostile projects, one after another, never take more memory or time than a run may."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from grader.boundary import watcher
from grader.boundary.confined_judge import ConfinedJudge
from grader.sandbox.hosting.jail import detect
from grader.submission import find
from workshop.author.corpus import corpus
from workshop.author.corpus_judge import CorpusJudge, JudgeSetup, plan_of, proof_folder
from workshop.course.load import hidden

pytestmark = [pytest.mark.proof, pytest.mark.skipif(detect() is None, reason="no bubblewrap")]

MOST = 1 << 30
"""Bytes of all processes of the run, its servers and its temporary files."""


@dataclass
class Taken:
    """The most bytes that were seen at once."""

    most: int = 0


@contextmanager
def measured(judge: ConfinedJudge) -> Iterator[Taken]:
    """Look at all processes of the judge's jail, as often as possible."""
    taken, over = Taken(), threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            if process := judge._process:
                taken.most = max(taken.most, watcher.taken(process._popen.pid))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield taken
    over.set()
    thread.join()


def test_hostile_projects_stay_within_what_a_run_may_take(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = corpus().adversaries
    assert len(hostile) >= 60
    figures = []
    with (
        CorpusJudge(JudgeSetup(proof_folder())) as bench,
        ConfinedJudge(jail=True, hidden=hidden()) as judge,
        measured(judge) as taken,
    ):
        for adversary in hostile:
            taken.most = 0
            project = bench.write(adversary.recipe)
            began = time.monotonic()
            judge.judge(find(project), plan_of(project, adversary.activity, adversary.judged, core=False))
            figures.append((taken.most, time.monotonic() - began, adversary.id, adversary.name))
    with capsys.disabled():
        for most, seconds, id, name in sorted(figures, reverse=True)[:10]:
            print(f"\n{most >> 20} MB, {seconds:.1f} s: {id} {name}", end="")
    assert max(most for most, *_ in figures) < MOST
    assert max(seconds for _, seconds, *_ in figures) < watcher.SECONDS
