"""What the checks of tags share: the learner's two functions, called in processes of the project."""

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
"""Bytes of random text in each value. However compressed, a reply that carries it is longer than half."""

SECONDS = 60.0
"""How long many registrations may take."""

_PUT = """\
from concurrent.futures import ThreadPoolExecutor
{found}
def store(group):
    for key, text in group:
        f(key, {{"text": text}}, {tags!r}, {timeout})
groups = {groups!r}
with ThreadPoolExecutor(len(groups)) as pool:
    list(pool.map(store, groups))"""
"""Each group in a thread, also if there is one only: so that what is kept for a thread is seen to be."""


@dataclass(frozen=True, slots=True)
class TaggedValue:
    """A value that was stored under `key`, with a text that is nowhere else."""

    key: str
    text: str = field(default_factory=lambda: secrets.token_hex(HEAVY // 2))


@dataclass(frozen=True, slots=True)
class Tags:
    """The learner's functions, as dotted paths. `read` is empty unless they named one.

    What is stored is seen in the private server. Only a project that leaves forgotten values there, out of
    reach, needs to name how they are read: then it is seen from the proxy whether a value came back.
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
        """cache_with_tags() of each of `values`, in one process. Fails the check if it raises."""
        self.put_at_once([values], tags, timeout, worker)

    def put_at_once(
        self,
        groups: Sequence[Sequence[TaggedValue]],
        tags: Sequence[str],
        timeout: int = 300,
        worker: Worker | None = None,
    ) -> None:
        """The same, each group in a thread of its own, and all at the same time."""
        pairs = [[(value.key, value.text) for value in group] for group in groups]
        code = _PUT.format(found=_import_line(self.store), groups=pairs, tags=list(tags), timeout=timeout)
        first, *others = [value.key for group in groups for value in group]
        what = f"{first!r}, …, {list(tags)}, {timeout}"
        more = f" and {len(others)} more like it" * bool(others)
        self._run(code, worker, f"{_name(self.store)}({what}){more}")

    def stored(self, *keys: str, tags: Sequence[str]) -> list[TaggedValue]:
        """New values that carry `tags`. Fails the check if they are not stored."""
        values = [TaggedValue(key) for key in keys]
        self.put(values, tags)
        there = len(self.alive(values))
        expect(there == len(values), f"of {len(values)} values with a tag {there} were stored", "not_stored")
        return values

    def drop(self, tag: str, worker: Worker | None = None) -> None:
        """invalidate_by_tag() in a process of its own, or in `worker`. Fails the check if it raises."""
        code = f"{_import_line(self.forget)}\nf({tag!r})"
        self._run(code, worker or self.environment.another_worker(), f"{_name(self.forget)}({tag!r})")

    def alive(self, values: Sequence[TaggedValue]) -> list[TaggedValue]:
        """Those of `values` that can still be read."""
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
    """The functions that workshop.toml names, or those with the usual names. Fails the check without them."""
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
