"""Which Redis a project will use on this machine, read from its files and never run."""

from __future__ import annotations

import ast
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.servers.url import DEFAULT_URL

VARIABLE = "REDIS_URL"
USUAL = "the usual address"
_URL = re.compile("(rediss?|unix)://")
_NAME = re.compile("[A-Z][A-Z0-9_]*")
_STRICT = frozenset({"config", "env"})
"""The look-ups of python-decouple and django-environ: without a default they raise."""


@dataclass(frozen=True, slots=True)
class Configured:
    """A Redis URL, and in words where it comes from."""

    url: str
    origin: str

    @property
    def usual(self) -> bool:
        """Whether nothing in the project says where."""
        return self.origin == USUAL


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable that settings ask for.

    `default` is what is used instead, empty if nothing; `required` if the look-up fails without it.
    """

    name: str
    default: str
    required: bool
    line: int


def configured(root: Path, settings_file: Path | None) -> Configured:
    """The Redis of the project at `root`, whose settings file is relative to it.

    The LOCATION in CACHES decides if it can be read; then REDIS_URL, from the environment or .env; then
    any Redis URL in the settings; then the usual address.
    """
    tree = settings_tree(root, settings_file)
    environment = variables(root)
    if tree is not None and (location := _location(tree)) is not None:
        if text := _text(location):
            return Configured(text, f"LOCATION in {settings_file}")
        for variable in asked_for(location):
            if value := environment.get(variable.name):
                return Configured(value, f"{variable.name} in {_source(variable.name)}")
            if variable.default and _URL.match(variable.default):
                return Configured(variable.default, f"the default of {variable.name} in {settings_file}")
    if value := environment.get(VARIABLE):
        return Configured(value, f"{VARIABLE} in {_source(VARIABLE)}")
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _URL.match(node.value):
            return Configured(node.value, f"a Redis URL in {settings_file}")
    return Configured(DEFAULT_URL, USUAL)


def settings_tree(root: Path, settings_file: Path | None) -> ast.Module | None:
    """The settings as a tree; None if there are none, or they cannot be read or parsed."""
    if settings_file is None:
        return None
    try:
        return ast.parse((root / settings_file).read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def variables(root: Path) -> dict[str, str]:
    """What the project finds in its environment: the process's own variables over those of .env."""
    from dotenv import dotenv_values  # as the project itself reads it

    try:
        text = (root / ".env").read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        text = ""
    values = dotenv_values(stream=io.StringIO(text))
    return {name: value for name, value in values.items() if value is not None} | dict(os.environ)


def asked_for(tree: ast.AST) -> Iterator[Variable]:
    """The environment variables that a piece of code looks up: `os.environ[...]`, `os.environ.get(...)`,
    `os.getenv(...)`, or a helper whose first argument is a name in capitals."""
    otherwise = {
        id(inner): _written(node.values[-1])
        for node in ast.walk(tree)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or)
        for value in node.values[:-1]
        for inner in ast.walk(value)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
            if name := _text(node.slice):
                yield Variable(name, "", True, node.lineno)
        elif isinstance(node, ast.Call) and node.args and _NAME.fullmatch(name := _text(node.args[0])):
            given = [keyword.value for keyword in node.keywords if keyword.arg == "default"] + node.args[1:2]
            default = (_written(given[0]) if given else "") or otherwise.get(id(node), "")
            strict = not given and ast.unparse(node.func).split(".")[0] in _STRICT
            yield Variable(name, default, strict, node.lineno)


def _written(node: ast.expr) -> str:
    """A default: its text, or how it is written; empty for what counts as nothing."""
    nothing = isinstance(node, ast.Constant) and not node.value
    return "" if nothing else _text(node) or ast.unparse(node)


def _location(tree: ast.Module) -> ast.expr | None:
    """The LOCATION of the default cache, else of the first that has one."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)):
            continue
        if not any(isinstance(name, ast.Name) and name.id == "CACHES" for name in node.targets):
            continue
        aliases = {_text(key): value for key, value in _items(node.value)}
        for alias in sorted(aliases, key=lambda name: name != "default"):
            cache = aliases[alias]
            for key, value in _items(cache) if isinstance(cache, ast.Dict) else ():
                if _text(key) == "LOCATION":
                    return value.elts[0] if isinstance(value, ast.List | ast.Tuple) and value.elts else value
    return None


def _items(node: ast.Dict) -> Iterator[tuple[ast.expr, ast.expr]]:
    return ((key, value) for key, value in zip(node.keys, node.values, strict=True) if key is not None)


def _text(node: ast.expr) -> str:
    """A string as it stands; a blank, nothing but underscores, says nothing yet."""
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return text if text.strip("_") else ""


def _source(name: str) -> str:
    return "the environment" if name in os.environ else ".env"
