"""The freshness matrix: every cached answer, after every way to write. Made of what the checks saw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product

from grader.checks import specs
from grader.result import CachedView, Outcome, Result, Verdict, Write
from grader.spec import CheckSpec

ANSWERS = tuple(CachedView)
WRITES = tuple(Write)


class Freshness(StrEnum):
    """What is known of one answer after one write."""

    FRESH = "fresh"
    STALE = "stale"
    NOT_CACHED = "not cached"
    NOT_APPLICABLE = "not applicable"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Matrix:
    """A state for each answer and write."""

    states: Mapping[tuple[CachedView, Write], Freshness]

    def cells(self) -> Iterator[tuple[str, str, str]]:
        """The cells as text, to be recorded."""
        for (answer, write), state in self.states.items():
            yield answer.value, write.value, state.value

    def count(self, state: Freshness) -> int:
        """How many cells are in this state."""
        return list(self.states.values()).count(state)

    def stale(self) -> Iterator[tuple[CachedView, Write, str]]:
        """The cells that are stale: answer, write, and the check that saw it."""
        for (answer, write), state in self.states.items():
            if state is Freshness.STALE:
                yield answer, write, check_of(answer, write)


def check_of(answer: CachedView, write: Write) -> str:
    """The check that looks at `answer` after `write`, or nothing if there can be none.

    The detail of a new row was never cached, and a user has no user to be edited.
    """
    return next((spec.id for spec in _specs() if (answer, write) in spec.freshness), "")


def _proof(answer: CachedView) -> str:
    """The check that shows whether `answer` is cached at all."""
    return next(spec.id for spec in _specs() if spec.proves_cached is answer)


@cache
def _specs() -> tuple[CheckSpec, ...]:
    return tuple(spec for spec in specs().values() if spec.freshness or spec.proves_cached)


def matrix(result: Result) -> Matrix | None:
    """The matrix that the checks of `result` make, or None if passengers were not looked at."""
    verdicts = {verdict.id: verdict for verdict in result.checks}
    if _proof(CachedView.PASSENGER_LIST) not in verdicts:
        return None
    cells = product(ANSWERS, WRITES)
    return Matrix({(answer, write): _state(answer, write, verdicts) for answer, write in cells})


def matrix_of_cells(cells: Mapping[tuple[str, str], str]) -> Matrix | None:
    """The matrix of the last check, from the recorded cells; None if there are none."""
    if not cells:
        return None
    unknown = Freshness.NOT_JUDGED.value
    found = product(ANSWERS, WRITES)
    return Matrix(
        {(answer, write): Freshness(cells.get((answer, write), unknown)) for answer, write in found}
    )


def _state(answer: CachedView, write: Write, verdicts: Mapping[str, Verdict]) -> Freshness:
    id = check_of(answer, write)
    if not id:
        return Freshness.NOT_APPLICABLE
    gate = verdicts.get(_proof(answer))
    if gate and (gate.outcome is Outcome.SKIPPED or gate.how == "uncached"):
        return Freshness.NOT_CACHED
    verdict = verdicts.get(id)
    cells = verdict.cells if verdict else ()
    seen = [cell.fresh for cell in cells if (cell.answer, cell.write) == (answer, write)]
    if seen:
        return Freshness.FRESH if all(seen) else Freshness.STALE
    # What was looked at and did not come about has no such write: an admin without passengers, say.
    done = verdict and verdict.outcome in (Outcome.PASSED, Outcome.SKIPPED)
    return Freshness.NOT_APPLICABLE if done else Freshness.NOT_JUDGED
