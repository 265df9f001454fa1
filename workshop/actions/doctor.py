"""`workshop doctor`: is everything here that a project needs? It looks, and runs nothing of the project's."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from grader.boundary.confined_judge import has_jail
from grader.boundary.getting_a_jail import no_jail
from grader.errors import MachineError, WorkshopError
from grader.sandbox.hosting.ask_interpreter import ask
from grader.sandbox.hosting.jail import Jail, detect
from grader.servers import binary
from grader.servers.configured_url import configured_url, environment_lookups, settings_tree, variables
from grader.servers.connection_check import COMMON_PORTS, check_connection
from grader.submission import Submission, find
from workshop.state.own_projects import is_own

OLDEST_PYTHON = (3, 11)
OLDEST_PROJECT_PYTHON = (3, 10)

PACKAGES = {
    "django": "Django",
    "rest_framework": "djangorestframework",
    "redis": "redis",
    "django_redis": "django-redis",
}
"""What a project imports, and what pip calls it."""

_ASK = """
import importlib.util, importlib.metadata, json, sys
def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
there = {m: version(d) for m, d in json.loads(sys.argv[1]).items() if importlib.util.find_spec(m)}
print(json.dumps({"python": sys.version_info[:3], "there": there}))
"""


class Severity(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: a sentence, and what to do if it is not well."""

    what: str
    state: Severity
    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """All findings, in the order in which one puts things right."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is bad."""
        return all(finding.state is not Severity.BAD for finding in self.findings)


def doctor(
    project: Path | None = None,
    python: Path | None = None,
    other_ports: Sequence[int] = COMMON_PORTS,
    standing_in: Path | None = None,
) -> DoctorReport:
    """Look at this machine and at the project at `project` (the current folder if None).

    `python` is the interpreter to use for it, `other_ports` the ports to try if its Redis refuses. Whatever
    is wrong is a finding: nothing is raised. `standing_in` is that of `is_own`: the Redis that a stranger's
    project names is not asked.
    """
    findings = [_our_python()]
    try:
        submission = find(project or Path.cwd(), python)
        submission = replace(submission, own=is_own(submission.root, standing_in))
    except WorkshopError as error:
        findings.append(Finding("project", Severity.BAD, error.sentence, error.remedy))
        submission = None
    if submission is not None:
        findings.append(_settings(submission))
        findings += _packages(submission)
        findings += _environment(submission)
    root, settings_file = (submission.root, submission.settings_file) if submission else (Path.cwd(), None)
    if submission is None or submission.own:
        findings.append(_redis(root, settings_file, other_ports))
    findings.append(_server())
    findings.append(_jail())
    return DoctorReport(tuple(findings))


def _our_python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:  # only where somebody got around the installer
        return Finding(
            "python",
            Severity.BAD,
            f"The workshop runs on Python {version}.",
            "It needs Python 3.11 or newer.",
        )
    return Finding("python", Severity.OK, f"The workshop runs on Python {version}.")


def _settings(submission: Submission) -> Finding:
    if submission.settings_file is None:
        return Finding(
            "project",
            Severity.BAD,
            f"The settings of {submission.root}, {submission.settings_module}, were not found.",
            "Check DJANGO_SETTINGS_MODULE in manage.py.",
        )
    if settings_tree(submission.root, submission.settings_file) is None:
        return Finding(
            "project",
            Severity.BAD,
            f"{submission.settings_file} cannot be read as Python.",
            "Run `python manage.py check`: it names the line.",
        )
    return Finding(
        "project", Severity.OK, f"Your project is {submission.root}, with {submission.settings_file}."
    )


def _packages(submission: Submission) -> Iterator[Finding]:
    jail = detect()
    if jail is None and submission.brings_python and not submission.own:
        yield Finding(
            "interpreter",
            Severity.WARN,
            f"{submission.python} came with the project and was not run: there is no jail for it here.",
            "With bubblewrap (Linux only) it can be asked what it has.",
        )
        return
    try:
        version, there = _ask(submission, jail)
    except MachineError as error:
        yield Finding("interpreter", Severity.BAD, error.sentence, error.remedy)
        return
    text = ".".join(map(str, version))
    sentence = f"Your project runs on Python {text} ({submission.python_origin})."
    if version < OLDEST_PROJECT_PYTHON:
        yield Finding("interpreter", Severity.BAD, sentence, "Make its .venv with Python 3.10 or newer.")
    else:
        yield Finding("interpreter", Severity.OK, sentence)
    missing = [PACKAGES[name] for name in PACKAGES if name not in there]
    if missing:
        needed_now = {"Django", "djangorestframework"} & set(missing)
        yield Finding(
            "packages",
            Severity.BAD if needed_now else Severity.WARN,
            f"Not installed for your project: {', '.join(missing)}.",
            f"{submission.python} -m pip install {' '.join(missing)}",
        )
    else:
        shown = ", ".join(f"{PACKAGES[name]} {there[name]}".strip() for name in PACKAGES)
        yield Finding("packages", Severity.OK, f"Installed for your project: {shown}.")
    for name in PACKAGES:
        for path in (submission.root / f"{name}.py", submission.root / name / "__init__.py"):
            if path.is_file():
                yield Finding(
                    "packages",
                    Severity.BAD,
                    f"Your own {path.relative_to(submission.root)} hides the package {PACKAGES[name]}.",
                    "Give it another name.",
                )


def _ask(submission: Submission, jail: Jail | None) -> tuple[tuple[int, ...], dict[str, str]]:
    """Version and packages of an interpreter. Raises MachineError if it does not run."""
    try:
        said = json.loads(ask(submission, jail, _ASK, [json.dumps(PACKAGES)]) or b"")
        version = tuple(map(int, said["python"][:3]))
        return version, {name: str(text)[:40] for name, text in said["there"].items()}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise MachineError(
            f"The interpreter of your project, {submission.python}, does not run.",
            "Make its virtual environment anew: python3 -m venv .venv",
        ) from error


_NEEDED = {
    "SECRET_KEY": "the project does not start",
    "ALLOWED_HOSTS": "every request is answered with 400",  # "".split(",") is [""], which is not empty
}


def _environment(submission: Submission) -> Iterator[Finding]:
    """What the settings ask the environment for and do not get (the reason of many a `400 Bad Request`)."""
    tree = settings_tree(submission.root, submission.settings_file)
    if tree is None:
        return
    present = (submission.root / ".env").is_file()
    known = variables(submission.root)
    complaints = []
    for statement in tree.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign):  # what is in an `if` may never be asked for
            continue
        assigned = ast.unparse(
            statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        )
        for variable in environment_lookups(statement):
            if known.get(variable.name) or variable.default:
                continue
            asks = f"{submission.settings_file}, line {variable.line}, takes {assigned} from {variable.name}"
            if variable.required and variable.name not in known:
                complaints.append(f"{asks}, which is not set: the project does not start.")
            elif assigned in _NEEDED:
                complaints.append(f"{asks}, which is not set: {_NEEDED[assigned]}.")
    remedy = f"Put the variable into {submission.root / '.env'}"
    remedy += "." if present else ", a file you do not have yet. Is there a .env.example to copy?"
    for sentence in complaints:
        yield Finding(".env", Severity.BAD, sentence, remedy)
    if not complaints:
        sentence = "There is a .env beside manage.py." if present else "There is no .env, and none is needed."
        yield Finding(".env", Severity.OK, sentence)


def _redis(root: Path, settings_file: Path | None, other_ports: Sequence[int]) -> Finding:
    found = configured_url(root, settings_file)
    verdict = check_connection(found.url, round_trip=True, other_ports=other_ports)
    where = "" if found.is_default else f" (from {found.origin})"
    if verdict.ok:
        sentence = f"{verdict.sentence.rstrip('.')}{where}, in {verdict.ms:.0f} ms."
        return Finding("redis", Severity.OK, sentence)
    return Finding("redis", Severity.BAD, verdict.sentence.rstrip(".") + where + ".", verdict.remedy)


def _jail() -> Finding:
    if has_jail():
        return Finding("jail", Severity.OK, "A project that is checked runs in a jail.")
    error = no_jail()
    return Finding("jail", Severity.WARN, error.sentence, error.remedy)


def _server() -> Finding:
    try:
        program = binary.find()
    except MachineError as error:
        return Finding("server", Severity.BAD, error.sentence, error.remedy)
    return Finding(
        "server", Severity.OK, f"{program.text} is there to check your work with ({program.origin})."
    )
