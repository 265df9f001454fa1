"""constraints.txt: exact, complete, and bound to no machine."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "constraints.txt").read_text().splitlines()


def applying() -> dict[str, str]:
    """The pins that count for this Python on this system: name -> version."""
    pins = [Requirement(line) for line in LINES]
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
    }


def needed(name: str, extra: str = "", seen: set[str] | None = None) -> set[str]:
    """All distributions that `name` brings along, by the metadata of what is installed."""
    seen = set() if seen is None else seen
    for text in distribution(name).requires or []:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        child = canonicalize_name(requirement.name)
        if child not in seen:
            seen.add(child)
            needed(child, "", seen)
    return seen


def test_each_line_is_an_exact_version_and_nothing_else() -> None:
    odd = [line for line in LINES if not re.fullmatch(r"[a-z0-9._-]+==[\w.]+( ; [\w .<>=!'*()]+)?", line)]
    assert odd == []


def test_all_that_is_installed_is_pinned() -> None:
    assert needed("safeboda-workshop", "dev") - set(applying()) == set()


def test_what_runs_here_is_what_is_pinned() -> None:
    """Else the tests prove something about other versions than those a learner gets."""
    drifted = {}
    for name, version in applying().items():
        try:
            installed = distribution(name).version
        except PackageNotFoundError:
            continue
        if installed != version:
            drifted[name] = (installed, version)
    assert drifted == {}
