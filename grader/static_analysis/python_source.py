"""Searches a learner's source for the likely line of a fault. It decides no verdict."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from grader.project_files import python_files
from grader.reading import parse_python, read_bytes
from grader.result import SourceLocation

MAX_FILES = 500


def function_outside_class(root: Path, name: str, near: str = "") -> SourceLocation | None:
    """Return the line of a module-level function `name` with a first parameter `self`, or None.

    Such a function was meant to be a method. One in the file `near` comes first.
    """
    for file, tree in sorted(_modules(root), key=lambda module: module[0] != near):
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                arguments = node.args.posonlyargs + node.args.args
                if arguments and arguments[0].arg == "self":
                    return SourceLocation(file, node.lineno)
    return None


def class_twice(root: Path, name: str) -> SourceLocation | None:
    """Return the line of the second of two classes `name` in one module, which hides the first, or None."""
    for file, tree in _modules(root):
        found = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
        if len(found) > 1:
            return SourceLocation(file, found[-1].lineno)
    return None


def function_at_top(root: Path, name: str) -> str:
    """Return the dotted path of a module-level function `name`, empty if there is none.

    A function in an app comes before one beside manage.py, which may be an old copy.
    """
    for file, tree in sorted(_modules(root), key=lambda module: "/" not in module[0]):
        if any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body):
            return ".".join([*Path(file).with_suffix("").parts, name]).replace(".__init__.", ".")
    return ""


def _modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for file in islice(python_files(root), MAX_FILES):
        try:
            tree = parse_python(read_bytes(root / file))
        except (OSError, SyntaxError):
            continue
        yield file, tree


def scripts(root: Path) -> list[Path]:
    """Return the Python files of a project, relative to `root`."""
    return [Path(file) for file, _ in _modules(root)]


def imports(file: Path) -> frozenset[str]:
    """Return the top-level names that a Python file imports anywhere. Empty if it cannot be parsed."""
    try:
        tree = parse_python(read_bytes(file))
    except (OSError, SyntaxError):
        return frozenset()
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return frozenset(name.partition(".")[0] for name in names)


def function_named(root: Path, name: re.Pattern[str]) -> SourceLocation | None:
    """Return the line of a class, or of a view function, whose name matches `name`, or None."""
    for file, tree in _modules(root):
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and name.search(node.name.lower()):
                return SourceLocation(file, node.lineno)
            if isinstance(node, ast.FunctionDef) and name.search(node.name.lower()):
                arguments = node.args.posonlyargs + node.args.args
                if arguments and arguments[0].arg == "request":
                    return SourceLocation(file, node.lineno)
    return None
