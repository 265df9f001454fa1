"""The schema of a report of `grader.probe.introspection`, which the project may have forged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Shape: TypeAlias = "type | list[Shape] | Mapping[Any, Shape]"
"""A type; a list of one shape; or a mapping with the shapes of its keys (`str` stands for any key)."""

_COLUMN: Shape = {"column": str, "kind": str, "choices": [str], "unique": bool}
_TABLE: Shape = {"name": str, "key": str, "columns": [_COLUMN]}
_ALWAYS: Mapping[str, Shape] = {"versions": {str: str}, "threads": int}
_WITH_URLS: Mapping[str, Shape] = {
    "user": _TABLE,
    "routes": [{"path": str, "names": [str], "view": str, "taken": str}],
    "admin": {str: str},
    "passenger_admin": {str: str},
    "caches": [str],
}


def well_formed(report: Mapping[str, Any], urls: bool) -> bool:
    """Whether all parts of a report that the judge reads exist and have the right types.

    Without `urls` the report has fewer parts.
    """
    if not _fits(report, {**_ALWAYS, **(_WITH_URLS if urls else {})}):
        return False
    if not urls:
        return True
    placed = [(route.get("file", ""), route.get("line", 0)) for route in report["routes"]]
    return _fits(report.get("passenger") or report["user"], _TABLE) and all(
        _fits(file, str) and _fits(line, int) for file, line in placed
    )


def _fits(value: Any, shape: Shape) -> bool:
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(each, shape[0]) for each in value)
    if not isinstance(shape, Mapping):
        return isinstance(value, shape)
    if not isinstance(value, Mapping):
        return False
    if str in shape:
        return all(_fits(each, shape[str]) for each in value.values())
    return all(key in value and _fits(value[key], part) for key, part in shape.items())
