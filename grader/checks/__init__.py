"""The checks, in one or more files an activity, named `activity_*.py`. Each reads as a specification."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from grader.spec import CheckSpec

_FOLDER = Path(__file__).parent


@cache
def specs() -> Mapping[str, CheckSpec]:
    """Every check there is, by id, in the order in which it is written."""
    found: dict[str, CheckSpec] = {}
    for file in sorted(_FOLDER.glob("activity_*.py")):
        module = importlib.import_module(f"{__name__}.{file.stem}")
        for thing in vars(module).values():
            spec = getattr(thing, "spec", None)
            if isinstance(spec, CheckSpec):
                found[spec.id] = spec
    return found
