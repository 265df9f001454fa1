"""Finds the file an edit belongs to. The edit's own `file` is the first guess; there is no second one."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import assert_never

from grader.project_files import python_files
from workshop.scaffold.by_hand import ByHand
from workshop.scaffold.edits import (
    AddDefinition,
    AppendEntry,
    CreateFile,
    Decorate,
    Edit,
    MoveFile,
    RequireLine,
    SetName,
)
from workshop.scaffold.workspace import Workspace


class Locator:
    """Knows where the classes of a project are. One for a plan, made before any edit is planned.

    Edits that name the same file stay together: if UserViewSet is found in users/api.py, then a helper
    meant for the same users/views.py goes there too.
    """

    def __init__(self, edits: Iterable[Edit], workspace: Workspace, roles: Mapping[str, str]) -> None:
        self.workspace = workspace
        self.roles = roles
        self.classes: dict[str, list[str]] | None = None
        self.together: dict[str, set[str]] = {}
        for edit in edits:
            if edit.into:
                try:
                    found = self._file_of_class(self.path_of(edit.file), edit.into)
                except ByHand:
                    continue
                self.together.setdefault(edit.file, set()).add(found)

    def path_of(self, file: str) -> str:
        """The path of an edit with its role filled in. Raises ByHand if the project has no such file."""
        if file.startswith("{"):
            role, _, rest = file[1:].partition("}")
            if role not in self.roles and role == "production_package":
                raise ByHand(
                    "Your project has production settings in a place of its own.",
                    place="Leave them there: `workshop check` judges yours. Ours is only to compare.",
                )
            if role not in self.roles:
                raise ByHand(f"The workshop did not find the {role} file of this project.")
            file = self.roles[role] + rest
        return self.workspace.moved.get(file, PurePosixPath(file).as_posix())

    def locate(self, edit: Edit) -> str:
        """The path of the file to edit, which exists, unless the edit may create it. Raises ByHand."""
        file = self.path_of(edit.file)
        match edit:
            case Decorate() if edit.into:
                try:
                    return self._file_of_class(file, edit.into)
                except ByHand as by_hand:
                    above = (
                        f"Put it on the line above whatever does the work of {edit.target} in your project"
                    )
                    raise ByHand(
                        by_hand.reason, place=f"{above}, and the import at the top of that file."
                    ) from None
            case AddDefinition() if edit.into:
                return self._file_of_class(file, edit.into)
            case AddDefinition() | Decorate() | SetName() | AppendEntry():
                return self._with_its_neighbours(edit.file, file)
            case CreateFile():
                return self._new_file(file)
            case RequireLine() | MoveFile():
                return file
        assert_never(edit)

    def _with_its_neighbours(self, named: str, file: str) -> str:
        near = self.together.get(named, set())
        if len(near) == 1:
            return next(iter(near))
        if self.workspace.read(file) is not None:
            return file
        same_end = [f for f in python_files(self.workspace.root) if f.endswith(f"/{file}")]
        if len(same_end) == 1:
            return same_end[0]
        name = PurePosixPath(file).name
        others = [f for f in python_files(self.workspace.root) if PurePosixPath(f).name == name]
        such = f", such as {' or '.join(others[:3])}" if others else ""
        place = f"Put it into the file that does the work of {file} in your project{such}."
        raise ByHand(f"There is no {file} in this project.", place=place)

    def _new_file(self, file: str) -> str:
        """A new file may bring new folders, but not a new top folder: that would be a guess at an app."""
        path = PurePosixPath(file)
        top = path.parts[0]
        if top == file or not file.endswith(".py") or (self.workspace.root / top).is_dir():
            return file
        if (home := self._home_of(top)) is None:
            raise ByHand(f"There is no folder {top} in this project.")
        return f"{home}/{path.relative_to(top)}"

    def _home_of(self, folder: str) -> str | None:
        """Where an app is that the project does not have in `folder`.

        That is the one place where the classes of its files were found under the same file names, or else
        the one folder of that name that has an apps.py or models.py. None if that is not clear.
        """
        homes = {
            PurePosixPath(found).parent.as_posix()
            for named, near in self.together.items()
            for found in near
            if named.startswith(f"{folder}/") and named == f"{folder}/{PurePosixPath(found).name}"
        }
        if not homes:
            marks = (f"/{folder}/apps.py", f"/{folder}/models.py")
            files = [file for file in python_files(self.workspace.root) if file.endswith(marks)]
            homes = {PurePosixPath(file).parent.as_posix() for file in files}
        return homes.pop() if len(homes) == 1 else None

    def _file_of_class(self, file: str, name: str) -> str:
        here = _top_classes(self.workspace.read(file))
        if here is None or name in here:
            return file  # if it is no Python, the edit says so
        files = self._classes().get(name, [])
        if len(files) == 1:
            return files[0]
        if files:
            raise ByHand(
                f"There is more than one class {name}: in {' and in '.join(files)}.",
                place="Put it inside the one that is used: your urls.py tells which one is imported.",
            )
        raise ByHand(
            f"There is no class {name} in this project{self._instead(file)}.",
            place=f"Put it inside your own class that does the work of {name}, and the imports at the top of "
            "that file. If yours is a function, do the same steps there.",
        )

    def _instead(self, file: str) -> str:
        """The classes that a file has, or else those of the files of that name, as the end of a sentence."""
        end = PurePosixPath(file).name
        near = [
            f"{name} ({path})" for name, paths in self._classes().items() for path in paths if path == file
        ]
        near = near or [
            f"{name} ({path})"
            for name, paths in self._classes().items()
            for path in paths
            if PurePosixPath(path).name == end
        ]
        return f", but there is {' and '.join(near[:3])}" if near else ""

    def _classes(self) -> dict[str, list[str]]:
        if self.classes is None:
            self.classes = {}
            for file in python_files(self.workspace.root):
                try:
                    real, names = self.workspace.real(file), _top_classes(self.workspace.read(file))
                except ByHand:
                    continue
                for name in names or ():
                    if real not in self.classes.setdefault(name, []):
                        self.classes[name].append(real)
        return self.classes


def _top_classes(raw: bytes | None) -> frozenset[str] | None:
    """The classes at the top level of a file, None if it is no Python."""
    if raw is None or b"class" not in raw:
        return frozenset()
    try:
        tree = ast.parse(raw)
    except (SyntaxError, ValueError):
        return None
    return frozenset(node.name for node in tree.body if isinstance(node, ast.ClassDef))
