"""How a project of the corpus is made: a tree or another project, some files laid over it, and changes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from grader.errors import GraderError
from workshop.author.trees import TreeKind, build

STARTER = "starter"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one file. Which of the others are set says what kind it is.

    `old`, which stands exactly once in the file, is written as `new`; `append` comes at the file's end;
    `text` is the whole file, made anew; `to` is where it is moved; `link` is what it becomes a link to;
    and without any of them the file is removed.
    """

    file: str
    old: str | None = None
    new: str = ""
    append: str | None = None
    text: str | None = None
    to: str | None = None
    link: str | None = None

    def apply(self, project: Path) -> None:
        """Make the change. Raises GraderError if it does not fit."""
        path = project / self.file
        made = self.text is not None or self.link is not None
        if not made and not path.exists():
            raise self._misfit("there is no such file")
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.old is not None:
            text = path.read_text(encoding="utf-8")
            if (times := text.count(self.old)) != 1:
                raise self._misfit(f"it has {self.old!r} {times} times instead of once")
            path.write_text(text.replace(self.old, self.new), encoding="utf-8")
        elif self.append is not None:
            path.write_text(path.read_text(encoding="utf-8") + self.append, encoding="utf-8")
        elif self.text is not None:
            path.write_text(self.text, encoding="utf-8")
        elif self.link is not None:
            path.unlink(missing_ok=True)
            path.symlink_to(self.link)
        elif self.to is not None:
            (project / self.to).parent.mkdir(parents=True, exist_ok=True)
            path.rename(project / self.to)
        else:
            path.unlink()

    def _misfit(self, why: str) -> GraderError:
        return GraderError(f"A change of {self.file} does not fit: {why}.", "Mend the corpus.")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A project: `base` is a tree (with the edits through activity `through`) or another recipe.

    The files in the folder `overlay` are laid over it, then the `changes` are made.
    """

    base: Recipe | str
    through: int = 0
    overlay: Path | None = None
    changes: tuple[Change, ...] = ()

    def write(self, project: Path, trees: Trees) -> Path:
        """Make the project in the new folder `project`, and return that. Raises GraderError."""
        if isinstance(self.base, Recipe):
            self.base.write(project, trees)
        else:
            shutil.copytree(trees.tree(self.base, self.through), project, symlinks=True)
        if self.overlay is not None:
            shutil.copytree(self.overlay, project, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.pyc"))
        for change in self.changes:
            change.apply(project)
        return project

    def needs(self) -> set[tuple[str, int]]:
        """The tree that it stands on, and through which activity."""
        return self.base.needs() if isinstance(self.base, Recipe) else {(self.base, self.through)}


class Trees:
    """Trees that are built once, in one folder, and copied from there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tree(self, name: str, through: int) -> Path:
        """Where the tree lies: the starter, or the edits through an activity as `name` fills them."""
        upto = 0 if name == STARTER else through
        folder = self._folder / f"{name}-{upto}"
        if not folder.is_dir():
            build(folder, upto, TreeKind.CORE if name == STARTER else TreeKind(name))
        return folder
