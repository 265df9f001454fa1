"""Finds durations in log lines by their behaviour: a duration grows when the judge slows the cache.

The words, units and order of a line do not matter. A number counts if it lies within the time that the judge
measured, in each line of the same shape, and grows with the delay of the cache.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_ID = re.compile(r"\b[0-9a-f][0-9a-fx-]{7,}\b")
_WORD = re.compile(r"[^\W\d_]{3,}")
_UNIT = re.compile(r"\s*(ns|nano|[µμu]s|micro|ms|msec|milli|s\b|sec)", re.IGNORECASE)
_SECONDS = {"n": 1e-9, "µ": 1e-6, "μ": 1e-6, "u": 1e-6, "mi": 1e-6, "ms": 1e-3, "s": 1.0}
_NO_LABEL = frozenset(
    {"time", "timed", "took", "elapsed", "duration", "seconds", "second", "secs", "sec", "msec", "after"}
    | {"milliseconds", "millisecond", "info", "debug", "warning", "error", "the", "for", "execution"}
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a line. `half` is half a unit of its last digit; `scale` converts it to seconds.

    `scale` is None if the line has no unit.
    """

    value: float
    half: float
    scale: float | None

    def seconds(self) -> Iterator[tuple[float, float]]:
        """Yield each possible scale with the value in seconds."""
        for scale in (self.scale,) if self.scale else (1.0, 1e-3, 1e-6, 1e-9):
            yield scale, self.value * scale


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its `shape`, in which # and @ replace numbers and ids, its numbers, and its words."""

    shape: str
    numbers: tuple[Number, ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Window:
    """The possible duration of one request in seconds: at least `low` and at most `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DurationPlace:
    """The place of durations: the number at `index` in lines of this `shape`, converted by `scale`.

    `labels` are the words that all of these lines have in common, except words for time itself.
    """

    shape: str
    index: int
    scale: float
    labels: frozenset[str]


def read(line: str) -> Line:
    """Parse a line."""
    bare = _without_ids(line, "@")
    numbers = tuple(_number(match, bare) for match in _NUMBER.finditer(bare))
    words = frozenset(word.lower() for word in _WORD.findall(_without_ids(bare, " ")))
    return Line(_NUMBER.sub("#", bare), numbers, words)


def _without_ids(line: str, sign: str) -> str:
    """The line with `sign` for each id: hexadecimal digits, of which some are letters and some are not."""

    def replaced(match: re.Match[str]) -> str:
        letters, digits = (any(map(kind, match[0])) for kind in (str.isalpha, str.isdigit))
        return sign if letters and digits else match[0]

    return _ID.sub(replaced, line)


def durations(batches: Sequence[Sequence[str]], windows: Sequence[Sequence[Window]]) -> list[DurationPlace]:
    """Return every place with a duration for each request.

    A batch holds the lines that were logged during requests with the same delay; `windows` has a window for
    each of these requests. The next batch has a longer delay. The numbers must lie in the windows, and grow
    from batch to batch.
    """
    lines = [[read(line) for line in batch] for batch in batches]
    shapes = {line.shape for line in lines[0]} if lines else set()
    found = []
    for shape in sorted(shapes):
        kinds = [[line for line in batch if line.shape == shape] for batch in lines]
        for index, scale in _places(kinds[0]):
            values = [
                [_in_seconds(line.numbers[index], scale) for line in kind if len(line.numbers) > index]
                for kind in kinds
            ]
            if _fit(values, windows):
                found.append(DurationPlace(shape, index, scale, _labels(kinds)))
    return found


def counts(lines: Sequence[str]) -> dict[str, int]:
    """Return the number of lines of each shape."""
    found: dict[str, int] = defaultdict(int)
    for line in lines:
        found[read(line).shape] += 1
    return found


def _places(kind: Sequence[Line]) -> Iterator[tuple[int, float]]:
    for index, number in enumerate(kind[0].numbers):
        for scale, _ in number.seconds():
            yield index, scale


def _in_seconds(number: Number, scale: float) -> tuple[float, float]:
    return number.value * scale, number.half * scale


def _fit(values: Sequence[Sequence[tuple[float, float]]], windows: Sequence[Sequence[Window]]) -> bool:
    """Whether each batch has a value in the window for each request, and all values grow with the delay."""
    least: list[float] = []
    # A value in every batch, such as a line number in a traceback, does not depend on the delay.
    same = set.intersection(*(set(batch) for batch in values)) if len(values) > 1 else set()
    for batch, wanted in zip(
        [[one for one in batch if one not in same] for batch in values], windows, strict=True
    ):
        low, high = min(each.low for each in wanted), max(each.high for each in wanted)
        within = [value for value, half in batch if low - half <= value <= high + half]
        if len(within) < len(wanted):
            return False
        least.append(min(within))
    slower = [min(each.low for each in wanted) for wanted in windows]
    return all(
        after - before >= 0.8 * (low_after - low_before)
        for before, after, low_before, low_after in zip(least, least[1:], slower, slower[1:], strict=False)
    )


def _labels(kinds: Sequence[Sequence[Line]]) -> frozenset[str]:
    lines = [line for kind in kinds for line in kind]
    common = frozenset.intersection(*(line.words for line in lines))
    return common - _NO_LABEL


def _number(match: re.Match[str], line: str) -> Number:
    text = match[0]
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    half = 0.5 * 10.0 ** (int(exponent or 0) - decimals)
    unit = _UNIT.match(line, match.end())
    return Number(float(text), half, _scale(unit[1].lower()) if unit else None)


def _scale(unit: str) -> float:
    if unit.startswith("mil"):
        return 1e-3
    return next(scale for start, scale in _SECONDS.items() if unit.startswith(start))
