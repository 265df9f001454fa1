"""The handout's own versions, in the project's own environment: the honest project passes there too.

Uses the package installer, as does the test of the wheel, and no other.
"""

from __future__ import annotations

import subprocess
import sys

from tests.grader.conftest import IDS, Bench, outcomes
from tests.projects.handout import HONEST, REQUIRES

PACKAGES = (*REQUIRES, "django", "djangorestframework", "python-dotenv")


def test_the_honest_project_passes_with_the_handouts_pins_in_its_own_venv(bench: Bench) -> None:
    project = bench.write(HONEST)
    subprocess.run([sys.executable, "-m", "venv", str(project / ".venv")], check=True)
    python = project / ".venv/bin/python"
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([python, "-m", "pip", "install", *quiet, *PACKAGES], check=True, timeout=300)

    result = bench.judge(project)
    assert outcomes(result) == dict.fromkeys(IDS, "passed")
    assert (result.versions["redis"], result.versions["django-redis"]) == ("5.0.1", "5.4.0")
    assert "valkey" not in result.versions  # the environment is the project's, not ours
