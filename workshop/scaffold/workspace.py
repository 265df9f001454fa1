"""The project as it would be: what several edits of one plan have made of it so far. Writes nothing."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from workshop.scaffold.by_hand import ByHand
from workshop.scaffold.changes import FileChange


@dataclass(slots=True)
class Workspace:
    """Reads the learner's files through the changes planned so far. `root` is the real project folder."""

    root: Path
    before: dict[str, bytes | None] = field(default_factory=dict)
    after: dict[str, bytes | None] = field(default_factory=dict)
    modes: dict[str, int] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)

    def real(self, file: str) -> str:
        """The path of `file` without symlinks. Raises ByHand if it leaves the project."""
        path = self.root / file
        try:
            resolved = path.resolve()
        except (OSError, RuntimeError) as error:
            raise ByHand(f"{file} is a symlink that leads nowhere.") from error
        if path.is_symlink() and not resolved.exists():
            raise ByHand(f"{file} is a symlink that leads nowhere.")
        if not resolved.is_relative_to(self.root):
            raise ByHand(f"{file} is a link to a file outside of the project, where nothing is changed.")
        return resolved.relative_to(self.root).as_posix()

    def read(self, file: str) -> bytes | None:
        """The bytes of a file as planned so far, or None. Raises ByHand if it cannot be read."""
        real = self.real(file)
        if real in self.after:
            return self.after[real]
        path = self.root / real
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except NotADirectoryError as error:
            raise ByHand(f"A part of the path {file} is a file, not a folder.") from error
        except IsADirectoryError as error:
            raise ByHand(f"{file} is a folder.") from error
        except OSError as error:
            raise ByHand(f"{file} cannot be read: {error.strerror}.") from error

    def write(self, file: str, raw: bytes | None) -> None:
        """Plan new bytes for a file; None removes it."""
        real = self.real(file)
        if real not in self.before:
            self.before[real] = self.read(file)
        self.after[real] = raw

    def move(self, file: str, to: str, raw: bytes) -> None:
        """Plan a move: `raw` at `to`, nothing at `file`, the permission bits kept."""
        mode = stat.S_IMODE((self.root / self.real(file)).stat().st_mode)
        self.write(file, None)
        self.write(to, raw)
        self.modes[self.real(to)] = mode
        self.moved[PurePosixPath(file).as_posix()] = to

    def changes(self) -> tuple[FileChange, ...]:
        """What is planned, a change a file, in the order in which the files were first touched."""
        return tuple(
            FileChange(path, before, self.after[path], self.modes.get(path))
            for path, before in self.before.items()
            if before != self.after[path]
        )
