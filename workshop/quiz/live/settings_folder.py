"""An experiment on a settings package that was begun beside settings.py."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from grader.errors import MachineError
from workshop.quiz.live.laboratory import Laboratory, built
from workshop.quiz.live.run import Seen, Values, came_true

SECONDS = 20.0
_ASK = "from django.conf import settings; print(settings.INSTALLED_APPS)"


def empty_settings_package(laboratory: Laboratory, values: Values) -> Seen:
    """`manage.py check`, with a folder settings/ and an empty __init__.py beside settings.py."""
    with tempfile.TemporaryDirectory(prefix="workshop-lab-") as folder:
        project = built("handout", Path(folder) / "safeboda")
        package = project / "safeboda" / "settings"
        package.mkdir()
        (package / "__init__.py").touch()
        status, said = _python(project, "manage.py", "check")
        _, apps = _python(project, "-c", _ASK)
    return came_true(
        "clean" if status == 0 else "error",
        f"python manage.py check → {said.splitlines()[-1] if said else 'nothing'}",
        f"settings.INSTALLED_APPS → {apps}",
    )


def _python(project: Path, *words: str) -> tuple[int, str]:
    try:
        ran = subprocess.run(
            [sys.executable, *words],
            cwd=project,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "safeboda.settings", "PYTHONPATH": str(project)},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise MachineError(
            f"The experiment could not be run: {error}.", "Go on with the next question, and try it later."
        ) from error
    return ran.returncode, (ran.stdout + ran.stderr).strip()
