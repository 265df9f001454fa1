"""Calls the learner's functions for cache tags in workers of the project."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.errors import SandboxError
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.redis import Redis
from grader.spec import expect, fail
from grader.static_analysis.python_source import function_at_top

STORE, FORGET, READ = "cache_with_tags", "invalidate_by_tag", "read_with_tags"
HEAVY = 300
"""Bytes of random text in each value. A reply with a value has more than half of that when compressed."""

SECONDS = 60.0
"""Time-out in seconds for calls of these functions."""

_PUT = """\
from concurrent.futures import ThreadPoolExecutor
{found}
def store(group):
    for key, text in group:
        f(key, {{"text": text}}, {tags!r}, {timeout})
groups = {groups!r}
with ThreadPoolExecutor(len(groups)) as pool:
    list(pool.map(store, groups))"""
"""Each group runs in a thread of its own, even a single one, so that thread-local state shows."""


@dataclass(frozen=True, slots=True)
class TaggedValue:
    """A value for `key`, with a unique text."""

    key: str
    text: str = field(default_factory=lambda: secrets.token_hex(HEAVY // 2))


@dataclass(frozen=True, slots=True)
class Tags:
    """The learner's functions, as dotted paths. `read` is empty unless workshop.toml names it.

    The private server shows which values are stored. A project that leaves invalidated values there must name
    `read`: then the proxy shows whether a call of `read` returns the value.
    """

    environment: CheckEnvironment
    redis: Redis
    store: str
    forget: str
    read: str

    def put(
        self,
        values: Sequence[TaggedValue],
        tags: Sequence[str],
        timeout: int = 300,
        worker: Worker | None = None,
    ) -> None:
        """Call cache_with_tags() for each of `values` in one worker. Fails the check if it raises."""
        self.put_at_once([values], tags, timeout, worker)

    def put_at_once(
        self,
        groups: Sequence[Sequence[TaggedValue]],
        tags: Sequence[str],
        timeout: int = 300,
        worker: Worker | None = None,
    ) -> None:
        """Call cache_with_tags() as `put` does, with each group in a thread of its own at the same time."""
        pairs = [[(value.key, value.text) for value in group] for group in groups]
        code = _PUT.format(found=_import_line(self.store), groups=pairs, tags=list(tags), timeout=timeout)
        first, *others = [value.key for group in groups for value in group]
        what = f"{first!r}, …, {list(tags)}, {timeout}"
        more = f" and {len(others)} more like it" * bool(others)
        self._run(code, worker, f"{_name(self.store)}({what}){more}")

    def stored(self, *keys: str, tags: Sequence[str]) -> list[TaggedValue]:
        """Store new values for `keys` with `tags`, and return them. Fails the check if one is not stored."""
        values = [TaggedValue(key) for key in keys]
        self.put(values, tags)
        there = len(self.alive(values))
        expect(there == len(values), f"of {len(values)} values with a tag {there} were stored", "not_stored")
        return values

    def drop(self, tag: str, worker: Worker | None = None) -> None:
        """Call invalidate_by_tag() in `worker`, by default a new one. Fails the check if it raises."""
        code = f"{_import_line(self.forget)}\nf({tag!r})"
        self._run(code, worker or self.environment.another_worker(), f"{_name(self.forget)}({tag!r})")

    def alive(self, values: Sequence[TaggedValue]) -> list[TaggedValue]:
        """Return those of `values` that can still be read."""
        if self.read:
            worker = self.environment.another_worker()
            return [value for value in values if self._comes_back(value, worker)]
        there = self.redis.holding(value.text for value in values)
        return [value for value in values if value.text in there]

    def _comes_back(self, value: TaggedValue, worker: Worker) -> bool:
        mark = self.environment.proxy.mark()
        self._run(
            f"{_import_line(self.read)}\nf({value.key!r})", worker, f"{_name(self.read)}({value.key!r})"
        )
        return any(one.reply_size > HEAVY // 2 for one in self.environment.proxy.since(mark))

    def _run(self, code: str, worker: Worker | None, says: str) -> None:
        try:
            self.environment.run(code, worker, says, SECONDS)
        except SandboxError as errors:
            raised = errors.seen.partition(" raised ")[2]
            fail(f"{says} raised {raised}" if raised else f"{says}: {errors.seen}", "raises", errors.where)


def find_tags(environment: CheckEnvironment, redis: Redis, options: Mapping[str, str]) -> Tags:
    """Return the functions in workshop.toml, or those with the usual names.

    Fails the check if there are none.
    """
    root = environment.submission.root
    store, forget = (options.get(name) or function_at_top(root, name) for name in (STORE, FORGET))
    for path, name in ((store, STORE), (forget, FORGET)):
        if not path:
            fail(f"no module of the project has a function {name}()", "absent")
    return Tags(environment, redis, store, forget, options.get(READ, ""))


def _name(path: str) -> str:
    return path.rpartition(".")[2]


def _import_line(path: str) -> str:
    module, _, name = path.rpartition(".")
    return f"from {module} import {name} as f"
