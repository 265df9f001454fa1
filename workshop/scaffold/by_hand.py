"""The one way to say: this is not clear enough to write; the learner does it."""

from __future__ import annotations


class ByHand(Exception):
    """An edit is left to the learner. `reason` is one sentence.

    `theirs` is true if all that stands in the way is the learner's own version, which `replace` takes.
    """

    def __init__(self, reason: str, *, theirs: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.theirs = theirs
