"""What a learner reads about an edit that is left to them: what to paste, and where it goes."""

from __future__ import annotations

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


def pasted(edit: Edit, source: str) -> str:
    """The source to paste. `source` is the edit's fragment, empty if it has none."""
    match edit:
        case CreateFile() | SetName() | AddDefinition():
            return source
        case Decorate(decorator=decorator, import_=import_):
            return _lines(import_, f"@{decorator}")
        case AppendEntry(to="router", entry=entry, import_=import_):
            return _lines(import_, f"router.register({entry})")
        case AppendEntry(entry=entry, import_=import_):
            return _lines(import_, f"{entry},")
        case RequireLine(line=line):
            return _lines(line)
        case MoveFile():
            return ""


def place_of(edit: Edit, file: str) -> str:
    """Where it goes, in one sentence."""
    match edit:
        case CreateFile():
            return f"Save it as {file}, or in the app it belongs to."
        case SetName(name=name, after=after):
            where = f"below {after} or at the end" if after else "at the end"
            return f"Set {name} in {file}, {where}."
        case AddDefinition(name=name, into=into) if into:
            return f"Put {name} inside the class {into} ({file}), and the imports at the top of that file."
        case AddDefinition(name=name):
            return f"Put {name} into {file}, and the imports at the top of that file."
        case Decorate(target=target):
            return f"Put the decorator on the line above {target} ({file}), and the import at the top."
        case AppendEntry(to="router"):
            return f"Put it in {file}, below the line that makes the router."
        case AppendEntry(to=to, position=position):
            return f"Add it as the {position} element of {to} in {file}."
        case RequireLine():
            return f"Add the line to {file}, or wherever your project keeps such lines."
        case MoveFile(to=to):
            return f"Move {file} to {to}, and check the paths it makes from __file__."


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines if line)
