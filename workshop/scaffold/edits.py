"""The edits a task is made of, as data. Light: no libcst here, so that `hint` stays quick.

Every kind says of itself:

- `kind`: what activity.toml calls it
- `file`: the file that it is about, perhaps by its role: "{settings}"
- `fragment`: the file of the course that holds its source; empty if it has none
- `into`: the class that it goes into; empty if it goes into none
- `requires`: the line that the project needs from now on, in later activities too; empty if there is none

What else a kind needs, mypy names: each `match` on an edit has all kinds, and no default.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias


class Position(StrEnum):
    """Where in a list an entry goes."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class CreateFile:
    """Make `file` from the whole of `fragment`. Missing parent folders are made.

    With `if_missing` one that is there already is good as it is, and is never replaced.
    """

    kind: ClassVar[str] = "create file"
    into: ClassVar[str] = ""
    requires: ClassVar[str] = ""
    file: str
    fragment: str
    if_missing: bool = False


@dataclass(frozen=True, slots=True)
class SetName:
    """Bind the module-level `name` (CACHES, LOGGING) as `fragment` binds it: whole, never merged inside.

    Comments above the statement in the fragment come along, and imports the fragment has and the file
    lacks. A new binding goes after that of `after`, or to the end of the file.
    """

    kind: ClassVar[str] = "set name"
    into: ClassVar[str] = ""
    requires: ClassVar[str] = ""
    file: str
    name: str
    fragment: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class AddDefinition:
    """Add the function, method or class `name` of `fragment`, with the imports it has and the file lacks.

    `into` names the class that gets a method; empty means module level. In the fragment a method is
    written inside `class <into>:`, so that the fragment is a module that parses. With `if_missing` one that
    is there already is good as it is, whatever it looks like: neither replaced nor decorated by a later edit.
    """

    kind: ClassVar[str] = "add definition"
    requires: ClassVar[str] = ""
    file: str
    name: str
    fragment: str
    into: str = ""
    if_missing: bool = False


@dataclass(frozen=True, slots=True)
class Decorate:
    """Put `decorator` (source without the @) on the function or method `target` ("UserViewSet.list")."""

    kind: ClassVar[str] = "decorate"
    fragment: ClassVar[str] = ""
    requires: ClassVar[str] = ""
    file: str
    target: str
    decorator: str
    import_: str = ""

    @property
    def into(self) -> str:
        """The class whose method is decorated; empty for a function."""
        return self.target.rpartition(".")[0]

    @property
    def name(self) -> str:
        """The function or method that is decorated, without its class."""
        return self.target.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class AppendEntry:
    """Add `entry` (source) to a list (INSTALLED_APPS, urlpatterns), or call it on a router.

    With `to` = "INSTALLED_APPS" or "urlpatterns" the entry becomes an element; with `to` = "router"
    it is the argument list of a `router.register(...)` statement. `import_` is a line the file needs.
    """

    kind: ClassVar[str] = "append entry"
    fragment: ClassVar[str] = ""
    into: ClassVar[str] = ""
    requires: ClassVar[str] = ""
    file: str
    to: str
    entry: str
    position: Position = Position.LAST
    import_: str = ""


@dataclass(frozen=True, slots=True)
class RequireLine:
    """See that a line file (requirements.txt, .env, .gitignore) has `line`, found by `key`.

    In requirements the key is a distribution name compared as PEP 508 says; a learner's own version of
    it counts as there. In .env it is the variable name; in .gitignore the pattern itself.
    """

    kind: ClassVar[str] = "require line"
    fragment: ClassVar[str] = ""
    into: ClassVar[str] = ""
    file: str
    key: str
    line: str

    @property
    def requires(self) -> str:
        """The line itself."""
        return self.line


@dataclass(frozen=True, slots=True)
class MoveFile:
    """Move `file` to `to` (settings.py into a package).

    With `leaves`, a module that imports all of it, the old name goes on working: that becomes the package's
    `__init__.py`. Then only the module that the package takes the place of is moved, and nothing else.
    """

    kind: ClassVar[str] = "move file"
    fragment: ClassVar[str] = ""
    into: ClassVar[str] = ""
    requires: ClassVar[str] = ""
    file: str
    to: str
    leaves: str = ""


Edit: TypeAlias = CreateFile | SetName | AddDefinition | Decorate | AppendEntry | RequireLine | MoveFile
