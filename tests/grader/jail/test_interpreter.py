"""What is shown of an interpreter: its environment and installation, and nothing that only says it is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import probe
from grader.sandbox.hosting.interpreter import visible

PROBE = Path(probe.__file__).parent


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A Python, as far as its files tell."""
    prefix = tmp_path / "pythons/3.12"
    (prefix / "lib/python3.12").mkdir(parents=True)
    (prefix / "lib/python3.12/os.py").touch()
    (prefix / "bin").mkdir()
    (prefix / "bin/python3").touch()
    return prefix


def venv(folder: Path, python: Path, home: Path) -> Path:
    """A virtual environment whose python is a link to `python`; that link."""
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(f"include-system-site-packages = false\nhome = {home}\n")
    (folder / "bin/python").symlink_to(python)
    return folder / "bin/python"


def test_an_environment_its_installation_and_the_links_between(tmp_path: Path, installation: Path) -> None:
    link = tmp_path / "person/.local/bin/python3"
    link.parent.mkdir(parents=True)
    link.symlink_to(installation / "bin/python3")
    python = venv(tmp_path / "boda/.venv", link, link.parent)
    found = visible(python)
    assert found.folders == {PROBE, tmp_path / "boda/.venv", installation}
    assert found.links == {link: str(installation / "bin/python3")}


def test_an_environment_of_copies_names_its_installation(tmp_path: Path, installation: Path) -> None:
    python = venv(tmp_path / ".venv", installation / "bin/python3", installation / "bin")
    python.unlink()
    python.touch()
    assert visible(python).folders == {PROBE, tmp_path / ".venv", installation}


def test_a_version_that_is_a_link_to_a_folder(tmp_path: Path, installation: Path) -> None:
    newest = tmp_path / "pythons/3"
    newest.symlink_to(installation)
    python = venv(tmp_path / ".venv", newest / "bin/python3", newest / "bin")
    assert visible(python).folders == {PROBE, tmp_path / ".venv", newest, installation}


def test_no_folder_is_shown_because_a_learner_names_it(tmp_path: Path) -> None:
    private = tmp_path / "teacher/marks"
    (private / "bin").mkdir(parents=True)
    (private / "bin/python3").touch()
    python = venv(tmp_path / ".venv", private / "bin/python3", private / "bin")
    assert visible(python).folders == {PROBE, tmp_path / ".venv"}


def test_links_that_go_round_are_no_trap(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to("python3")
    (tmp_path / "bin/python3").symlink_to("python")
    assert visible(tmp_path / "bin/python").folders == {PROBE}
