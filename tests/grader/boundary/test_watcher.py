"""What the processes of a jail take is seen from outside, and ends them when it is too much."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from grader.boundary import watcher

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")

TAKE = "x = bytearray(b'x') * {size}; import os, sys; {then}; print('ready', flush=True); sys.stdin.read()"

Take = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def take() -> Iterator[Take]:
    """`take(bytes)`: a process that has them in memory; with `then`, something it does after that."""
    started: list[subprocess.Popen[bytes]] = []

    def start(size: int, then: str = "pass") -> subprocess.Popen[bytes]:
        code = TAKE.format(size=size, then=then)
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        started.append(process)
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_what_a_process_and_its_children_take_is_added_up(take: Take) -> None:
    child = "x = bytearray(50_000_000); input()"
    process = take(100_000_000, f"import subprocess; subprocess.Popen([sys.executable, '-c', {child!r}])")
    assert len(list(watcher.tree(process.pid))) == 2
    assert 100_000_000 < watcher.taken(process.pid) < 300_000_000


def test_what_processes_share_is_counted_once(take: Take) -> None:
    process = take(100_000_000, "[os.fork() or sys.stdin.read() or os._exit(0) for _ in range(5)]")
    assert watcher.taken(process.pid) < 200_000_000


def test_files_of_the_machine_are_not_counted(take: Take) -> None:
    assert watcher.taken(take(1).pid) < 50_000_000


def test_too_much_memory_ends_it(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "MEMORY", 80_000_000)
    process = take(100_000_000)
    watching = watcher.Watcher(process.pid, process.kill)
    assert process.wait(10) < 0
    assert watching.excess is watcher.Excess.MEMORY


def test_too_much_time_ends_it(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "SECONDS", 0.1)
    process = take(1)
    watching = watcher.Watcher(process.pid, process.kill)
    watching.begin()
    assert process.wait(10) < 0
    assert watching.excess is watcher.Excess.TIME


def test_a_run_that_has_ended_is_let_be(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "SECONDS", 0.1)
    process, killed = take(1), threading.Event()
    watching = watcher.Watcher(process.pid, killed.set)
    watching.begin()
    watching.end()
    assert not killed.wait(0.3)
    watching.close()
