"""Several scenes in one check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from grader.plan import COMMON_FAILURE_MODES
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.timeline import Timeline
from grader.spec import CheckFailed, NotApplicable


class SoftAssertions:
    """Plays one scene after another, and all of them: the check fails with the first that failed.

    So one stale answer hides no other. The timeline is that of the scene that decides.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._failed: CheckFailed | None = None
        self._left_out: NotApplicable | None = None
        self._played = False

    @contextmanager
    def group(self, rows: Collection | None = None) -> Iterator[None]:
        """One scene. What cannot be played in this project is left out.

        `rows` are what it is about, if the check is about the users first: how others fail bears their name.
        """
        if self._failed is None and self._played:
            self._timeline.restart()
        try:
            yield
            self._played = True
        except CheckFailed as failed:
            if rows and rows.noun != "user" and failed.how not in COMMON_FAILURE_MODES:
                failed.how = "_".join(filter(None, (rows.noun, failed.how)))
            if self._failed is None:
                self._failed = failed
                self._timeline.freeze()
        except NotApplicable as reason:
            self._left_out = self._left_out or reason

    def raise_first(self) -> None:
        """Raise what the first scene that failed raised; skip the check if none could be played."""
        if self._failed:
            raise self._failed
        if self._left_out and not self._played:
            raise self._left_out
