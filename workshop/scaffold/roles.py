"""The files and folders that edits name by their role, as a project has them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from grader.static_analysis.production_settings import find_production
from grader.submission import Submission

BASES = ("base.py", "common.py")


def roles(submission: Submission, named: Mapping[str, str]) -> dict[str, str]:
    """What each role stands for in this project; `named` is what the learner's workshop.toml names.

    `settings` is the file that the settings are written in. `production_package` is the folder where those
    of production belong: there is none if the project has them in a place of its own.
    """
    if submission.settings_file is None:
        return {}
    package = _package(submission)
    settings = _written(submission.root, package, submission.settings_file)
    found = {"settings": settings.as_posix()}
    production = find_production(submission, named)
    if production is None or production.file.parent == package:
        found["production_package"] = package.as_posix()
    return found


def _package(submission: Submission) -> Path:
    """The folder that holds the settings, or would if they were a package."""
    path = Path(*submission.settings_module.split("."))
    parent = submission.root / path.parent
    inside = path.parent.name == "settings" or any((parent / name).is_file() for name in BASES)
    return path.parent if inside and path.parent.parts else path


def _written(root: Path, package: Path, found: Path) -> Path:
    """The file in which the settings are: beside an empty `settings/__init__.py` that is settings.py."""
    beside = package.with_suffix(".py")
    if (
        found == package / "__init__.py"
        and (root / beside).is_file()
        and is_empty_module((root / found).read_bytes())
    ):
        return beside
    return found


def in_role(file: str, found: Mapping[str, str]) -> str:
    """The path of an edit with its role filled in, if the project has such a file or folder."""
    role, brace, rest = file.removeprefix("{").partition("}")
    return found[role] + rest if brace and role in found else file


def is_empty_module(raw: bytes) -> bool:
    """Whether a Python file says nothing, but for comments."""
    return all(not line.strip() or line.strip().startswith(b"#") for line in raw.splitlines())


def module_files(package: PurePosixPath) -> tuple[str, str]:
    """The two files that the module `package` can be written in."""
    return f"{package}.py", f"{package}/__init__.py"
