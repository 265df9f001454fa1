"""One request to a project: its time is for the whole answer, however that comes."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import pytest

from grader.sandbox.observing.http import MAX_BODY, request

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


def test_a_response_that_never_ends_takes_no_more_memory_than_one_may(tmp_path: Path) -> None:
    path = tmp_path / "s"
    sent = 0

    def flood() -> None:
        nonlocal sent
        caller, _ = listener.accept()
        with caller, contextlib.suppress(OSError):
            caller.recv(65536)
            # A chunk of a negative size: HTTP libraries take that for all that will ever come.
            caller.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
            while sent < 4 * MAX_BODY:
                caller.sendall(bytes(1 << 16))
                sent += 1 << 16

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=flood)
        thread.start()
        with pytest.raises((OSError, HTTPException)):
            request(path, "GET", "/", None, {}, 20.0)
        thread.join()
    assert sent < 2 * MAX_BODY
