"""One run at a time: another one is told who runs, and the lock falls with its process."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from grader.errors import UsageError
from workshop.state.lock import run_lock


def hold(project: Path, held: Event, release: Event) -> None:
    with run_lock(project, "workshop check"):
        held.set()
        release.wait(60)


def test_one_run_at_a_time_and_the_other_is_named(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=hold, args=(tmp_path, held, release))
    other.start()
    try:
        assert held.wait(60)
        with pytest.raises(UsageError) as caught, run_lock(tmp_path):
            pytest.fail("two runs at a time")
        assert "workshop check" in caught.value.sentence
        assert str(other.pid) in caught.value.sentence
    finally:
        release.set()
        other.join(60)
    with run_lock(tmp_path):
        pass


def test_the_lock_falls_with_its_process(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=hold, args=(tmp_path, held, release))
    other.start()
    assert held.wait(60)
    other.kill()
    other.join(60)
    with run_lock(tmp_path):
        assert not release.is_set()
