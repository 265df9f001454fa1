"""Looks into a learner's source to say where a fault may lie, or where to look. It decides no verdict."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from grader.project_files import python_files
from grader.result import SourceLocation

MAX_FILES = 500


def function_outside_class(root: Path, name: str, near: str = "") -> SourceLocation | None:
    """A module-level function `name` whose first parameter is `self`: a method that lost its class.

    Of several the one in the file `near` is the likeliest.
    """
    for file, tree in sorted(_modules(root), key=lambda module: module[0] != near):
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                arguments = node.args.posonlyargs + node.args.args
                if arguments and arguments[0].arg == "self":
                    return SourceLocation(file, node.lineno)
    return None


def class_twice(root: Path, name: str) -> SourceLocation | None:
    """The second of two classes called `name` in one module: it hides the first."""
    for file, tree in _modules(root):
        found = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
        if len(found) > 1:
            return SourceLocation(file, found[-1].lineno)
    return None


def function_at_top(root: Path, name: str) -> str:
    """The dotted path of a function `name` at the top of a module, empty if there is none.

    One in an app comes before one beside manage.py, which may be a copy that was left there.
    """
    for file, tree in sorted(_modules(root), key=lambda module: "/" not in module[0]):
        if any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body):
            return ".".join([*Path(file).with_suffix("").parts, name]).replace(".__init__.", ".")
    return ""


def _modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for file in islice(python_files(root), MAX_FILES):
        try:
            tree = ast.parse((root / file).read_bytes())
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield file, tree


def scripts(root: Path) -> list[Path]:
    """The Python files of a project, relative to it."""
    return [Path(file) for file, _ in _modules(root)]


def imports(file: Path) -> frozenset[str]:
    """The top names that a Python file imports, anywhere in it. Empty if it cannot be read."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return frozenset(name.partition(".")[0] for name in names)


def function_named(root: Path, name: re.Pattern[str]) -> SourceLocation | None:
    """A module-level function or class whose name has `name` in it, and that takes a request."""
    for file, tree in _modules(root):
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and name.search(node.name.lower()):
                return SourceLocation(file, node.lineno)
            if isinstance(node, ast.FunctionDef) and name.search(node.name.lower()):
                arguments = node.args.posonlyargs + node.args.args
                if arguments and arguments[0].arg == "request":
                    return SourceLocation(file, node.lineno)
    return None
