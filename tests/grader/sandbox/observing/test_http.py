"""One request to a project: its time is for the whole answer, however that comes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.observing.http import request

HEAD = b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n"
STEP = 0.02


@pytest.fixture
def dripping(tmp_path: Path) -> Iterator[Path]:
    """The socket of somebody who answers byte by byte, for as long as anybody listens."""
    path = tmp_path / "s"
    over = threading.Event()

    def drip() -> None:
        caller, _ = listener.accept()
        with caller:
            caller.recv(65536)
            caller.sendall(HEAD)
            while not over.wait(STEP):
                try:
                    caller.sendall(b"x")
                except OSError:
                    return

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=drip)
        thread.start()
        yield path
        over.set()
        thread.join()


def test_an_answer_byte_by_byte_gets_no_more_time_than_another(dripping: Path) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        request(dripping, "GET", "/", None, {}, 15 * STEP)
    took = time.monotonic() - began
    assert 15 * STEP <= took < 60 * STEP, "each byte alone came in time, and 100 would have taken longer"


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        request(tmp_path / "s", "GET", "/", None, {}, 1.0)
