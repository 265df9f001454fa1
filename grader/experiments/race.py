"""Races made from outside: a writer is stopped at each change of the cache, and a reader sent in."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from grader.sandbox.errors import hung
from grader.servers.hold import Command, Predicate, Stage
from grader.servers.proxy import Proxy
from grader.servers.traffic import READS, SETUP, name_of

RACE_SECONDS = 20.0
_TURN = 0.02
_HARMLESS = (
    READS | SETUP | {"TTL", "PTTL", "SCAN", "KEYS", "INFO", "DBSIZE", "TYPE", "MULTI", "EXEC", "WATCH"}
)


def changes(command: Command) -> bool:
    """Whether a Redis command may change what is stored."""
    return name_of(command) not in _HARMLESS


def stores(command: Command) -> bool:
    """Whether a Redis command of a reader's may store what it read: counting its hits does not."""
    counts = any(b"INCRBY" in word.upper() for word in command[:2])
    return changes(command) and not counts and name_of(command) != "INCR"


def read_after_each_change(proxy: Proxy, write: Callable[[], object], read: Callable[[], object]) -> int:
    """Run `write`; after each command of its that changes the cache, withhold the reply and run `read`.

    Returns how often that was. The reader must be another process than the writer's. Raises what `write`
    or `read` raise, and NoResponse if they do not end.
    """
    readings = 0
    deadline = time.monotonic() + RACE_SECONDS
    with ThreadPoolExecutor(1) as pool:
        hold = proxy.hold(changes)
        writing = pool.submit(write)
        try:
            while not writing.done():
                if time.monotonic() > deadline:
                    raise hung("a writer and a reader ran side by side", RACE_SECONDS)
                if hold.wait(_TURN):
                    read()
                    readings += 1
                    # The next one is set up first: the writer goes on the moment this one lets go.
                    held, hold = hold, proxy.hold(changes)
                    held.release()
        finally:
            hold.release()
    writing.result()
    return readings


def nth_command(nth: int) -> Predicate:
    """What is true of the `nth` command that asks or changes anything."""
    ordinal = count(1)
    return lambda command: name_of(command) not in SETUP and next(ordinal) == nth


def store_late(
    proxy: Proxy, read: Callable[[], object], write: Callable[[], object], held_back: Predicate = stores
) -> bool:
    """Run `read`; when it wants to store what it read, keep that back until `write` is done.

    Another command may be `held_back`, with all that follow it. Returns whether it came so far.
    """
    with ThreadPoolExecutor(1) as pool, proxy.hold(held_back, Stage.BEFORE) as hold:
        reading = pool.submit(read)
        deadline = time.monotonic() + RACE_SECONDS
        while not reading.done() and time.monotonic() < deadline:
            if hold.wait(_TURN):
                write()
                hold.release()
                reading.result(RACE_SECONDS)
                return True
    reading.result()
    return False
