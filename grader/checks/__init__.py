"""The checks, one file an activity. Each reads as a specification."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from grader.spec import CheckSpec

_FOLDER = Path(__file__).parent


def files() -> list[str]:
    """The check files, for pytest."""
    return [str(path) for path in sorted(_FOLDER.glob("activity_*.py"))]


@cache
def specs() -> Mapping[str, CheckSpec]:
    """Every check there is, by id, in the order in which it is written."""
    found: dict[str, CheckSpec] = {}
    for file in files():
        module = importlib.import_module(f"{__name__}.{Path(file).stem}")
        for thing in vars(module).values():
            spec = getattr(thing, "spec", None)
            if isinstance(spec, CheckSpec):
                found[spec.id] = spec
    return found


def in_order(ids: Iterable[str]) -> list[str]:
    """`ids` with every check after those it needs, otherwise as they come."""
    wanted = list(ids)
    known = specs()
    order: list[str] = []

    def place(id: str) -> None:
        if id in order or id not in wanted or id not in known:
            return
        for need in known[id].needs:
            place(need)
        order.append(id)

    for id in wanted:
        place(id)
    return order
