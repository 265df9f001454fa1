"""Runs checks as pytest, hermetically: no plugin, configuration or conftest of anybody else's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from grader import checks, fixtures, spec
from grader.errors import GraderError
from grader.judge.verdicts import verdict_of, verdict_of_needs
from grader.plan import Plan
from grader.result import Event, Verdict
from grader.stand.host import Host

_ERROR = pytest.StashKey[BaseException]()
_ARGUMENTS = ["-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:logging", "--capture=no"]
_ARGUMENTS += ["--import-mode=importlib", "--noconftest", "--assert=plain"]


class Runner:
    """A pytest plugin that runs the planned checks, and only those, in the plan's order."""

    def __init__(self, host: Host, plan: Plan, report: Callable[[Verdict], None]) -> None:
        self._host = host
        self._planned = {planned.id: planned for planned in plan.checks}
        self._report = report
        self.verdicts: dict[str, Verdict] = {}
        self.interrupted = False

    def pytest_configure(self, config: pytest.Config) -> None:
        """Hand the host to the fixtures."""
        config.stash[fixtures.HOST] = self._host

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what is planned."""
        found = {_spec(item).id: item for item in items}
        items[:] = [found[id] for id in self._planned if id in found]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A check file that cannot be read is our own fault."""
        if report.failed:
            raise GraderError(f"The checks cannot be loaded: {report.longreprtext[-600:]}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run each check, unless one that it needs did not pass."""
        for item in session.items:
            verdict = self._judge(item)
            self.verdicts[verdict.id] = verdict
            self._report(verdict)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Keep the first exception of a check, wherever it was raised."""
        if call.excinfo is not None:
            item.stash.setdefault(_ERROR, call.excinfo.value)

    def pytest_keyboard_interrupt(self) -> None:
        """Ctrl-C, which pytest keeps to itself."""
        self.interrupted = True

    def _judge(self, item: pytest.Item) -> Verdict:
        described = _spec(item)
        planned = self._planned[described.id]
        item.stash[fixtures.PLANNED] = planned
        if missing := verdict_of_needs(described, planned, self.verdicts):
            return missing
        before = spec.expectations
        # Without a next item every fixture is torn down here, so that no check sees another's.
        runtestprotocol(item, log=False, nextitem=None)
        error = item.stash.get(_ERROR, None)
        if error is None and spec.expectations == before:
            error = GraderError(f"{described.id} expected nothing")
        return verdict_of(described, planned, error, _evidence(item))


def run_checks(host: Host, plan: Plan, report: Callable[[Verdict], None]) -> list[Verdict]:
    """Run the checks of `plan` on `host`; their verdicts in the plan's order.

    Raises GraderError if the plan names a check, or a check needs one, that the plan cannot give, and
    KeyboardInterrupt.
    """
    known = checks.specs()
    order = checks.in_order(planned.id for planned in plan.checks)
    for planned in plan.checks:
        absent = {planned.id, *known[planned.id].needs} - set(order) if planned.id in known else {planned.id}
        if absent:
            raise GraderError(f"The plan of {plan.activity} lacks the check {', '.join(sorted(absent))}.")
    by_id = {planned.id: planned for planned in plan.checks}
    runner = Runner(host, Plan(plan.activity, tuple(by_id[id] for id in order)), report)
    with _own_environment():
        pytest.main([*_arguments(), *checks.files()], plugins=[runner, fixtures])
    if runner.interrupted:
        raise KeyboardInterrupt
    if len(runner.verdicts) != len(plan.checks):
        raise GraderError("Not every planned check was run.")
    return [runner.verdicts[planned.id] for planned in plan.checks]


def _arguments() -> list[str]:
    folder = Path(__file__).parent
    return [*_ARGUMENTS, "-c", str(folder / "pytest.ini"), "--rootdir", str(folder.parent)]


def _spec(item: pytest.Item) -> spec.CheckSpec:
    found: spec.CheckSpec = item.function.spec  # type: ignore[attr-defined]
    return found


def _evidence(item: pytest.Item) -> tuple[Event, ...]:
    timeline = item.stash.get(fixtures.TIMELINE, None)
    return timeline.events() if timeline else ()


@contextmanager
def _own_environment() -> Iterator[None]:
    """Hide what would load plugins of the learner's into the judge."""
    kept = dict(os.environ)
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)
