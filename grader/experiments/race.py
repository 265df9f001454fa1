"""Races made from outside: the proxy stops a writer at each change of the cache while a reader reads."""

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
    """Whether a Redis command of a reader may store a response; a counter of hits does not."""
    counts = any(b"INCRBY" in word.upper() for word in command[:2])
    return changes(command) and not counts and name_of(command) != "INCR"


def read_after_each_change(proxy: Proxy, write: Callable[[], object], read: Callable[[], object]) -> int:
    """Run `write`; withhold the reply to each of its commands that change the cache, and run `read` then.

    Returns the number of reads. Writer and reader must use different workers. Raises the exceptions of
    `write` and `read`, and NoResponse if they do not end in time.
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
                    # The next hold is made first, since the writer goes on as soon as this one is released.
                    held, hold = hold, proxy.hold(changes)
                    held.release()
        finally:
            hold.release()
    writing.result()
    return readings


def nth_command(nth: int) -> Predicate:
    """Return a predicate that is true for the `nth` command that does not only set up a connection."""
    ordinal = count(1)
    return lambda command: name_of(command) not in SETUP and next(ordinal) == nth


def store_late(
    proxy: Proxy, read: Callable[[], object], write: Callable[[], object], held_back: Predicate = stores
) -> bool:
    """Run `read`; hold its first command for which `held_back` is true until `write` is done.

    By default, that is the command that stores the response. Returns whether a command was held.
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
