"""How well the rubrics agree with a teacher: `python -m tests.workshop.quiz.figures` prints it.

Of both labelled sets: is an answer let pass, and which ideas are in it.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workshop.quiz.load import sheets
from workshop.quiz.rubric import Rubric, read

FOLDER = Path(__file__).parent / "answers"
SETS = {
    "labelled": "the 120 answers the rubrics were written against",
    "held_out": "the 60 held out",
    "afterwards": "the 40 written afterwards",
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """An answer with a teacher's judgement of it."""

    item: str
    kind: str
    text: str
    groups: frozenset[str]
    passes: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of right and wrong yeses and noes."""

    true_yes: int
    false_yes: int
    false_no: int
    true_no: int

    @property
    def precision(self) -> float:
        """Of all yeses, those that were right."""
        return self.true_yes / max(1, self.true_yes + self.false_yes)

    @property
    def recall(self) -> float:
        """Of all that deserved a yes, those that got it."""
        return self.true_yes / max(1, self.true_yes + self.false_no)

    @property
    def accuracy(self) -> float:
        """Of all, those judged as the teacher did."""
        total = self.true_yes + self.false_yes + self.false_no + self.true_no
        return (self.true_yes + self.true_no) / max(1, total)

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}  recall {self.recall:.3f}  accuracy {self.accuracy:.3f}"


def answers(name: str) -> tuple[Labelled, ...]:
    """One of the two labelled sets."""
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return tuple(
        Labelled(each["item"], each["kind"], each["text"], frozenset(each["groups"]), each["pass"])
        for each in data["answers"]
    )


def rubric_of(item: str) -> Rubric:
    """The rubric of a question."""
    found = next(each.rubric for sheet in sheets() for each in sheet.items if each.id == item)
    assert found is not None
    return found


def figures(pairs: Iterable[tuple[bool, bool]]) -> Figures:
    """From pairs of what was said and what is right."""
    counts = [0, 0, 0, 0]
    for said, right in pairs:
        counts[(0 if right else 1) if said else (2 if right else 3)] += 1
    return Figures(*counts)


def passes(name: str) -> Figures:
    """How well the rubrics let pass what a teacher lets pass."""
    return figures((read(rubric_of(a.item), a.text).passed, a.passes) for a in answers(name))


def ideas(name: str) -> Figures:
    """How well the rubrics find the ideas that a teacher finds."""
    return figures(
        (idea.id in read(rubric, a.text).ideas, idea.id in a.groups)
        for a in answers(name)
        for rubric in [rubric_of(a.item)]
        for idea in rubric.ideas
    )


def main(words: list[str]) -> None:
    """Print the figures; with `-v NAME` also each answer of that set that was judged otherwise."""
    for name, what in SETS.items():
        print(f"{what}\n  pass or not: {passes(name)}\n  ideas:       {ideas(name)}")
    for answer in answers(words[1]) if words[:1] == ["-v"] else ():
        reading = read(rubric_of(answer.item), answer.text)
        if reading.passed != answer.passes or set(reading.ideas) != answer.groups:
            mark = "PASS" if reading.passed != answer.passes else "idea"
            print(f"\n{mark} {answer.item} {answer.kind}: {answer.text!r}\n  teacher {sorted(answer.groups)}")
            print(f"  rubric  {sorted(reading.ideas)} wrong={reading.wrong} heap={reading.heap}")


if __name__ == "__main__":
    main(sys.argv[1:])
