"""tools/install, by make: a .venv that does not work is made anew, and one that works is left alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "small"
version = "1"
"""

BACKEND = """
import pathlib, zipfile

NAME = "small-1-py3-none-any.whl"


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    files = {
        "METADATA": "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\n",
        "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(pathlib.Path(wheel_directory, NAME), "w") as wheel:
        for name, text in files.items():
            wheel.writestr(f"small-1.dist-info/{name}", text)
    return NAME
"""


def make(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run make as `make start` begins, without the network."""
    # A make that runs these tests tells those below it that they are not the first.
    around = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "installed"],
        cwd=checkout,
        env={**around, "PYTHON": sys.executable, "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that needs no packages, installed."""
    checkout = tmp_path_factory.mktemp("a checköut") / "small"
    shutil.copytree(ROOT / "tools", checkout / "tools")
    shutil.copy(ROOT / "Makefile", checkout)
    for name in ("grader", "workshop"):
        (checkout / name).mkdir()
    (checkout / "constraints.txt").touch()
    (checkout / "pyproject.toml").write_text(PYPROJECT)
    (checkout / "backend.py").write_text(BACKEND)
    made = make(checkout)
    assert made.returncode == 0, made.stderr
    return checkout


@pytest.fixture
def checkout(installed: Path) -> Path:
    """The same, mended after the test before this one, and a mark in its .venv."""
    assert make(installed).returncode == 0
    (installed / ".venv/mark").touch()
    return installed


def packages(checkout: Path) -> Path:
    (folder,) = (checkout / ".venv/lib").glob("python3.*/site-packages")
    return folder


def without_pip(checkout: Path) -> None:
    shutil.rmtree(packages(checkout) / "pip")


def of_another_version(checkout: Path) -> None:
    version = packages(checkout).parent
    version.rename(version.with_name("python3.10"))


def never_finished(checkout: Path) -> None:
    (checkout / ".venv/.place").unlink()


def moved(checkout: Path) -> None:
    (checkout / ".venv/.place").write_text("/elsewhere\n")


def without_its_python(checkout: Path) -> None:
    python = checkout / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3")


@pytest.mark.parametrize(
    "breaks", [without_pip, of_another_version, never_finished, moved, without_its_python]
)
def test_a_broken_environment_is_made_anew(checkout: Path, breaks: Callable[[Path], None]) -> None:
    breaks(checkout)
    made = make(checkout)
    assert made.returncode == 0, made.stderr
    assert "Making .venv" in made.stdout
    assert not (checkout / ".venv/mark").exists()
    assert (packages(checkout) / "small-1.dist-info").is_dir()
    assert subprocess.run([checkout / ".venv/bin/python", "-m", "pip", "--version"]).returncode == 0


def test_a_sound_one_is_left_alone_and_nothing_is_installed(checkout: Path) -> None:
    before = (checkout / ".venv/.installed").stat().st_mtime_ns
    made = make(checkout)
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    assert (checkout / ".venv/mark").exists()
    assert (checkout / ".venv/.installed").stat().st_mtime_ns == before


def test_other_packages_are_installed_into_the_one_that_is_there(checkout: Path) -> None:
    stamp = checkout / ".venv/.installed"
    os.utime(stamp, (0, 0))  # before the list of packages was changed
    made = make(checkout)
    assert (made.returncode, made.stdout) == (0, "")
    assert (checkout / ".venv/mark").exists()
    assert stamp.stat().st_mtime > 0
