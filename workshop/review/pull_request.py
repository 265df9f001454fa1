"""The pull request of one learner: four faults, two decoys and four plain changes, drawn by a seed."""

from __future__ import annotations

import difflib
import random
from collections.abc import Sequence

from workshop.review.model import Change, Hunk, HunkKind

FAULTS, DECOYS, PLAIN = 4, 2, 4
CONTEXT = 3
"""Unchanged lines shown around a change."""


def pull_request(changes: Sequence[Change], seed: int, turn: int) -> tuple[Hunk, ...]:
    """The hunks of the `turn`th pull request of the learner with that seed: always the same ones.

    One fault at least is subtle, and one is not.
    """
    draw = random.Random(f"{seed}/{turn}")
    faults = [change for change in changes if change.kind is HunkKind.FAULT]
    chosen = [
        draw.choice([fault for fault in faults if fault.subtle]),
        draw.choice([fault for fault in faults if not fault.subtle]),
    ]
    chosen += draw.sample([fault for fault in faults if fault not in chosen], FAULTS - len(chosen))
    for kind, count in ((HunkKind.DECOY, DECOYS), (HunkKind.PLAIN, PLAIN)):
        chosen += draw.sample([change for change in changes if change.kind is kind], count)
    draw.shuffle(chosen)
    return tuple(Hunk(number, change, diff(change)) for number, change in enumerate(chosen, 1))


def diff(change: Change) -> tuple[str, ...]:
    """The lines of a unified diff that shows the change, without its head."""
    after = change.source.replace(change.old, change.new)
    lines = difflib.unified_diff(change.source.splitlines(), after.splitlines(), lineterm="", n=CONTEXT)
    return tuple(lines)[3:]
