"""What a plan says: which files change and what became of each edit. Light: no libcst here."""

from __future__ import annotations

import difflib
import io
import tokenize
from dataclasses import dataclass
from enum import StrEnum

from workshop.scaffold.edits import Edit


class EditState(StrEnum):
    """What a plan can do about one edit."""

    WILL_APPLY = "will apply"
    PRESENT = "present"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after. None means: there is no such file.

    `path` is relative to the project, with forward slashes, and names no symlink. `mode` is the
    permission bits for a file that is made anew; None means the usual ones of this machine.
    """

    path: str
    before: bytes | None
    after: bytes | None
    mode: int | None = None

    def diff(self) -> str:
        """The change as a unified diff. Bytes that are no text are shown as question marks."""
        return unified_diff(self.path, self.before, self.after)


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """What became of one edit.

    `file` is where it is done, or where it would have gone. For BY_HAND, `reason` says in a sentence
    why nothing is written, `fragment` is the source to paste, `place` says where it goes, and `diff`
    is what `replace` would do where the learner has a version of their own.
    """

    edit: Edit
    state: EditState
    file: str
    reason: str = ""
    fragment: str = ""
    place: str = ""
    diff: str = ""


@dataclass(frozen=True, slots=True)
class EditPlan:
    """All changes a list of edits comes to (one a file), and one outcome an edit, in order."""

    changes: tuple[FileChange, ...]
    outcomes: tuple[EditOutcome, ...]

    @property
    def by_hand(self) -> tuple[EditOutcome, ...]:
        """What the learner has to do themselves."""
        return tuple(o for o in self.outcomes if o.state is EditState.BY_HAND)


def unified_diff(path: str, before: bytes | None, after: bytes | None) -> str:
    """The unified diff between two versions of a file; empty if they are equal."""
    lines = difflib.unified_diff(
        _lines(before),
        _lines(after),
        "/dev/null" if before is None else f"a/{path}",
        "/dev/null" if after is None else f"b/{path}",
        lineterm="",
    )
    return "".join(f"{line}\n" for line in lines)


def _lines(raw: bytes | None) -> list[str]:
    """The lines of a file for showing: decoded as the file says, line ends left out."""
    if raw is None:
        return []
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        except SyntaxError:
            encoding = "utf-8"
    text = raw.decode(encoding, errors="replace")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    else:
        lines[-1] += "  (no newline at the end)"
    return [line.removesuffix("\r") for line in lines]
