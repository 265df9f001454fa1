"""Runs checks by pytest, without plugins, configuration or conftest files of the learner."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import pytest

from grader import fixtures, spec
from grader.errors import GraderError
from grader.judge.verdicts import verdict_of, verdict_of_needs
from grader.plan import Plan, PlannedCheck, in_order
from grader.result import CachedView, Event, Outcome, Tier, Verdict
from grader.sandbox.errors import Cancelled
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.servers.connection_check import ConnectionReport, check_connection

_PLUGINS = (
    "cacheprovider",
    "terminal",
    "logging",
    "warnings",
    "faulthandler",
    "threadexception",
    "unraisableexception",
)
"""Plugins of pytest itself that a check does not need: each would slow down every check."""
_ARGUMENTS = [word for plugin in _PLUGINS for word in ("-p", f"no:{plugin}")]
_ARGUMENTS += ["--capture=no", "--import-mode=importlib", "--noconftest", "--assert=plain"]

Report = Callable[[Verdict], None]
Connect = Callable[[str], ConnectionReport]


class Checks:
    """A context manager that collects the checks in `files` once; `run` can be called repeatedly.

    `connect` asks the Redis of the learner's own machine. Entering raises GraderError if a check file cannot
    be imported.
    """

    def __init__(self, files: frozenset[str], connect: Connect = check_connection) -> None:
        self.files = files
        self._connect = connect
        self._raised: list[BaseException] = []

    def __enter__(self) -> Self:
        with _own_environment():
            self._config = pytest.Config.fromdictargs({}, [*_arguments(), *sorted(self.files)])
            self._config.pluginmanager.register(fixtures)
            self._config.pluginmanager.register(self)
            self._config.hook.pytest_configure.call_historic(kwargs={"config": self._config})
            self._session = pytest.Session.from_config(self._config)
            self._config.hook.pytest_sessionstart(session=self._session)
            self._items = {_id(item): item for item in self._session.perform_collect()} if self.files else {}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._config.hook.pytest_sessionfinish(session=self._session, exitstatus=pytest.ExitCode.OK)
        self._config.hook.pytest_unconfigure(config=self._config)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Keep the exception of a step. The report of pytest itself takes longer than most checks."""
        if call.excinfo:
            self._raised.append(call.excinfo.value)
        assert call.when != "collect"
        outcome: Literal["passed", "failed"] = "failed" if call.excinfo else "passed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Raise GraderError if a check file cannot be imported."""
        if report.failed:
            raise GraderError(f"The checks cannot be loaded: {report.longreprtext[-600:]}")

    def run(self, project: HostedProject, plan: Plan, report: Report) -> list[Verdict]:
        """Run the checks of `plan` on `project`; return their verdicts in the order of the plan.

        `report` is called with each verdict at once. Raises GraderError if the plan names an unknown check or
        lacks a needed one, Cancelled, and KeyboardInterrupt.
        """
        self._config.stash[fixtures.PROJECT] = project
        self._config.stash[fixtures.CONNECT] = self._connect
        verdicts: dict[str, Verdict] = {}
        cached: set[CachedView] = set()
        self._config.stash[fixtures.CACHED] = cached
        self._config.stash[fixtures.AGAIN] = lambda other: _core_again(other, plan, verdicts)
        for planned in _order(plan):
            if planned.id not in self._items:
                raise GraderError(f"The check {planned.id} was not found in {planned.spec.file}.")
            verdict = self._judge(self._items[planned.id], planned, verdicts)
            if project.sandbox.cancelled:  # what a check made of that is no verdict
                raise Cancelled
            verdicts[planned.id] = verdict
            if planned.spec.proves_cached and verdict.outcome is Outcome.PASSED:
                cached.add(planned.spec.proves_cached)
            report(verdict)
        return [verdicts[planned.id] for planned in plan.checks]

    def _judge(self, item: pytest.Item, planned: PlannedCheck, so_far: dict[str, Verdict]) -> Verdict:
        """The verdict of one check; it is not run if one that it needs did not pass."""
        if missing := verdict_of_needs(planned, so_far):
            return missing
        item.stash = pytest.Stash()  # drops the values of an earlier run
        item.stash[fixtures.PLANNED] = planned
        before = spec.expectations
        spec.cells.clear()
        error = self._run(item)
        if error is None and spec.expectations == before:
            error = GraderError(f"{planned.id} expected nothing")
        return replace(verdict_of(planned, error, _evidence(item)), cells=tuple(spec.cells))

    def _run(self, item: pytest.Item) -> BaseException | None:
        """Set up the fixtures, run the check, tear down the fixtures; return the first exception."""
        self._raised.clear()
        try:
            # Without a next item, pytest tears down every fixture here, so that no check shares one.
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        except KeyboardInterrupt:
            item.ihook.pytest_runtest_teardown(item=item, nextitem=None)
            raise
        return self._raised[0] if self._raised else None


def files_of(plan: Plan) -> frozenset[str]:
    """The files in which the checks of `plan` stand."""
    return frozenset(planned.spec.file for planned in plan.checks)


def run_checks(project: HostedProject, plan: Plan, report: Report) -> list[Verdict]:
    """As `Checks.run`, for one run."""
    with Checks(files_of(plan)) as found:
        return found.run(project, plan, report)


def _core_again(project: HostedProject, plan: Plan, so_far: dict[str, Verdict]) -> list[Verdict]:
    """Run each core check that is about the cache and has passed once more, on `project`; the verdicts."""
    by_id = {planned.id: planned for planned in plan.checks}
    passed = {id for id, verdict in so_far.items() if verdict.outcome is Outcome.PASSED}
    core = {id for id in passed if by_id[id].tier is Tier.CORE}
    chosen = {id for id in core if by_id[id].spec.about_cache}
    while more := {need for id in chosen for need in by_id[id].spec.needs} - chosen:
        chosen |= more
    again = tuple(planned for planned in plan.checks if planned.id in chosen)
    return run_checks(project, Plan(plan.activity, again), lambda verdict: None)


def _order(plan: Plan) -> tuple[PlannedCheck, ...]:
    known = {planned.id for planned in plan.checks}
    for planned in plan.checks:
        if absent := set(planned.spec.needs) - known:
            raise GraderError(f"The plan of {plan.activity} lacks the check {', '.join(sorted(absent))}.")
    return in_order(plan.checks)


def _arguments() -> list[str]:
    folder = Path(__file__).parent
    return [*_ARGUMENTS, "-c", str(folder / "pytest.ini"), "--rootdir", str(folder.parent)]


def _id(item: pytest.Item) -> str:
    found: spec.CheckSpec = item.function.spec  # type: ignore[attr-defined]
    return found.id


def _evidence(item: pytest.Item) -> tuple[Event, ...]:
    timeline = item.stash.get(fixtures.TIMELINE, None)
    return timeline.events() if timeline else ()


@contextmanager
def _own_environment() -> Iterator[None]:
    """Unset the variables by which pytest would load plugins of the learner into the judge."""
    kept = dict(os.environ)
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)
