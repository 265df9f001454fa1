"""The one way to say: this is not clear enough to write; the learner does it."""

from __future__ import annotations

TAKE_OURS = "Bring the two together by hand, or run the command again with --replace to take ours."


class ByHand(Exception):
    """An edit is left to the learner. `reason` is one sentence.

    `theirs` is true if all that stands in the way is the learner's own version, which `replace` takes.
    `place` is a sentence on where it goes, where that is not simply the place that the edit names.
    """

    def __init__(self, reason: str, *, theirs: bool = False, place: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.theirs = theirs
        self.place = place or (TAKE_OURS if theirs else "")
