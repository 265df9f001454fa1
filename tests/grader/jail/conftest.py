"""A project in the jail, to try things in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.stand.host import Host
from grader.stand.jail import detect
from grader.stand.stand import Stand
from grader.submission import find
from tests.projects.handout import HONEST


@pytest.fixture(scope="module")
def jailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The honest project, hosted inside the jail."""
    if detect() is None:
        pytest.skip("no bubblewrap")
    root = HONEST.write(tmp_path_factory.mktemp("learner") / "boda")
    with Host(find(root), jail=True) as host:
        yield host


@pytest.fixture
def stand(jailed: Host) -> Iterator[Stand]:
    """A process of that project."""
    with Stand(jailed) as stand:
        yield stand
