"""Reads the packages that a project declares, without running the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from grader.probe.decoding import Malformed, decode
from grader.reading import parse_toml, read_bytes

_PATTERNS = ("requirements*.txt", "requirements/*.txt", "requirements*.in", "requirements/*.in")


def declared(root: Path) -> set[str]:
    """Return the canonical names of all packages in requirements, pyproject, Pipfile or a lock file."""
    names: set[str] = set()
    for pattern in _PATTERNS:
        for path in root.glob(pattern):
            names |= set(names_in_lines(_text(path)))
    for name in ("pyproject.toml", "Pipfile", "poetry.lock", "uv.lock", "pylock.toml"):
        names |= set(_toml(_text(root / name)))
    names |= set(_pipfile_lock(_text(root / "Pipfile.lock")))
    return names


def _text(path: Path) -> str:
    try:
        data = read_bytes(path)
    except OSError:
        return ""
    # An editor on Windows may save UTF-16, which pip recognizes by its byte order mark.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding, errors="replace")


def names_in_lines(text: str) -> Iterator[str]:
    """The canonical names of the packages that the lines of one of pip's requirement files ask for."""
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        bare = re.split(r"(?:^|\s)#|\s--|;", line, maxsplit=1)[0].rstrip("\\ ").strip()
        egg = re.search(r"#egg=([\w.-]+)", line)
        try:
            if bare and not bare.startswith("-"):
                yield canonicalize_name(Requirement(bare).name)
        except InvalidRequirement:
            if egg is None:
                continue
        if egg is not None:
            yield canonicalize_name(egg[1])


def names_in_pyproject(text: str) -> Iterator[str]:
    """The canonical names of the packages that a pyproject.toml needs to run: no extras, no groups."""
    data = _parsed(text)
    yield from names_in_lines("\n".join(_strings(_table(data, "project").get("dependencies"))))
    yield from map(canonicalize_name, _table(data, "tool", "poetry", "dependencies"))


def _parsed(text: str) -> dict[str, Any]:
    try:
        return parse_toml(text)
    except ValueError:
        return {}


def _toml(text: str) -> Iterator[str]:
    yield from names_in_pyproject(text)
    data = _parsed(text)
    extras = _table(data, "project", "optional-dependencies")
    others = _strings([*extras.values(), *_table(data, "dependency-groups").values()])
    yield from names_in_lines("\n".join(others))
    groups = _table(data, "tool", "poetry", "group")
    tables = [_table(groups, name, "dependencies") for name in groups]
    for table in (*tables, _table(data, "packages"), _table(data, "dev-packages")):
        yield from map(canonicalize_name, table)
    for key in ("package", "packages"):
        locked = data.get(key)
        for package in locked if isinstance(locked, list) else ():
            if isinstance(package, dict) and isinstance(package.get("name"), str):
                yield canonicalize_name(package["name"])


def _pipfile_lock(text: str) -> Iterator[str]:
    try:
        data = decode(text)
    except Malformed:
        return
    for section in ("default", "develop"):
        yield from map(canonicalize_name, _table(data, section))


def _table(data: Any, *names: str) -> dict[str, Any]:
    """The table under `names`, or an empty one if the file has none."""
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)  # {include-group = "..."} names a group, not a package
