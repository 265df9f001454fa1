"""Production settings that are laid out in an odd way, and right, pass all that they set out to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.result import Outcome
from tests.conftest import MakeProject
from tests.projects.odd_production import ODD_PRODUCTION
from tests.proof.test_controls import failures, judged, told

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("name", ODD_PRODUCTION)
def test_what_is_odd_and_right_passes(name: str, make_project: MakeProject, tmp_path: Path) -> None:
    odd = ODD_PRODUCTION[name]
    result = judged(odd, make_project, tmp_path, odd.passes)
    assert failures(result) == dict(odd.fails), told(result)
    assert Outcome.SKIPPED not in {verdict.outcome for verdict in result.checks}
