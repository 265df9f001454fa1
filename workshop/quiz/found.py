"""Answers in Markdown of the learner's own: answers.md, activity-1.md, a copy of the handout written into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from grader.project_files import is_file, is_skipped
from grader.reading import read_bytes
from workshop.course.load import content_root
from workshop.quiz.model import Item
from workshop.quiz.pasted import is_empty, of_the_handout, own
from workshop.quiz.stemming import plain

MOST_FILES = 50
MOST_BYTES = 300_000
LONGEST_CUE_LINE = 16
"""Words of a line that may be a heading or a question; a longer one is part of an answer."""


def found_in(root: Path, item: Item) -> str:
    """What the project's Markdown says to a question in words; empty if nothing.

    A line that holds one of the question's cues begins the answer; the next heading, or a line with the
    cue of another question of the handout, ends it. Only words that do not stand in the handout count.
    """
    handout = of_the_handout(content_root() / "exercises")
    texts = [own(part, handout) for file in _files(root) for part in _parts(_read(file), item, handout)]
    return "\n\n".join(text for text in texts if not is_empty(text))


def _files(root: Path) -> list[Path]:
    def walk(folder: Path, depth: int) -> Iterator[Path]:
        try:
            children = sorted(folder.iterdir())
        except OSError:
            return
        for child in children:
            if child.is_symlink():
                continue
            if child.is_dir() and depth and not is_skipped(child):
                yield from walk(child, depth - 1)
            elif child.suffix.lower() in (".md", ".markdown") and is_file(child):
                yield child

    return list(walk(root, 2))[:MOST_FILES]


def _read(file: Path) -> str:
    try:
        return read_bytes(file)[:MOST_BYTES].decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


def _parts(text: str, item: Item, handout: frozenset[str]) -> Iterator[str]:
    lines: list[str] | None = None
    for line in text.splitlines():
        bare = plain(line).strip()
        short = len(bare.split()) <= LONGEST_CUE_LINE
        if short and any(re.search(rf"\b{re.escape(cue)}\b", bare) for cue in item.cues):
            if lines:
                yield "\n".join(lines)
            # An answer may stand on the line of its question.
            lines = [re.split(r"[?:]", line, maxsplit=1)[1]] if re.search(r"[?:]", line) else []
        elif lines is not None and (line.startswith("#") or _ends(line, handout)):
            yield "\n".join(lines)
            lines = None
        elif lines is not None:
            lines.append(line)
    if lines:
        yield "\n".join(lines)


def _ends(line: str, handout: frozenset[str]) -> bool:
    """Whether the line is one of the handout's and asks something else."""
    return (
        bool(re.match(r"\s*(?:\d+\.|[-*]) ", line)) and is_empty(own(line, handout)) and len(line.split()) > 4
    )
