"""What is shown of an interpreter: its environment and installation, and nothing that only says it is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import probe
from grader.sandbox.hosting.interpreter import InterpreterPaths
from grader.sandbox.hosting.interpreter import visible as visible_of
from grader.submission import Submission

PROBE = Path(probe.__file__).parent


def visible(python: Path, root: Path | None = None, own: bool = True) -> InterpreterPaths:
    """What is shown of `python`, which lies in the project at `root`; by default where .venv does."""
    root = root or python.parents[2]
    return visible_of(Submission(root, "settings", None, python, "a test's", own))


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
    assert visible(tmp_path / "bin/python", tmp_path).folders == {PROBE}


def test_the_installation_that_a_link_of_a_stranger_leads_to(tmp_path: Path, installation: Path) -> None:
    python = venv(tmp_path / "class/boda/.venv", installation / "bin/python3", installation / "bin")
    assert visible(python, own=False).folders == {PROBE, tmp_path / "class/boda/.venv", installation}


def test_the_configuration_of_a_stranger_names_nothing(tmp_path: Path, installation: Path) -> None:
    python = venv(tmp_path / "class/boda/.venv", installation / "bin/python3", installation / "bin")
    python.unlink()
    python.touch()
    assert visible(python, own=False).folders == {PROBE, tmp_path / "class/boda/.venv"}


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("by", ["home", "link"])
def test_a_hand_in_called_lib_does_not_make_the_class_a_python(tmp_path: Path, by: str, own: bool) -> None:
    """A folder of projects, one of which is called lib and has an os.py where a Python has it."""
    folder = tmp_path / "class"
    (folder / "lib/python3").mkdir(parents=True)
    (folder / "lib/python3/os.py").touch()
    (folder / "alice").mkdir()
    (folder / "alice/marks").write_text("17")
    (folder / "boda").mkdir()
    (folder / "boda/python3").touch()
    target = folder / "boda/python3" if by == "link" else Path("/usr/bin/python3")
    python = venv(folder / "boda/.venv", target, folder / "boda" if by == "home" else Path("/usr/bin"))
    assert not any(folder.is_relative_to(shown) for shown in visible(python, own=own).folders)


def test_the_home_of_the_judge_is_no_python(
    tmp_path: Path, installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(installation))
    python = venv(tmp_path / "class/boda/.venv", installation / "bin/python3", installation / "bin")
    assert installation not in visible(python).folders


@pytest.mark.parametrize("name", [".venv", ".venv/bin"])
def test_an_environment_of_somebody_else_is_not_a_strangers(
    tmp_path: Path, installation: Path, name: str
) -> None:
    """Whose .venv is a link to the judge's own would read what lies there, such as a pip.conf."""
    theirs = venv(tmp_path / "teacher/.venv", installation / "bin/python3", installation / "bin")
    root = tmp_path / "class/boda"
    (root / name).parent.mkdir(parents=True)
    (root / name).symlink_to(tmp_path / "teacher" / name)
    shown = visible(root / ".venv/bin/python", root, own=False).folders
    assert shown == {PROBE, installation}
    assert theirs.exists()
