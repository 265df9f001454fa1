"""A project in the jail, to try things in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.hosting.jail import detect
from grader.sandbox.hosting.sandbox import Sandbox
from grader.submission import find
from tests.projects.handout import HONEST
from workshop.course.load import hidden


@pytest.fixture(scope="module")
def jailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The honest project, hosted inside the jail."""
    if detect() is None:
        pytest.skip("no bubblewrap")
    root = HONEST.write(tmp_path_factory.mktemp("learner") / "boda")
    with Sandbox(find(root), jail=True, hidden=hidden()) as sandbox:
        yield sandbox


@pytest.fixture
def environment(jailed: Sandbox) -> Iterator[CheckEnvironment]:
    """A process of that project."""
    with CheckEnvironment(jailed.project) as environment:
        yield environment
