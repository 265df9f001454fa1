"""Lets an author run checks as ordinary tests: `pytest grader/checks/activity_4.py -k L4 --project DIR`.

Each check runs whether the checks that it needs pass or not. The judge does not load this file.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader import fixtures
from grader.plan import CheckWords, PlannedCheck
from grader.result import Tier
from grader.sandbox.hosting.extra_servers import ExtraServers
from grader.sandbox.hosting.sandbox import Sandbox
from grader.spec import CheckSpec, ExtraServer, NotApplicable
from grader.submission import find

NO_WORDS = CheckWords(title="", means="", try_="")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--project`."""
    parser.addoption("--project", type=Path, metavar="DIR", help="the Django project that the checks judge")


def pytest_configure(config: pytest.Config) -> None:
    """Offer the fixtures of checks."""
    config.pluginmanager.register(fixtures)


def pytest_pycollect_makeitem(collector: pytest.Module, name: str, obj: object) -> pytest.Function | None:
    """Collect the functions that are checks, and let -k choose them by their ids."""
    spec = getattr(obj, "spec", None)
    if not isinstance(spec, CheckSpec):
        return None
    item: pytest.Function = pytest.Function.from_parent(collector, name=name)
    item.extra_keyword_matches.add(spec.id)
    item.stash[fixtures.PLANNED] = PlannedCheck(spec, NO_WORDS, Tier.CHALLENGE)
    return item


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[Any]:
    """Host the project while the checks run."""
    checks = [item.stash[fixtures.PLANNED].spec for item in session.items if fixtures.PLANNED in item.stash]
    if not checks or session.config.option.collectonly:
        return (yield)
    root = session.config.getoption("project")
    if root is None:
        raise pytest.UsageError("Checks need a Django project to judge: add --project DIR.")
    wanted = {server for check in checks for server in check.servers}
    extra_servers = ExtraServers(cluster=ExtraServer.CLUSTER in wanted) if wanted else None
    with Sandbox(find(root), extra_servers=extra_servers) as sandbox:
        session.config.stash[fixtures.PROJECT] = sandbox.project
        session.config.stash[fixtures.CACHED] = frozenset()
        session.config.stash[fixtures.AGAIN] = lambda project: []
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Skip a check that is not for this project."""
    yield from _skipping()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Skip a check that finds out that it is not for this project."""
    yield from _skipping()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the timeline of a check that failed."""
    report = yield
    timeline = item.stash.get(fixtures.TIMELINE, None)
    if timeline and report.when == "call":
        lines = [f"{event.at_ms:8.1f} ms  {event.source:8}  {event.text}" for event in timeline.events()]
        report.sections.append(("Timeline", "\n".join(lines)))
    return report


def _skipping() -> Iterator[None]:
    try:
        yield
    except NotApplicable as reason:
        pytest.skip(f"not applicable: {reason}")
