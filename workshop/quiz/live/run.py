"""Runs the experiment of a question: what is right is what was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from grader.errors import GraderError, MachineError
from grader.sandbox.errors import SandboxError
from grader.spec import CheckFailed
from workshop.quiz.live.laboratory import Laboratory

Right = frozenset[str] | Mapping[str, str]
"""The keys of the options that came true; for a match, the key of one option for each row."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run has shown: which answer came true, and the lines that prove it."""

    right: Right
    lines: tuple[str, ...]


Values = Mapping[str, str]
Experiment = Callable[[Laboratory, Values], Seen]

MODULES = ("keys", "users", "outage", "stampede_and_scan", "settings_folder", "cluster")
"""The modules of experiments beside this one."""


def experiment(name: str) -> Experiment:
    """The experiment that a question calls `name`, such as "key anatomy". Raises GraderError if none is."""
    for module in MODULES:
        found: Experiment | None = getattr(
            import_module(f"workshop.quiz.live.{module}"), name.replace(" ", "_"), None
        )
        if found is not None:
            return found
    raise GraderError(f"There is no experiment called {name!r}.", "This is a mistake in the workshop.")


def run(name: str, values: Values, laboratory: Laboratory) -> Seen:
    """Run it with the names and numbers of a variant. Raises MachineError if that cannot be done here."""
    try:
        return experiment(name)(laboratory, values)
    except (CheckFailed, SandboxError, OSError) as error:
        raise MachineError(
            f"The experiment could not be made here: {error or type(error).__name__}.",
            "It stays open. Go on with the next question, and try `workshop doctor`.",
        ) from error


def came_true(key: str, *lines: str) -> Seen:
    """What was seen, where one option came true."""
    return Seen(frozenset({key}), lines)
