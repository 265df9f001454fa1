"""The Redis URL that a project will use on this machine, read from its files without running them."""

from __future__ import annotations

import ast
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.reading import parse_python, read_bytes
from grader.servers.url import DEFAULT_URL

VARIABLE = "REDIS_URL"
DEFAULT_ORIGIN = "the usual address"
_URL = re.compile("(rediss?|unix)://")
_NAME = re.compile("[A-Z][A-Z0-9_]*")
_STRICT = frozenset({"config", "env"})
"""The look-ups of python-decouple and django-environ: without a default they raise."""


@dataclass(frozen=True, slots=True)
class ConfiguredUrl:
    """A Redis URL, and `origin`: where the project configures it, in words."""

    url: str
    origin: str

    @property
    def is_default(self) -> bool:
        """Whether the project configures no URL, so that this is the default."""
        return self.origin == DEFAULT_ORIGIN


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable that settings look up.

    `default` is the value if the variable is not set, empty if there is none. `required` tells that the
    look-up raises if the variable is not set.
    """

    name: str
    default: str
    required: bool
    line: int


def configured_url(root: Path, settings_file: Path | None) -> ConfiguredUrl:
    """Return the Redis URL of the project at `root`; `settings_file` is relative to `root`.

    The first of these that can be read: the LOCATION in CACHES; REDIS_URL, from the environment or .env;
    any Redis URL in the settings; the default URL.
    """
    tree = settings_tree(root, settings_file)
    environment = variables(root)
    if tree is not None and (location := _location(tree)) is not None:
        if text := _text(location):
            return ConfiguredUrl(text, f"LOCATION in {settings_file}")
        for variable in environment_lookups(location):
            if value := environment.get(variable.name):
                return ConfiguredUrl(value, f"{variable.name} in {_source(variable.name)}")
            if variable.default and _URL.match(variable.default):
                return ConfiguredUrl(variable.default, f"the default of {variable.name} in {settings_file}")
    if value := environment.get(VARIABLE):
        return ConfiguredUrl(value, f"{VARIABLE} in {_source(VARIABLE)}")
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _URL.match(node.value):
            return ConfiguredUrl(node.value, f"a Redis URL in {settings_file}")
    return ConfiguredUrl(DEFAULT_URL, DEFAULT_ORIGIN)


def settings_tree(root: Path, settings_file: Path | None) -> ast.Module | None:
    """Parse the settings; None if there is no file, or it cannot be read or parsed."""
    if settings_file is None:
        return None
    try:
        return parse_python(read_bytes(root / settings_file))
    except (OSError, SyntaxError):
        return None


def variables(root: Path) -> dict[str, str]:
    """Return the environment of the project: the variables of .env, overridden by those of this process."""
    from dotenv import dotenv_values  # the project reads its .env with the same library

    try:
        text = read_bytes((root / ".env").resolve()).decode("utf-8-sig", errors="replace")
    except OSError:
        text = ""
    # Without interpolation: ${TOKEN} would bring a secret of this environment into the address.
    values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in values.items() if value is not None} | dict(os.environ)


def environment_lookups(tree: ast.AST) -> Iterator[Variable]:
    """Yield the environment variables that a piece of code looks up.

    A look-up is `os.environ[...]`, `os.environ.get(...)`, `os.getenv(...)`, or a call of any helper whose
    first argument is a name in capitals.
    """
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
    """The text of a default, or its source if it is no string; empty for None, "", 0 and False."""
    nothing = isinstance(node, ast.Constant) and not node.value
    return "" if nothing else _text(node) or ast.unparse(node)


def _location(tree: ast.Module) -> ast.expr | None:
    """The LOCATION of the default cache, else of the first cache that has one."""
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
    """The text of a string literal; empty for a blank to fill, which consists of underscores."""
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return text if text.strip("_") else ""


def _source(name: str) -> str:
    return "the environment" if name in os.environ else ".env"
