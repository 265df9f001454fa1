"""Several groups of assertions in one check, all of which run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from grader.plan import COMMON_FAILURE_MODES
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.timeline import Timeline
from grader.spec import CheckFailed, NotApplicable


class SoftAssertions:
    """Runs all groups, even after a failure, so that one stale response hides no other.

    The check fails with the first failed group, and shows the timeline of that group.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._failed: CheckFailed | None = None
        self._left_out: NotApplicable | None = None
        self._played = False

    @contextmanager
    def group(self, rows: Collection | None = None) -> Iterator[None]:
        """A context manager for one group. A group that is not applicable to the project is left out.

        `rows` is the collection of the group; for others than users its noun becomes a prefix of the way of
        failing.
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
            if self._left_out is None or reason.try_:
                self._left_out = reason

    def raise_first(self) -> None:
        """Raise the exception of the first failed group, or of one left out that no project may lack.

        If no group was applicable, neither is the check.
        """
        if self._failed:
            raise self._failed
        if self._left_out and (not self._played or self._left_out.try_):
            raise self._left_out
