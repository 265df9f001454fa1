"""How a proof of the course goes: a line for whatever falls short, and where it is by now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TextIO

EVERY = 25
"""Items after which a line tells how far it is, where none can be drawn over."""


class Job(Protocol):
    """What was judged."""

    @property
    def id(self) -> str:
        """The id of the item."""
        ...

    @property
    def round(self) -> int:
        """The repetition, from 1."""
        ...


class Proof(Protocol):
    """How it came out."""

    @property
    def job(self) -> Job:
        """What was judged."""
        ...

    @property
    def short(self) -> tuple[str, ...]:
        """What falls short."""
        ...

    @property
    def skipped(self) -> str:
        """Why nothing was proved."""
        ...


class Progress:
    """Tells of each proof as it comes. `stream` is a terminal that a line may be drawn over on, or None."""

    def __init__(self, total: int, say: Callable[[str], None], stream: TextIO | None) -> None:
        self._total = total
        self._say = say
        self._stream = stream
        self._done = 0

    def feed(self, proof: Proof) -> None:
        """One more proof."""
        self._done += 1
        if proof.short or proof.skipped:
            self.end()
        for each in proof.short:
            self._say(f"{proof.job.id}: {each}")
        if proof.skipped:
            self._say(f"{proof.job.id} skipped: {proof.skipped}")
        if self._stream:
            self._stream.write(f"\r{self._done} of {self._total}: {proof.job.id:12}")
            self._stream.flush()
        elif self._done % EVERY == 0:
            self._say(f"{self._done} of {self._total}")

    def end(self) -> None:
        """Leave the line that is drawn over."""
        if self._stream and self._done:
            self._stream.write("\r" + " " * 40 + "\r")
            self._stream.flush()


def summary(counts: Mapping[str, Any]) -> str:
    """The last lines: all counts, and whether the course is sound."""
    trees, mutants = counts["trees"], counts["mutants"]
    variants, adversaries = counts["variants"], counts["adversaries"]
    lines = [
        *(f"{each}" for each in counts["short"] if not each.partition(":")[0][1:].isdecimal()),
        f"{counts['activities']} activities, {counts['holes']} blanks, {counts['checks']} checks, "
        f"{counts['questions']} questions, {counts['hints']} hints",
    ]
    if trees["total"]:
        lines.append(f"Trees: {trees['passed']} of {trees['total']} behave.")
    if mutants["total"]:
        lines.append(f"Mutants: {mutants['killed']} of {mutants['total']} killed, ")
        lines[-1] += f"{mutants['by_named_check']} by their named check, with its message and no other."
    if variants["total"]:
        lines.append(f"Variants: {variants['passed']} of {variants['total']} pass.")
    if adversaries["total"]:
        lines.append(f"Adversaries: {adversaries['held']} of {adversaries['total']} gain nothing.")
    if counts["repetitions"] > 1:
        lines.append(f"Of {counts['repetitions']} repetitions, {counts['flaky']} items differ.")
    lines.append("Nothing falls short." if counts["clean"] else f"{len(counts['short'])} things fall short.")
    return "\n".join(lines)
