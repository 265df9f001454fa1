"""Experiments on many readers and many keys."""

from __future__ import annotations

import re

from workshop.quiz.live.laboratory import Laboratory
from workshop.quiz.live.run import Seen, Values, came_true

MANY = 10
"""From this many on a query runs once a reader, more or less: threads do not start at one instant."""
KEYS = 100_000
"""Keys that are made for the look at KEYS; more would take longer than a learner likes to wait."""
FAR_MORE = 10.0
"""From this ratio on one thing takes far longer than another."""


def fifty_readers(laboratory: Laboratory, values: Values) -> Seen:
    """Fifty threads, one cold key, cache.get_or_set. How often does the query run?"""
    _, printed = laboratory.django("stampede")
    calls = int(printed or "0")
    key = {0: "none", 1: "one", 2: "two"}.get(calls, "all" if calls > MANY else "some")
    return came_true(
        key, "50 readers asked for one cold key at the same moment", f"the query ran {calls} times"
    )


def keys_beside_scan(laboratory: Laboratory, values: Values) -> Seen:
    """How long the server is busy with KEYS *, and with one step of SCAN, by its own account."""
    with laboratory.server.client(20.0) as client:
        client.call("DEBUG", "POPULATE", str(KEYS), "ride", "8")
        client.call("CONFIG", "RESETSTAT")
        client.call("KEYS", "ride:*")
        cursor: bytes = b"0"
        for _ in range(50):
            reply = client.call("SCAN", cursor, "COUNT", "500")
            assert isinstance(reply, list)
            assert isinstance(reply[0], bytes)
            cursor = reply[0]
        info = client.call("INFO", "commandstats")
        client.call("FLUSHALL")
    assert isinstance(info, bytes)
    all_keys, step = _micros(info, b"keys"), _micros(info, b"scan")
    ratio = all_keys / max(step, 0.001)
    return came_true(
        "far_longer" if ratio >= FAR_MORE else "alike" if ratio > 1 / FAR_MORE else "shorter",
        f"{KEYS} keys",
        f"KEYS ride:*          the server is busy for {all_keys / 1000:.1f} ms, and everybody waits",
        f"one SCAN of 500      the server is busy for {step / 1000:.2f} ms, and others come between",
    )


def _micros(info: bytes, command: bytes) -> float:
    found = re.search(rb"cmdstat_" + command + rb":.*?usec_per_call=([\d.]+)", info)
    return float(found[1]) if found else 0.0
