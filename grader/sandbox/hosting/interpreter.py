"""The folders and packages of an interpreter. Only `installed` runs it, since it may be any program."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader import probe

_MOST_LINKS = 20
_SECONDS = 20.0
_ASK = """
import importlib.util, json, sys
print(json.dumps([n for n in sys.argv[1:] if importlib.util.find_spec(n.replace("-", "_"))]))
"""


@dataclass(slots=True)
class InterpreterPaths:
    """Folders that an interpreter reads, and the links, with their targets, that lead to these folders."""

    folders: set[Path] = field(default_factory=set)
    links: dict[Path, str] = field(default_factory=dict)


def visible(python: Path) -> InterpreterPaths:
    """Return the paths that `python` needs to run the probe: its virtual environment, its installation."""
    found = InterpreterPaths({Path(probe.__file__).parent})
    for path in _steps(python):
        _add_paths(path, found)
        for base in _bases(path):
            for step in _steps(base):
                _add_paths(step, found)
    return found


def package_stamps(python: Path) -> tuple[tuple[str, int], ...]:
    """Return a value that changes when a package of `python` is installed or removed."""
    places = (
        paths
        for folder in visible(python).folders
        for name in ("site-packages", "dist-packages")
        for paths in (*folder.glob(f"lib*/python3*/{name}"), *folder.glob(f"lib*/python3/{name}"))
    )
    return tuple(sorted((str(paths), paths.stat().st_mtime_ns) for paths in places))


_found: dict[object, set[str]] = {}


def importable(python: Path, names: Iterable[str]) -> set[str]:
    """Return those of the packages `names` that `python` can import. Cached until the packages change."""
    key = (python, frozenset(names), package_stamps(python))
    found = _found.get(key) or installed(python, key[1])
    _found.clear()
    if found:  # an empty set may also mean that the interpreter did not respond in time
        _found[key] = found
    return found


def installed(python: Path, names: Iterable[str]) -> set[str]:
    """Run `python` and return those of `names` whose module it can find."""
    wanted = sorted(names)
    try:
        done = subprocess.run(
            [str(python), "-I", "-c", _ASK, *wanted], capture_output=True, timeout=_SECONDS, check=True
        )
        return set(json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError):
        return set()


def _add_paths(path: Path, found: InterpreterPaths) -> None:
    prefix = path.parent.parent
    # Only the folder of a Python counts: a link or a pyvenv.cfg of the learner may name any folder.
    if (prefix / "pyvenv.cfg").is_file() or any(prefix.glob("lib*/python3*/os.py")):
        found.folders |= {prefix, prefix.resolve()}
    elif path.is_symlink():
        found.links[path] = str(path.readlink())


def _steps(python: Path) -> Iterator[Path]:
    """`python`, and the target of each link in the chain that starts there."""
    for _ in range(_MOST_LINKS):
        yield python
        if not python.is_symlink():
            return
        python = Path(os.path.normpath(python.parent / python.readlink()))


def _bases(python: Path) -> Iterator[Path]:
    """The Python with which a virtual environment was made, as its pyvenv.cfg names it."""
    try:
        lines = (python.parent.parent / "pyvenv.cfg").read_text(errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        name, _, value = (part.strip() for part in line.partition("="))
        if name == "home" and value:
            yield Path(value) / "python3"
