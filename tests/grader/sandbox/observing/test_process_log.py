"""What processes print is there at once, up to a limit, each for itself."""

from __future__ import annotations

import os
import threading

from grader.sandbox.observing.process_log import FLOOD, KEPT, ProcessLog


def nothing() -> None:
    """No flood is expected."""
    raise AssertionError("there was no flood")


def test_what_was_just_printed_is_told() -> None:
    logs = [ProcessLog(nothing) for _ in range(20)]
    for number, log in enumerate(logs):
        os.write(log.writer, b"last words of %d" % number)
        assert log.text() == f"last words of {number}"
    for number, log in enumerate(logs):
        log.close_writer()
        assert log.whole() == f"last words of {number}"


def test_a_log_that_somebody_holds_open_delays_no_other() -> None:
    held, other = ProcessLog(nothing), ProcessLog(nothing)
    os.write(other.writer, b"done")
    other.close_writer()
    assert other.whole() == "done"
    held.close_writer()


def test_a_flood_is_told_once_and_read_to_its_end() -> None:
    floods: list[int] = []
    log = ProcessLog(lambda: floods.append(1))
    chunk = b"x" * 65_536
    for _ in range(2 * FLOOD // len(chunk)):  # a pipe holds one of these: it is read all the while
        os.write(log.writer, chunk)
    log.close_writer()
    assert len(log.whole()) == KEPT
    assert log.flooded
    assert floods == [1]


def test_one_thread_reads_them_all() -> None:
    logs = [ProcessLog(nothing) for _ in range(20)]
    assert sum(thread.name == "logs" for thread in threading.enumerate()) == 1
    for log in logs:
        log.close_writer()
