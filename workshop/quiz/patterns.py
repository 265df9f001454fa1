"""A small language for ideas: which words, near which others, say it.

    copy|snapshot                      one of these words, in any form (they are stemmed)
    store|keep + result|answer         both, in one sentence, in any order
    after .. commit|save               the second at most five words after the first
    out_of_date                        words that follow each other
    NOT .. query                       a negation, and then the word

Long words may have one typing mistake. A word does not count if a negation stands up to three words before
it in its clause, unless the pattern itself asks for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from workshop.quiz.stemming import Sentence, stem

NEAR = 5
"""Words between two that belong together, at most."""
GUARD = 3
"""Words that a negation reaches."""
LONG = 6
"""Letters of a stem from which on one may be missing; with one more, one may be wrong or two be turned."""
NOT = "NOT"

_NEGATIONS = frozenset({"not", "no", "never", "nor", "neither", "without", "none"})
_UNDOING = ("avoid", "prevent", "skip", "reduce", "save", "fail", "less", "fewer")
"""Words that turn a negation round: who never avoids a query makes it."""

Chain = tuple[tuple[tuple[str, ...], ...], ...]
"""Elements in their order; each is its alternatives, and these are stems that follow each other."""


@cache
def _undoing() -> frozenset[str]:
    return frozenset(map(stem, _UNDOING))  # not while this is imported: the stemmer takes a while to load


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to say an idea."""

    parts: tuple[Chain, ...]
    negated: bool

    def in_sentence(self, sentence: Sentence) -> bool:
        """Whether the sentence says it."""
        return all(self._has(sentence, chain, 0, -1) for chain in self.parts)

    def _has(self, sentence: Sentence, chain: Chain, at: int, last: int) -> bool:
        if at == len(chain):
            return True
        stop = len(sentence) if at == 0 else min(len(sentence), last + NEAR + 2)
        for start, end in _places(sentence, chain[at], last + 1, stop):
            if not self.negated and _is_negated(sentence, start):
                continue
            if at and chain[at - 1] == ((NOT,),) and _undone(sentence, last + 1, start):
                continue
            if self._has(sentence, chain, at + 1, end):
                return True
        return False


def parse(text: str) -> Pattern:
    """Read a pattern. Raises ValueError if it is empty or a piece of it is."""
    parts = tuple(
        tuple(tuple(_stems(each) for each in element.split("|")) for element in part.split(" .. "))
        for part in text.split(" + ")
    )
    if not all(stems and all(stems) for chain in parts for element in chain for stems in element):
        raise ValueError(f"{text!r} has an empty piece")
    return Pattern(parts, any((NOT,) in element for chain in parts for element in chain))


def _stems(alternative: str) -> tuple[str, ...]:
    word = alternative.strip()
    return (NOT,) if word == NOT else tuple(stem(each) for each in word.lower().split("_"))


def _places(
    sentence: Sentence, element: tuple[tuple[str, ...], ...], start: int, stop: int
) -> Iterator[tuple[int, int]]:
    """Where `element` stands from `start` on, beginning before `stop`: its first and last word."""
    for at in range(start, stop):
        for stems in element:
            if stems == (NOT,):
                if sentence[at].raw in _NEGATIONS:
                    yield at, at
            elif len(sentence) - at >= len(stems) and all(
                alike(word.stem, wanted) for word, wanted in zip(sentence[at:], stems, strict=False)
            ):
                yield at, at + len(stems) - 1


@cache
def alike(stem: str, wanted: str) -> bool:
    """Whether a stem is the one that is wanted, or that with one typing mistake, if it is long enough."""
    if stem == wanted:
        return True
    short, long = sorted((stem, wanted), key=len)
    if len(short) < LONG or len(long) == LONG or stem[0] != wanted[0] or len(long) - len(short) > 1:
        return False
    start = next(
        (at for at, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short)
    )
    rest, other = short[start:], long[start:]
    if len(short) < len(long):
        return rest == other[1:]
    return rest[1:] == other[1:] or (rest[2:] == other[2:] and rest[:2] == other[1::-1])


def _is_negated(sentence: Sentence, at: int) -> bool:
    before = sentence[max(0, at - GUARD) : at]
    return any(word.raw in _NEGATIONS and word.clause == sentence[at].clause for word in before)


def _undone(sentence: Sentence, start: int, stop: int) -> bool:
    return any(word.stem in _undoing() for word in sentence[start:stop])
