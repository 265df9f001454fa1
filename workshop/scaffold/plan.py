"""Works out what a list of edits would do to a project. Nothing is written: see `journal` for that."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import libcst as cst
from packaging.utils import canonicalize_name

from grader.errors import GraderError
from grader.static_analysis.requirements import names_in_lines, names_in_pyproject
from workshop.scaffold.by_hand import ByHand
from workshop.scaffold.changes import EditOutcome, EditPlan, EditState, FileChange, unified_diff
from workshop.scaffold.definitions import add_definition, decorate, set_name
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
from workshop.scaffold.entries import append_entry
from workshop.scaffold.instructions import pasted, place_of
from workshop.scaffold.line_files import is_requirements, read, require_line
from workshop.scaffold.locate import Locator
from workshop.scaffold.moves import in_the_style_of, moved
from workshop.scaffold.python_file import PythonFile, parse
from workshop.scaffold.roles import is_empty_module, module_files
from workshop.scaffold.unedited import Written, is_unedited
from workshop.scaffold.unify import Match, unify
from workshop.scaffold.workspace import Workspace

__all__ = ["EditOutcome", "EditPlan", "EditState", "FileChange", "plan"]


def plan(
    edits: Iterable[Edit],
    *,
    project: Path,
    fragments: Path | Sequence[Path],
    roles: Mapping[str, str] | None = None,
    replace: bool = False,
    written: Written | None = None,
) -> EditPlan:
    """What `edits` would do to the project whose manage.py lies in `project`.

    `fragments` is the folder of the fragments, or several that are searched in order. `roles` gives the
    file behind a role: {"settings": "config/settings.py"} for "{settings}". With `replace` a definition
    or binding of the learner's own is taken over; without, such an edit is left to them. `written` is what
    earlier starts wrote: such a piece is nobody's own if it was not edited since, and is taken over as well.

    Raises GraderError if the course is at fault: a fragment is missing, or does not hold what it should.
    """
    edits = tuple(edits)
    planner = _Planner(edits, project, fragments, roles or {}, replace, written or {})
    outcomes = tuple(planner.outcome(edit) for edit in edits)
    return EditPlan(planner.workspace.changes(), outcomes)


class _Planner:
    """One plan in the making."""

    def __init__(
        self,
        edits: Sequence[Edit],
        project: Path,
        fragments: Path | Sequence[Path],
        roles: Mapping[str, str],
        replace: bool,
        written: Written,
    ) -> None:
        self.workspace = Workspace(project.resolve())
        self.locator = Locator(edits, self.workspace, roles)
        self.folders = [fragments] if isinstance(fragments, Path) else list(fragments)
        self.replace = replace
        self.written = written
        self.left_as_it_is = set[tuple[str, str]]()

    def outcome(self, edit: Edit) -> EditOutcome:
        """Plan one edit into the workspace, or say why it is left to the learner."""
        source = self.fragment(edit)
        file = edit.file.rpartition("}")[2].lstrip("/") or edit.file
        try:
            file = self.locator.path_of(edit.file)
            file = self.locator.locate(edit)
            replace = self.replace or is_unedited(edit, file, self.workspace.read(file), self.written)
            changed = self.apply(edit, file, source, replace=replace)
        except ByHand as by_hand:
            diff = self.preview(edit, file, source) if by_hand.theirs else ""
            text, place = pasted(edit, source), by_hand.place or place_of(edit, file)
            return EditOutcome(edit, EditState.BY_HAND, file, by_hand.reason, text, place, diff)
        return EditOutcome(edit, EditState.WILL_APPLY if changed else EditState.PRESENT, file)

    def preview(self, edit: Edit, file: str, source: str) -> str:
        """What `replace` would do, as a diff. The workspace stays as it was."""
        kept = dict(self.workspace.before), dict(self.workspace.after)
        before = self.workspace.read(file)
        try:
            self.apply(edit, file, source, replace=True)
            return unified_diff(file, before, self.workspace.read(file))
        except ByHand:
            return ""
        finally:
            self.workspace.before, self.workspace.after = kept

    def fragment(self, edit: Edit) -> str:
        """The text of the edit's fragment, empty if it has none."""
        if not edit.fragment:
            return ""
        for folder in self.folders:
            path = folder / edit.fragment
            if path.is_file():
                return self.at_home(edit, path.read_text(encoding="utf-8"))
        raise GraderError(
            f"The fragment {edit.fragment} of the course is missing.", "Reinstall the workshop."
        )

    def at_home(self, edit: Edit, source: str) -> str:
        """A fragment, or an import, as it must read where the app that the edit names goes by another name.

        What it imports from that app stands beside it, wherever that is: `import users.signals` would fail
        in a project with apps/users, and `from . import signals` is right in all of them.
        """
        app, *below = PurePosixPath(edit.file).parts
        if not below or "{" in app or (self.workspace.root / app).is_dir():
            return source
        name, up = re.escape(app), "." * len(below)
        source = re.sub(rf"(?m)^(\s*)import {name}\.(\w+)(?=\s|$)", rf"\1from {up} import \2", source)
        return re.sub(rf"(?m)^(\s*)from {name}(?:\.([\w.]+))? import ", rf"\1from {up}\2 import ", source)

    def apply(self, edit: Edit, file: str, source: str, *, replace: bool) -> bool:
        """Plan the edit into the workspace; false if it is there already. Raises ByHand."""
        match edit:
            case CreateFile():
                if edit.if_missing and self.workspace.read(file) is not None:
                    return False
                return self.create(file, source, replace=replace)
            case MoveFile():
                return self.move(file, self.locator.path_of(edit.to), edit.leaves)
            case RequireLine():
                return self.require(edit, file)
            case SetName():
                return self.edit(file, lambda python: set_name(edit, python, source, replace=replace))
            case AddDefinition():
                changed = self.edit(
                    file, lambda python: add_definition(edit, python, source, replace=replace)
                )
                if edit.if_missing and not changed:
                    self.left_as_it_is.add((edit.file, f"{edit.into}.{edit.name}".lstrip(".")))
                return changed
            case Decorate() if (edit.file, edit.target) in self.left_as_it_is:
                return False
            case Decorate():
                decorated = dataclasses.replace(edit, import_=self.imported(edit))
                return self.edit(file, lambda python: decorate(decorated, python, replace=replace))
            case AppendEntry():
                appended = dataclasses.replace(edit, import_=self.imported(edit))
                return self.edit(file, lambda python: append_entry(appended, python))

    def imported(self, edit: Decorate | AppendEntry) -> str:
        """The import that an edit brings. Raises ByHand if the app it names has no such module.

        A learner who has done the same in a module of their own would get a project that does not start.
        """
        app = PurePosixPath(edit.file).parent.as_posix()
        if match := re.match(rf"from {re.escape(app)}\.(\w+) import ", edit.import_):
            near = PurePosixPath(self.locator.locate(edit)).parent
            homes = [home / match[1] for home in (PurePosixPath(app), near, near.parent)]
            files = [file for home in homes for file in (f"{home}.py", f"{home}/__init__.py")]
            if all(self.workspace.read(file) is None for file in files):
                raise ByHand(f"There is no {app}/{match[1]}.py in this project.")
        return self.at_home(edit, edit.import_)

    def edit(self, file: str, change: Callable[[PythonFile], cst.Module]) -> bool:
        raw = self.workspace.read(file)
        if raw is None:
            raise ByHand(f"There is no {file} in this project.")
        python = parse(file, raw)
        module = change(python)
        if module.code == python.module.code:
            return False
        self.workspace.write(file, python.render(module))
        return True

    def create(self, file: str, source: str, *, replace: bool) -> bool:
        there = self.workspace.read(file)
        wanted = source.encode()
        if there is not None:
            if there.replace(b"\r\n", b"\n") == wanted or (not replace and _filled_in(file, source, there)):
                return False
            if not replace:
                raise ByHand(f"You have your own {file}.", theirs=True)
        folder = PurePosixPath(file).parent
        module, init = module_files(folder)
        if there is None and self.workspace.read(module) is not None and self.workspace.read(init) is None:
            raise ByHand(
                f"{module} and a folder {folder}/ share a name: Python would find only the file.",
                place=f"Turn {module} into a package first: its place is then {folder}/base.py.",
            )
        self.workspace.write(file, wanted)
        return True

    def move(self, file: str, to: str, leaves: str = "") -> bool:
        raw, there = self.workspace.read(file), self.workspace.read(to)
        if file == to or (raw is None and there is not None):
            return False
        if raw is None:
            raise ByHand(f"There is no {file} in this project.")
        if leaves and self.is_package_already(file, to):
            return False
        if there is not None:
            raise ByHand(f"There is a {file} and a {to} in this project.")
        if self.workspace.real(file) != file:
            raise ByHand(f"{file} is a symlink.")
        self.workspace.move(file, to, moved(raw, file, to))
        if leaves:
            self.workspace.write(module_files(PurePosixPath(to).parent)[1], in_the_style_of(raw, leaves))
        return True

    def is_package_already(self, file: str, to: str) -> bool:
        """Whether the package of `to` has its base, and `file` is another module of it. Raises ByHand."""
        package = PurePosixPath(to).parent
        module, init = module_files(package)
        if file not in (module, init):
            if self.workspace.read(to) is not None:
                return True
            raise ByHand(
                f"Your settings are a package already, and manage.py uses {file}.",
                place=f"Leave it as it is; what {package}/production.py inherits from is for you to say.",
            )
        if not is_empty_module(self.workspace.read(init if file == module else module) or b""):
            raise ByHand(
                f"There is a {module} and a {init}: Python reads the folder and never the file.",
                place=f"Put the settings that count into {to}, and let {init} import them.",
            )
        return False

    def require(self, edit: RequireLine, file: str) -> bool:
        raw = self.workspace.read(file)
        if raw is None and is_requirements(file) and (elsewhere := self.declared_elsewhere(edit)) is not None:
            return elsewhere
        changed = require_line(edit, file, raw)
        if changed is None:
            return False
        self.workspace.write(file, changed)
        return True

    def declared_elsewhere(self, edit: RequireLine) -> bool | None:
        """For a project without the requirements file: false if another file declares the package.

        None if no other file declares any, so that one may be made. Raises ByHand if one does, but
        not this package.
        """
        root = self.workspace.root
        files = sorted(
            [*root.glob("requirements*.txt"), *root.glob("requirements/*.txt"), root / "pyproject.toml"]
        )
        there = []
        for path in files:
            raw = self.workspace.read(path.relative_to(root).as_posix())
            if raw is None:
                continue
            names = _declared(path.name, raw)
            if canonicalize_name(edit.key) in names:
                return False
            if names or path.suffix == ".txt":
                there.append(path.relative_to(root).as_posix())
        if there:
            raise ByHand(f"This project lists its packages in {' and '.join(there)}, not in {edit.file}.")
        return None


def _declared(name: str, raw: bytes) -> frozenset[str]:
    """The packages that a requirements file or a pyproject.toml asks for."""
    text = read(name, raw).text
    return frozenset(names_in_pyproject(text) if name == "pyproject.toml" else names_in_lines(text))


def _filled_in(file: str, source: str, there: bytes) -> bool:
    """Whether a file is the template with its blanks filled in."""
    if not file.endswith(".py"):
        return False
    try:
        return isinstance(unify(source, there.decode()), Match)
    except UnicodeDecodeError:
        return False
