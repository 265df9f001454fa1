"""require line: requirements.txt, .env and .gitignore, in whatever encoding and line ends they have."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from grader.static_analysis.requirements import names_in_lines
from workshop.scaffold.by_hand import ByHand
from workshop.scaffold.edits import RequireLine

# The longest first: UTF-32's mark begins with UTF-16's. PowerShell's `pip freeze >` writes UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class LineFile:
    """A text file of lines: its byte order mark, its encoding and its text."""

    mark: bytes
    encoding: str
    text: str

    @property
    def newline(self) -> str:
        """What ends its lines."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def with_line(self, line: str) -> bytes:
        """The bytes of the file with one more line at its end."""
        gap = self.newline if self.text and not self.text.endswith(("\n", "\r")) else ""
        return self.mark + (self.text + gap + line + self.newline).encode(self.encoding)


def read(path: str, raw: bytes) -> LineFile:
    """Decode a line file. Raises ByHand if writing it back would not give the same bytes."""
    mark, encoding = next(((m, e) for m, e in _MARKS if raw.startswith(m)), (b"", "utf-8"))
    body = raw[len(mark) :]
    for candidate in (encoding, "latin-1") if encoding == "utf-8" else (encoding,):
        try:
            text = body.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and text.encode(candidate) == body:
            return LineFile(mark, candidate, text)
    raise ByHand(f"{path} is not a text file the workshop can read.")


def require_line(edit: RequireLine, path: str, raw: bytes | None) -> bytes | None:
    """The file with the line, or None if it says so already. Raises ByHand."""
    file = read(path, raw or b"")
    if is_requirements(path):
        if any(name == canonicalize_name(edit.key) for name in names_in_lines(file.text)):
            return None
        if "--hash=" in file.text:
            raise ByHand(f"{path} pins its packages by hash, and pip then wants a hash for every line.")
    elif is_env(path):
        if any(_variable(line) == edit.key for line in file.text.splitlines()):
            return None
    elif edit.key in (line.strip() for line in file.text.splitlines()):
        return None
    if file.text.rstrip("\r\n").endswith("\\"):
        raise ByHand(f"The last line of {path} ends with a backslash.")
    return file.with_line(edit.line)


def is_requirements(path: str) -> bool:
    """Whether a file is one of pip's requirement files."""
    return path.endswith((".txt", ".in"))


def is_env(path: str) -> bool:
    """Whether a file is one of variables."""
    name = path.rpartition("/")[2]
    return name == ".env" or name.startswith(".env.") or name.endswith(".env")


def _variable(line: str) -> str:
    """The variable that a line of a .env file sets; empty for a comment."""
    found = re.match(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=", line)
    return found[1] if found else ""
