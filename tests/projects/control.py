"""What a project must be told by the checks: which of them fail on it, and which must not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.projects.build import Variant
from tests.trees import Kind


@dataclass(frozen=True, slots=True)
class Change:
    """`old`, which stands exactly once in `file`, is written as `new`."""

    file: str
    old: str
    new: str

    def apply(self, project: Path) -> None:
        """Make the change in the project. Raises ValueError if `old` is not there, or there twice."""
        path = project / self.file
        text = path.read_text()
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} has {self.old!r} {text.count(self.old)} times")
        path.write_text(text.replace(self.old, self.new))


@dataclass(frozen=True, slots=True)
class Written:
    """`file` is written anew, as `text`, or is a new one."""

    file: str
    text: str

    def apply(self, project: Path) -> None:
        """Write it in the project."""
        path = project / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text)


@dataclass(frozen=True, slots=True)
class Control:
    """A project and the verdicts that it must get.

    `base` is a tree of activity `upto`, or a project of its own; `changes` make the fault in it. `fails`
    are the checks that fail, and how; `passes` those that must pass. Nothing else is judged, beside what
    these need. `options` are those of the plan, by check. `known` says why this is not so yet.
    """

    base: Kind | Variant
    changes: tuple[Change | Written, ...]
    fails: Mapping[str, str]
    passes: tuple[str, ...]
    upto: int = 5
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    known: str = ""


VIEWS = "users/views.py"
SIGNALS = "users/cache_signals.py"
SETTINGS = "safeboda/settings.py"


def more_settings(text: str) -> Change:
    """Further settings, at the end of what the starter brings: below them come those of the cache."""
    last = 'DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"\n'
    return Change(SETTINGS, last, f"{last}{text}\n")
