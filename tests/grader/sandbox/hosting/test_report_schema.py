"""What a project says of itself is believed only in its shape; what it says is a suggestion anyway."""

from __future__ import annotations

from typing import Any

import pytest

from grader.sandbox.hosting.report_schema import well_formed
from grader.sandbox.hosting.sandbox import Sandbox
from grader.submission import find
from tests.projects.handout import HONEST


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the probe says of the honest project."""
    with Sandbox(find(HONEST.write(tmp_path_factory.mktemp("p") / "boda"))) as sandbox:
        return dict(sandbox.project.report())


def test_what_the_probe_says_is_well_formed(report: dict[str, Any]) -> None:
    assert well_formed(report, urls=True)
    assert well_formed({"versions": {}, "threads": 1}, urls=False)


@pytest.mark.parametrize(
    "forged",
    [
        {"user": None},
        {"user": {"name": "users_user", "key": "id", "columns": [{}]}},
        {"routes": [{"path": 7}]},
        {"threads": "many"},
        {"caches": 7},
        {"passenger": {"name": 1}},
        {"versions": ["x"]},
    ],
    ids=str,
)
def test_what_is_not_of_that_shape_is_refused(report: dict[str, Any], forged: dict[str, Any]) -> None:
    assert not well_formed({**report, **forged}, urls=True)
    line = {**report["routes"][0], "line": "twelve"}
    assert not well_formed({**report, "routes": [line]}, urls=True)
