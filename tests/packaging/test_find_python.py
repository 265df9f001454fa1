"""tools/find-python: which Python `make` takes, and the one sentence when there is none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Shelf:
    """A PATH of our own, on which we put Pythons that say they are of some version."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        for tool in ("sh", "make", "env", "cat", "rm", "uname"):
            if found := shutil.which(tool):
                (folder / tool).symlink_to(found)

    def put(self, name: str, version: tuple[int, int, int], *, ensurepip: bool = True) -> None:
        """A python that reports `version`; without `ensurepip` it is as Debian ships it bare."""
        hide = "" if ensurepip else "sys.modules['ensurepip'] = None; "
        before = f"import sys; sys.version_info = {version}; {hide}exec(sys.argv[1])"
        self._script(name, f'exec "{sys.executable}" -c "{before}" "$2"')

    def put_broken(self, name: str) -> None:
        """A name on PATH that starts nothing, as version managers leave them."""
        self._script(name, "exit 127")

    def find(self, **env: str) -> subprocess.CompletedProcess[str]:
        """Run tools/find-python with this PATH and `env`."""
        return self.run("tools/find-python", cwd=ROOT, **env)

    def run(self, *command: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
        """Run any command with this PATH and `env`, and nothing else of ours around it."""
        only = {"PATH": str(self.folder), "LC_MESSAGES": "C", **env}
        return subprocess.run(
            command, cwd=cwd, env=only, capture_output=True, text=True, timeout=60, check=False
        )

    def _script(self, name: str, body: str) -> None:
        path = self.folder / name
        path.write_text(f"#!{self.folder}/sh\n{body}\n")
        path.chmod(0o755)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "bin")


def test_python3_is_taken_if_it_is_new_enough(shelf: Shelf) -> None:
    shelf.put("python3", (3, 11, 2))
    shelf.put("python3.13", (3, 13, 0))
    found = shelf.find()
    assert (found.returncode, found.stdout, found.stderr) == (0, "python3\n", "")


def test_the_newest_other_is_taken_if_python3_is_too_old(shelf: Shelf) -> None:
    shelf.put("python3", (3, 9, 18))
    shelf.put_broken("python3.13")
    shelf.put("python3.12", (3, 12, 1))
    shelf.put("python3.11", (3, 11, 7))
    found = shelf.find()
    assert found.stdout == "python3.12\n"
    assert found.stderr == "python3 is 3.9.18, so the workshop uses python3.12 (Python 3.12.1).\n"


def test_the_newest_that_runs_is_taken(shelf: Shelf) -> None:
    for minor in (11, 12, 13, 14, 15):
        shelf.put(f"python3.{minor}", (3, minor, 0))
        assert shelf.find().stdout == f"python3.{minor}\n"


def test_too_old_is_one_sentence_with_the_version_found(shelf: Shelf) -> None:
    shelf.put("python3", (3, 10, 13))
    found = shelf.find()
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.count("\n") == 1
    assert "3.11 or newer" in found.stderr
    assert "Python 3.10.13" in found.stderr


def test_none_at_all_is_one_sentence(shelf: Shelf) -> None:
    found = shelf.find()
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert "no python3" in found.stderr


def test_the_python_that_is_asked_for_is_taken(shelf: Shelf) -> None:
    shelf.put("python3", (3, 11, 2))
    shelf.put("mine", (3, 13, 0))
    assert shelf.find(PYTHON="mine").stdout == "mine\n"


@pytest.mark.parametrize(
    ("asked", "said"), [("old", "is Python 3.8.10"), ("broken", "does not run"), ("absent", "does not run")]
)
def test_the_python_that_is_asked_for_does_not_do(shelf: Shelf, asked: str, said: str) -> None:
    shelf.put("python3", (3, 12, 1))
    shelf.put("old", (3, 8, 10))
    shelf.put_broken("broken")
    found = shelf.find(PYTHON=asked)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.count("\n") == 1
    assert said in found.stderr


def test_no_venv_is_one_sentence(shelf: Shelf) -> None:
    shelf.put("python3", (3, 11, 2), ensurepip=False)
    found = shelf.find()
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.count("\n") == 1
    assert "python3-venv" in found.stderr


@pytest.mark.parametrize("target", ["start", "test"])
def test_make_stops_at_that_sentence(shelf: Shelf, tmp_path: Path, target: str) -> None:
    shelf.put("python3", (3, 10, 13))
    checkout = tmp_path / "a check\u00f6ut"
    shutil.copytree(ROOT / "tools", checkout / "tools")
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, checkout)
    made = shelf.run("make", target, cwd=checkout)
    assert made.returncode != 0
    first, second = made.stderr.splitlines()
    assert "python3 here is Python 3.10.13" in first
    assert second.startswith("make: ***")
    assert not (checkout / ".venv").exists()
