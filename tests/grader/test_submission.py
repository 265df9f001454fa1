"""A project is found where people stand, and nothing of it is run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grader.errors import ExitStatus, MachineError, UsageError
from grader.submission import find
from tests.projects.handout import STARTER

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "boda.settings")\n'


def manage(folder: Path, text: str = MANAGE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manage.py").write_text(text)
    return folder


def interpreter(folder: Path) -> Path:
    """A file that may be executed, where a virtual environment has its Python."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").symlink_to(sys.executable)
    return folder / "bin/python"


def test_the_starter_is_found_from_its_folder(tmp_path: Path) -> None:
    root = STARTER.write(tmp_path / "boda")
    found = find(root)
    assert (found.root, found.settings_module) == (root, "safeboda.settings")
    assert found.settings_file == Path("safeboda/settings.py")


@pytest.mark.parametrize("start", ["boda", "boda/users", "boda/users/views.py", "."])
def test_a_project_is_found_there_above_and_below(tmp_path: Path, start: str) -> None:
    STARTER.write(tmp_path / "boda")
    assert find(tmp_path / start).root == tmp_path / "boda"


def test_a_project_two_folders_down_is_found_and_a_virtual_environment_is_not_searched(
    tmp_path: Path,
) -> None:
    root = manage(tmp_path / "work/boda")
    manage(tmp_path / ".venv/django")
    manage(tmp_path / "node_modules/django")
    assert find(tmp_path).root == root


def test_no_project_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no manage\.py") as error:
        find(tmp_path)
    assert error.value.status is ExitStatus.USAGE
    assert "--project" in error.value.remedy


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        find(tmp_path / "nowhere")


def test_of_two_projects_none_is_chosen(tmp_path: Path) -> None:
    manage(tmp_path / "one")
    manage(tmp_path / "two")
    with pytest.raises(UsageError, match="2 Django projects here: one, two"):
        find(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        MANAGE,
        'from os import environ as e\ne["DJANGO_SETTINGS_MODULE"] = "boda.settings"\n',
        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'boda.settings')\nraise SystemExit\n",
    ],
)
def test_the_settings_are_those_that_manage_names(tmp_path: Path, text: str) -> None:
    root = manage(tmp_path, text)
    (root / "boda/settings").mkdir(parents=True)
    (root / "boda/settings/__init__.py").touch()
    found = find(root)
    assert found.settings_module == "boda.settings"
    assert found.settings_file == Path("boda/settings/__init__.py")


def test_settings_that_are_not_there_have_no_file(tmp_path: Path) -> None:
    assert find(manage(tmp_path)).settings_file is None


@pytest.mark.parametrize(("text", "sentence"), [("def (", "cannot be read as Python"), ("", "does not say")])
def test_a_manage_that_says_nothing_is_a_usage_error(
    tmp_path: Path, text: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    with pytest.raises(UsageError, match=sentence):
        find(manage(tmp_path, text))


def test_the_environment_names_the_settings_if_manage_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "other.settings")
    assert find(manage(tmp_path, "")).settings_module == "other.settings"


def test_a_virtual_environment_beside_manage_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = manage(tmp_path / "boda")
    active = interpreter(tmp_path / "active")
    monkeypatch.setenv("VIRTUAL_ENV", str(active.parents[1]))
    assert find(root).python == active
    second = interpreter(root / "venv")
    assert find(root).python == second
    first = interpreter(root / ".venv")
    found = find(root)
    # Not resolved: the link is what makes it that environment's Python.
    assert (found.python, found.python_origin) == (first, "your project's .venv")


def test_without_any_environment_it_is_our_own_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    found = find(manage(tmp_path))
    assert found.python == Path(sys.executable)
    assert "workshop's own" in found.python_origin


def test_the_environment_the_workshop_runs_in_is_not_the_learners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    assert "workshop's own" in find(manage(tmp_path)).python_origin


def test_an_interpreter_that_was_asked_for_wins(tmp_path: Path) -> None:
    root = manage(tmp_path / "boda")
    interpreter(root / ".venv")
    asked = interpreter(tmp_path / "asked")
    assert find(root, asked).python == asked
    assert find(root, Path(os.path.relpath(asked))).python == asked


@pytest.mark.parametrize("name", ["nothing", "manage.py", "folder"])
def test_what_is_no_interpreter_is_the_machines_fault(tmp_path: Path, name: str) -> None:
    manage(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(MachineError, match="is not a Python interpreter") as error:
        find(tmp_path, tmp_path / name)
    assert error.value.status is ExitStatus.ENVIRONMENT
