"""The folders of an interpreter, found without running it, since it may be any program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader import probe
from grader.submission import Submission

_MOST_LINKS = 20


@dataclass(slots=True)
class InterpreterPaths:
    """Folders that an interpreter reads, and the links, with their targets, that lead to these folders."""

    folders: set[Path] = field(default_factory=set)
    links: dict[Path, str] = field(default_factory=dict)


def visible(submission: Submission) -> InterpreterPaths:
    """Return the paths that the interpreter needs to run the probe: its environment, its installation.

    An interpreter that lies in the project may name any folder as its own, by links and in its pyvenv.cfg.
    So only its environment in the project counts, and the Python that its links lead to. What pyvenv.cfg
    names counts for one's own project only.
    """
    found = InterpreterPaths({Path(probe.__file__).parent})
    for path in _steps(submission.python):
        _add_paths(path, submission, found)
        for base in _bases(path) if submission.own or not submission.brings_python else ():
            for step in _steps(base):
                _add_paths(step, submission, found)
    return found


def package_stamps(submission: Submission) -> tuple[tuple[str, int], ...]:
    """Return a value that changes when a package of the interpreter is installed or removed."""
    places = (
        paths
        for folder in visible(submission).folders
        for name in ("site-packages", "dist-packages")
        for paths in (*folder.glob(f"lib*/python3*/{name}"), *folder.glob(f"lib*/python3/{name}"))
    )
    return tuple(sorted((str(paths), paths.stat().st_mtime_ns) for paths in places))


def _add_paths(path: Path, submission: Submission, found: InterpreterPaths) -> None:
    prefix = path.parent.parent
    if _is_environment(prefix, submission) or _is_installation(prefix, path, submission):
        found.folders |= {prefix, prefix.resolve()}
    elif path.is_symlink():
        found.links[path] = str(path.readlink())


def _is_environment(prefix: Path, submission: Submission) -> bool:
    """Whether `prefix` is a virtual environment; in the place of one that a stranger brings, no other."""
    if not (prefix / "pyvenv.cfg").is_file():
        return False
    if not submission.brings_python:
        return True
    place = prefix if submission.own else prefix.resolve()
    return place != submission.root and place.is_relative_to(submission.root)


def _is_installation(prefix: Path, path: Path, submission: Submission) -> bool:
    """Whether `prefix` is a Python of which `path` is the program, and no folder that only looks like one.

    A folder around a project or a home is none, though a hand-in beside others may be called `lib`.
    """
    folder = Path(os.path.realpath(prefix))  # unlike resolve(), it goes round with links without an error
    if Path(os.path.realpath(path)).parent.parent != folder or not any(folder.glob("lib*/python3*/os.py")):
        return False
    if not submission.brings_python:
        return True
    around = (submission.root, Path(os.environ.get("HOME", "/root")).resolve())
    return not any(each.is_relative_to(folder) for each in around)


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
