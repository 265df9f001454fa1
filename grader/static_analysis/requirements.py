"""Reads the packages that a project declares, without running the project."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from grader.probe.decoding import Malformed, decode

_PATTERNS = ("requirements*.txt", "requirements/*.txt", "requirements*.in", "requirements/*.in")


def declared(root: Path) -> set[str]:
    """Return the canonical names of all packages in requirements, pyproject, Pipfile or a lock file."""
    names: set[str] = set()
    for pattern in _PATTERNS:
        for path in root.glob(pattern):
            names |= set(_lines(_text(path)))
    for name in ("pyproject.toml", "Pipfile", "poetry.lock", "uv.lock", "pylock.toml"):
        names |= set(_toml(_text(root / name)))
    names |= set(_pipfile_lock(_text(root / "Pipfile.lock")))
    return names


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        return ""
    # An editor on Windows may save UTF-16, which pip recognizes by its byte order mark.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(encoding, errors="replace")


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        bare = re.split(r"\s#|\s--|;", line.strip(), maxsplit=1)[0].rstrip("\\ ")
        if bare and not bare.startswith(("#", "-")):
            yield from _name(bare)


def _name(text: str) -> Iterator[str]:
    try:
        yield canonicalize_name(Requirement(text).name)
    except InvalidRequirement:
        return


def _toml(text: str) -> Iterator[str]:
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    project = _table(data, "project")
    for line in _strings(
        [
            project.get("dependencies"),
            *_table(project, "optional-dependencies").values(),
            *_table(data, "dependency-groups").values(),
        ]
    ):
        yield from _name(line)
    poetry = _table(data, "tool", "poetry")
    groups = [_table(poetry, "group", name, "dependencies") for name in _table(poetry, "group")]
    for table in (
        _table(poetry, "dependencies"),
        *groups,
        _table(data, "packages"),
        _table(data, "dev-packages"),
    ):
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
