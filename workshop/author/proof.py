"""What was proved of one item of the corpus, and what falls short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CorpusKind(StrEnum):
    """What an item is."""

    TREE = "tree"
    MUTANT = "mutant"
    VARIANT = "variant"
    ADVERSARY = "adversary"


@dataclass(frozen=True, slots=True)
class Job:
    """One item to judge; `round` counts the repetitions from 1."""

    kind: CorpusKind
    id: str
    round: int = 1


@dataclass(frozen=True, slots=True)
class Proof:
    """How an item came out. `short` says in sentences what falls short: empty if all is as it should be.

    `killed` tells of a mutant that some check failed. `outcomes` are compared between repetitions.
    `transcript` is what a learner sees of a mutant. `skipped` says why nothing was proved.
    """

    job: Job
    short: tuple[str, ...] = ()
    killed: bool = False
    outcomes: Mapping[str, str] = field(default_factory=dict)
    transcript: str = ""
    skipped: str = ""

    @property
    def ok(self) -> bool:
        """Whether all was as it should be."""
        return not self.short and not self.skipped
