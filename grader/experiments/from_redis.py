"""Tells whether an answer that is old came from Redis, and from nowhere else.

Usually the proxy has seen the row pass by: a key whose value holds the row was read. A value may be written
in a way that nobody but the project can read. Then the judge asks a second copy of the project, which shares
nothing with the first but Redis: whoever keeps rows in a file, a table or a process has none there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.result import SourceLocation
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import BUSY_SECONDS, open_safely
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.redis import DumpedKey, Redis
from grader.sandbox.observing.table import Row
from grader.servers.traffic import Exchange
from grader.spec import expect

SEEN = "a second copy of the project, which shares only Redis with the first, did not know the old answer"


@dataclass
class Origin:
    """Where an old answer came from. Made before the first GET; `ask` makes the GET that gives the answer."""

    environment: CheckEnvironment
    rows: Collection
    redis: Redis
    before: Path
    _dumped: list[DumpedKey] | None = None

    def ask(self, get: Callable[[Collection], Response], old: str) -> Response:
        """Do `get`, and remember what Redis holds if the answer shows `old` and no reply of Redis did."""
        mark = self.environment.proxy.mark()
        response = get(self.rows)
        if response.shows(old) and not self._passed_by(self.environment.proxy.since(mark), old):
            self._dumped = self.redis.dump()
        return response

    def expect_redis(
        self, get: Callable[[Collection], Response], row: Row, old: str, where: SourceLocation | None
    ) -> None:
        """Fail the check unless the answer to `ask` came from Redis. The server is emptied for that."""
        if self._dumped is None:
            return
        with closing(open_safely(self.before, BUSY_SECONDS)) as connection:
            self.rows.table.through(connection).change(row)
        self.redis.flush()
        self.redis.restore(self._dumped)
        self.environment.timeline.note(
            "asks a second copy of the project, with other files and another database"
        )
        with self.environment.project.second_copy(self.before) as worker:
            response = get(self.rows.through(worker, "second copy"))
        expect(response.shows(old), seen=SEEN, how="kept_elsewhere", where=where)

    def _passed_by(self, exchanges: list[Exchange], text: str) -> bool:
        """Whether Redis was asked for a key that holds `text`, and gave as much."""
        read = {
            (each.db, word) for each in exchanges if each.reply_size >= len(text) for word in each.command[1:]
        }
        stored = self.redis.keys()
        return any((key.db, key.name) in read and key.holds([text]) for key in stored)


@contextmanager
def origin(environment: CheckEnvironment, rows: Collection, redis: Redis) -> Iterator[Origin]:
    """A context manager; enter it before the first GET of the check."""
    with environment.database_now() as before:
        yield Origin(environment, rows, redis, before)
