"""The wheel, installed into an empty environment and used from elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run with nothing of this checkout on Python's path, and no terminal."""
    clean = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(
        command,
        cwd=cwd,
        env=clean,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    built = run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an environment of its own in `env`, in which only the wheel is installed."""
    folder = tmp_path_factory.mktemp("elsewhere")
    made = run(sys.executable, "-m", "venv", folder / "env", cwd=folder)
    assert made.returncode == 0, made.stderr
    installed = run(
        *(folder / "env/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-compile", "--constraint", ROOT / "constraints.txt", wheel),
        cwd=folder,
    )
    assert installed.returncode == 0, installed.stderr
    return folder


@pytest.fixture(scope="module")
def content(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def tracked(*folders: str) -> set[str]:
    """What of the content folders is in git, or every file that is no by-product where there is no git."""
    if shutil.which("git"):
        listed = run("git", "ls-files", "-z", "--", *folders, cwd=ROOT)
        if listed.returncode == 0 and listed.stdout:
            return {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    files = (path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file())
    return {
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.name != "db.sqlite3" and not {"__pycache__", ".workshop"} & set(path.parts)
    }


def test_all_content_is_in_the_wheel(content: set[str]) -> None:
    names = tracked("exercises", "solutions", "safeboda")
    assert len(names) > 20
    assert {f"workshop/_content/{name}" for name in names} - content == set()
    assert tracked("workshop", "grader") - content == set()


def test_dotfiles_of_the_starter_are_in_the_wheel(content: set[str]) -> None:
    assert {
        f"workshop/_content/safeboda/{name}" for name in (".env", ".env.example", ".gitignore")
    } <= content


def test_nothing_that_a_run_leaves_behind_is_in_the_wheel(tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    top = {path.name for path in ROOT.iterdir() if path.is_file()}
    for name in top | tracked("workshop", "grader", "exercises", "solutions", "safeboda"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((ROOT / name).read_bytes())
    litter = [
        "safeboda/db.sqlite3",
        "safeboda/users/__pycache__/views.cpython-311.pyc",
        "safeboda/.workshop/state.db",
    ]
    for name in litter:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(b"litter")
    built = run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, copy, cwd=tmp_path
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        found = [name for name in archive.namelist() if archive.read(name) == b"litter"]
    assert found == []


def test_it_says_its_licence_and_brings_it_along(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = archive.read(metadata).decode()
        licence = archive.read(metadata.replace("METADATA", "licenses/LICENSE")).decode()
    assert "License-Expression: MIT\n" in said
    assert "Description-Content-Type: text/markdown\n" in said
    assert licence == (ROOT / "LICENSE").read_text()


def test_only_the_two_packages_lie_at_the_top(content: set[str]) -> None:
    tops = {name.split("/")[0] for name in content}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"workshop", "grader"}


def test_safeboda_cannot_be_imported(elsewhere: Path) -> None:
    imported = run("env/bin/python", "-c", "import safeboda", cwd=elsewhere)
    assert "No module named 'safeboda'" in imported.stderr


def test_version_and_help(elsewhere: Path) -> None:
    version = run("env/bin/workshop", "--version", cwd=elsewhere)
    assert (version.returncode, version.stdout.split()[-1:]) == (0, ["0.1.0"])
    shown = run("env/bin/workshop", "--help", cwd=elsewhere)
    assert shown.returncode == 0
    assert "check" in shown.stdout


def test_init_makes_a_project_that_django_accepts(elsewhere: Path) -> None:
    made = run("env/bin/workshop", "init", "mine", cwd=elsewhere)
    assert made.returncode == 0, made.stdout + made.stderr
    assert (elsewhere / "mine/.env").is_file()
    checked = run("../env/bin/python", "manage.py", "check", cwd=elsewhere / "mine")
    assert checked.returncode == 0, checked.stderr
