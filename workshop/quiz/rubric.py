"""Which ideas an answer in words holds. Its score is advice: a short text never blocks a learner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.quiz.patterns import Pattern
from workshop.quiz.stemming import Sentence, sentences

_SMALL = """
a about after all an and are as at be because been before but by can could do does every first for
from has have he how i if in instead into is it its just like many may more most must next no not of
off on one only or other our out over own put same she should so some soon still such take than that
the their them then there these they this those through to too until up us use used we what when
where which while who why will with without would you your
"""
SMALL_WORDS = frozenset(_SMALL.split())
MOST = 5_000
"""Characters of an answer that are read: ten times what was asked for, and 0.5 s for the oddest."""
PROSE = 0.2
"""Share of small words below which a text is a heap of keywords and no thought."""


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea of a good answer: what it is called, how it reads on the screen, and how people say it."""

    id: str
    text: str
    ways: tuple[Pattern, ...]

    def said_in(self, answer: Sequence[Sentence]) -> bool:
        """Whether one of the sentences says it."""
        return any(way.in_sentence(sentence) for sentence in answer for way in self.ways)


@dataclass(frozen=True, slots=True)
class Misconception:
    """A thought that makes an answer wrong, and why."""

    why: str
    ways: tuple[Pattern, ...]

    def said_in(self, answer: Sequence[Sentence]) -> bool:
        """Whether one of the sentences says it."""
        return any(way.in_sentence(sentence) for sentence in answer for way in self.ways)


@dataclass(frozen=True, slots=True)
class Rubric:
    """What a good answer holds: at least `least` of the `ideas`, those in `needs` among them.

    A heap of keywords is an answer only where `is_list` is true; `most_sentences` of 0 sets no bound.
    """

    ideas: tuple[Idea, ...]
    misconceptions: tuple[Misconception, ...]
    least: int
    needs: frozenset[str] = frozenset()
    is_list: bool = False
    most_sentences: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in an answer."""

    rubric: Rubric
    ideas: tuple[str, ...]
    wrong: tuple[str, ...]
    sentences: int
    heap: bool

    @property
    def passed(self) -> bool:
        """Whether the rubric would let it pass."""
        enough = len(self.ideas) >= self.rubric.least and self.rubric.needs <= set(self.ideas)
        return enough and not self.wrong

    @property
    def score(self) -> float:
        """0 to 1: ideas found of those asked for; at most half with a misconception."""
        share = min(1.0, len(self.ideas) / self.rubric.least) if self.rubric.least else 1.0
        if self.passed:
            return 1.0
        return min(share, 0.5) if self.wrong else min(share, 0.9)


def read(rubric: Rubric, text: str) -> Reading:
    """Read an answer, up to its first `MOST` characters."""
    answer = sentences(text[:MOST])
    heap = not rubric.is_list and _is_heap(answer)
    found = () if heap else tuple(idea.id for idea in rubric.ideas if idea.said_in(answer))
    wrong = tuple(each.why for each in rubric.misconceptions if each.said_in(answer))
    count = sum(len(sentence) > 1 or rubric.is_list for sentence in answer)
    return Reading(rubric, found, wrong, count, heap)


def _is_heap(answer: Sequence[Sentence]) -> bool:
    words = [word.raw for sentence in answer for word in sentence]
    small = sum(word in SMALL_WORDS for word in words)
    return len(words) > 2 and small < PROSE * len(words)
