"""The engine knows no check: what it has to know of one is a fact on the check's decorator."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.checks import specs

ROOT = Path(__file__).parents[2]
ENGINE = [
    *(
        f"grader/{name}"
        for name in (
            "judge",
            "sandbox",
            "experiments",
            "servers",
            "staging",
            "static_analysis",
            "probe",
            "fixtures.py",
            "spec.py",
            "plan.py",
        )
    ),
    *(f"workshop/{name}" for name in ("course", "actions", "screens", "watch", "author")),
]
NAMED = re.compile(rf"""(["'])(?:{"|".join(specs())})\1""")


@pytest.mark.parametrize("place", ENGINE)
def test_the_engine_names_no_check(place: str) -> None:
    path = ROOT / place
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    assert files
    named = {
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in files
        for match in NAMED.finditer(file.read_text(encoding="utf-8"))
    }
    assert named == set()


def test_looking_at_the_checks_loads_no_pytest() -> None:
    """It is done before a project is hosted, so it has to be quick."""
    code = "import sys; from grader.checks import specs; specs(); print('pytest' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
