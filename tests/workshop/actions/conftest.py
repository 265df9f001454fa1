"""An open project to act on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workshop.actions.project import Project, opened


@pytest.fixture
def learner(project: Path) -> Iterator[Project]:
    """The bare starter, open."""
    with opened(project, notice=pytest.fail) as found:
        yield found
