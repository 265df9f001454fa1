"""What of a text is the learner's own: what is left when the handout's words are taken out.

The handout itself is not needed for that. Shipped are short hashes of each run of four of its words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

RUN = 4
"""Words in a row by which the handout is recognised."""
FILE = "handout.hashes"
_WORD = re.compile(r"\w+", re.UNICODE)


def hashes(text: str) -> frozenset[str]:
    """The hashes of all runs of words in `text`."""
    words = [match[0].lower() for match in _WORD.finditer(text)]
    return frozenset(_hash(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def own(text: str, handout: frozenset[str]) -> str:
    """`text` without the words that stand in the handout; punctuation and line ends are kept."""
    found = list(_WORD.finditer(text))
    words = [match[0].lower() for match in found]
    theirs: set[int] = set()
    for at in range(len(words) - RUN + 1):
        if _hash(words[at : at + RUN]) in handout:
            theirs.update(range(at, at + RUN))
    kept, last = [], 0
    for at, match in enumerate(found):
        if at in theirs:
            kept.append(text[last : match.start()])
            last = match.end()
    kept.append(text[last:])
    return "".join(kept).strip()


def is_empty(text: str) -> bool:
    """Whether no word is left."""
    return _WORD.search(text) is None


@cache
def of_the_handout(exercises: Path) -> frozenset[str]:
    """The hashes that the course ships."""
    return frozenset((exercises / FILE).read_text(encoding="ascii").split())


def write(handout: Path, file: Path) -> None:
    """Make the file of hashes from the handout."""
    found: Iterable[str] = sorted(hashes(handout.read_text(encoding="utf-8")))
    file.write_text("\n".join(found) + "\n", encoding="ascii")


def _hash(words: list[str]) -> str:
    return hashlib.blake2s(" ".join(words).encode(), digest_size=4).hexdigest()
