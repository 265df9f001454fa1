"""Finds and describes a Django project without running it. Standard library only."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.errors import MachineError, UsageError
from grader.project_files import SKIPPED_FOLDERS, is_file
from grader.reading import parse_python, read_bytes

VENV_NAMES = (".venv", "venv", "env")


@dataclass(frozen=True, slots=True)
class Submission:
    """A Django project under test.

    `root` is the folder of manage.py; `settings_file` is relative to it, or None if it was not found;
    `python` is the interpreter of the project, and `python_origin` explains its choice in words. `own` tells
    whether it is the project of whoever runs the judge: what a stranger's says of this machine is not used.
    """

    root: Path
    settings_module: str
    settings_file: Path | None
    python: Path
    python_origin: str
    own: bool = False

    @property
    def brings_python(self) -> bool:
        """Whether the interpreter lies in the project, so that it may be any program."""
        folder = self.python.parent
        return folder.is_relative_to(self.root) or folder.resolve().is_relative_to(self.root)


def find(start: Path, python: Path | None = None) -> Submission:
    """Find the project in `start`, in a folder above it, or the only one below it.

    Raises UsageError if there is no manage.py, or more than one to choose from, and MachineError if
    `python` is no interpreter.
    """
    root = _root(start.expanduser().resolve())
    module = settings_module(root)
    interpreter, origin = _interpreter(root, python)
    return Submission(root, module, settings_file(root, module), interpreter, origin)


def _root(start: Path) -> Path:
    if not start.exists():
        raise UsageError(f"There is no folder {start}.", "Check the path after --project.")
    folder = start if start.is_dir() else start.parent
    for candidate in (folder, *folder.parents):
        if is_file(candidate / "manage.py"):
            return candidate
    below = sorted(_manage_files(folder, depth=2))
    if len(below) == 1:
        return below[0].parent
    if not below:
        raise UsageError(
            f"There is no manage.py in {folder}, above it, or just below it.",
            "Go into your Django project, or name it: --project PATH.",
        )
    names = ", ".join(str(path.parent.relative_to(folder)) for path in below[:5]) + ("…" if below[5:] else "")
    raise UsageError(
        f"There are {len(below)} Django projects here: {names}.", "Say which one you mean: --project PATH."
    )


def _manage_files(folder: Path, depth: int) -> Iterator[Path]:
    try:
        children = [c for c in folder.iterdir() if c.is_dir() and c.name not in SKIPPED_FOLDERS]
    except OSError:
        return
    for child in children:
        if is_file(child / "manage.py"):
            yield child / "manage.py"
        elif depth > 1:
            yield from _manage_files(child, depth - 1)


def settings_module(root: Path) -> str:
    """Return the module that manage.py names as DJANGO_SETTINGS_MODULE.

    Raises UsageError if manage.py cannot be read or names none.
    """
    manage = root / "manage.py"
    try:
        tree = parse_python(read_bytes(manage), "manage.py")
    except (SyntaxError, OSError) as error:
        raise UsageError(
            f"manage.py in {root} cannot be read as Python: {error}.",
            "Restore it from `django-admin startproject`.",
        ) from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(node.args) == 2:
            name, value = node.args
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            name, value = node.targets[0].slice, node.value
        else:
            continue
        if _text(name) == "DJANGO_SETTINGS_MODULE" and (module := _text(value)):
            return module
    if module := os.environ.get("DJANGO_SETTINGS_MODULE", ""):
        return module
    raise UsageError(
        f"manage.py in {root} does not say which settings it uses.",
        "It should set DJANGO_SETTINGS_MODULE, as `django-admin startproject` writes it.",
    )


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def settings_file(root: Path, module: str) -> Path | None:
    """Return the file of the settings `module`, relative to `root`; None if there is none.

    For a file that only imports all names of a neighbour (`from .base import *`), return the neighbour.
    """
    path = Path(*module.split("."))
    for candidate in (path / "__init__.py", path.with_name(path.name + ".py")):
        if is_file(root / candidate):
            return _behind(root, candidate) or candidate
    return None


def _behind(root: Path, file: Path) -> Path | None:
    """The neighbour of `file`, if `file` only imports all of its names."""
    try:
        tree = parse_python(read_bytes(root / file))
    except (SyntaxError, OSError):
        return None
    statements = [
        node
        for node in tree.body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    if (
        len(statements) == 1
        and isinstance(node := statements[0], ast.ImportFrom)
        and node.names[0].name == "*"
    ):
        inside = ".".join(file.parent.parts)
        name = node.module or ""
        if node.level == 0 and name.startswith(f"{inside}."):
            name = name.removeprefix(f"{inside}.")
        elif node.level != 1:
            return None
        neighbour = file.parent / f"{name}.py"
        return neighbour if name.isidentifier() and is_file(root / neighbour) else None
    return None


def _interpreter(root: Path, asked: Path | None) -> tuple[Path, str]:
    if asked is not None:
        path = Path(os.path.abspath(asked.expanduser()))  # not resolve(): a venv's python is a link
        if not os.access(path, os.X_OK) or path.is_dir():
            raise MachineError(f"{path} is not a Python interpreter.", "Check the path after --python.")
        return path, "as you asked with --python"
    for name in VENV_NAMES:
        if found := _venv_python(root / name):
            return found, f"your project's {name}"
    active = Path(os.environ.get("VIRTUAL_ENV") or sys.prefix)
    if active.resolve() != Path(sys.prefix).resolve() and (found := _venv_python(active)):
        return found, "your active virtual environment"
    return Path(sys.executable), "the workshop's own Python, since your project has no .venv"


def _venv_python(folder: Path) -> Path | None:
    for candidate in (folder / "bin" / "python", folder / "Scripts" / "python.exe"):
        if is_file(candidate) and os.access(candidate, os.X_OK):
            return candidate
    return None
