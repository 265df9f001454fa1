"""Errors of a project in the sandbox, each with a fault and sentences that a learner can act on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from grader.result import Fault, SourceLocation


class SandboxError(Exception):
    """The project could not respond. The judge turns the error into the verdict of the check."""

    def __init__(
        self, fault: Fault, seen: str, means: str = "", try_: str = "", where: SourceLocation | None = None
    ) -> None:
        super().__init__(seen)
        self.fault = fault
        self.seen = seen
        self.means = means
        self.try_ = try_
        self.where = where


class Cancelled(Exception):
    """The caller cancelled the run, so there is no result."""


class LoadFailed(SandboxError):
    """The project raised while it was loaded. `facts` hold the error and its stage: settings, apps, urls."""

    facts: Mapping[str, Any] = MappingProxyType({})


class NoResponse(SandboxError):
    """A request got no response: the process ended, or did not respond in time."""


def source_location(facts: Mapping[str, Any]) -> SourceLocation | None:
    """Return the learner's line that `facts` (see `grader.probe.errors`) name, or None."""
    file, line = facts.get("file"), facts.get("line")
    if not isinstance(file, str) or not isinstance(line, int) or not file or not line:
        return None  # the location is unknown or forged
    return SourceLocation(file.replace("\\", "/"), line)


def exception_sentence(facts: Mapping[str, Any]) -> str:
    """Describe an exception: `NameError: name 'cache' is not defined (users/views.py, line 12)`."""
    paths = source_location(facts)
    text = f"{facts.get('type', 'Error')}: {facts.get('message', '')}".strip().rstrip(".")
    return f"{text} ({paths.file}, line {paths.line})" if paths else text


def load_failed(facts: Mapping[str, Any], own_modules: frozenset[str]) -> LoadFailed:
    """Return the error for `facts` of a failed load. `own_modules` are the project's top-level names."""
    raised = _load_failed(facts, own_modules)
    raised.facts = facts
    return raised


def _load_failed(facts: Mapping[str, Any], own_modules: frozenset[str]) -> LoadFailed:
    named = facts.get("missing")
    missing = named.partition(".")[0] if isinstance(named, str) else ""
    if missing and missing not in own_modules:
        return LoadFailed(
            Fault.ENVIRONMENT,
            f"the project needs the package {missing!r}, and its Python does not have it",
            "Your code may be right: the machine lacks a package it imports.",
            "Install the project's packages: python -m pip install -r requirements.txt",
            source_location(facts),
        )
    if facts.get("type") == "SystemExit":
        return LoadFailed(
            Fault.CODE,
            f"the project ended itself while it was loading ({facts.get('message', '')})",
            "Something calls sys.exit() at import time; no server could ever start.",
            "Look at the line named here, and let the settings load to their end.",
            source_location(facts),
        )
    variable = facts.get("variable")
    if isinstance(variable, str) and variable.isidentifier() and variable.isascii():
        return LoadFailed(
            Fault.CODE,
            f"the project does not start: {exception_sentence(facts)}",
            f"The environment has no {variable}. The workshop gives a project no variables of your shell.",
            f"Put {variable} into the file .env beside manage.py, and let your settings read that file.",
            source_location(facts),
        )
    return LoadFailed(
        Fault.CODE,
        f"the project does not start: {exception_sentence(facts)}",
        "Django raised an error while it loaded your settings, apps or URLs. No request can be answered.",
        "Run `python manage.py check`: it shows the same error with every line that led to it.",
        source_location(facts),
    )


def ended(doing: str, log: str = "") -> NoResponse:
    """Return the error for a process that ended while `doing`; `log` is its output."""
    last = log.strip().splitlines()[-1:] if log.strip() else []
    return NoResponse(
        Fault.CODE,
        f"the project's process ended while {doing}"
        + (f"; the last thing it said: {last[0][:200]}" if last else ""),
        "Something in the project stopped the whole process (os._exit, a crash), not just the request.",
        "Look for calls that end the process in the code that runs here.",
    )


def hung(doing: str, seconds: float) -> NoResponse:
    """Return the error for a process that did not respond within `seconds`."""
    return NoResponse(
        Fault.CODE,
        f"no answer within {seconds:g} s while {doing}",
        "An endless loop, or a wait for something that never comes.",
        "Look for a loop whose condition never changes in the code that runs here.",
    )


def flooded(doing: str, limit: int) -> NoResponse:
    """Return the error for a process that printed more than `limit` bytes."""
    return NoResponse(
        Fault.CODE,
        f"more than {limit // 1_000_000} MB were printed while {doing}",
        "A print or a log call in a loop. The workshop stopped the project before it filled your disk.",
        "Remove the print, or log once per request.",
    )


def no_database(deed: str, facts: Mapping[str, Any]) -> SandboxError:
    """Return the error for `deed`, `migrate` or `seed`, which raised."""
    if deed == "migrate":
        seen, means = "the migrations do not run", "No table could be made, so there is nothing to show."
        try_ = "Run `python manage.py makemigrations` and `python manage.py migrate` on an empty database."
    else:
        seen, means = "no user could be saved", "Something that runs when a user is saved raised an error."
        try_ = "Look at the line named here: a signal receiver, save() or clean() of your user model."
    return SandboxError(
        Fault.CODE, f"{seen}: {exception_sentence(facts)}", means, try_, source_location(facts)
    )


def shell_failed(code: str, facts: Mapping[str, Any]) -> SandboxError:
    """Return the error for code that raised, though any project should be able to run it in a shell."""
    return SandboxError(
        Fault.CODE,
        f"in a shell, {code.splitlines()[-1]} raised {exception_sentence(facts)}",
        "The cache that your settings describe cannot be used.",
        "Try the same line in `python manage.py shell`.",
        source_location(facts),
    )


def database_replaced() -> SandboxError:
    """Return the error for another file, or a link, at the path of the check's own database."""
    return SandboxError(
        Fault.CODE,
        "the file of the project's database was replaced while the check ran",
        "The workshop made this database for the check, and looks at no other.",
        "Look for code that moves, links or removes the database's file.",
    )


def database_unusable(error: Exception) -> SandboxError:
    """Return the error for a database that the judge cannot use any more."""
    return SandboxError(
        Fault.CODE,
        f"the project's database could not be used: {error}",
        "Something in the project has locked, damaged or replaced the database's file while the check ran.",
        "Look for a transaction that is never ended, and for code that touches the file itself.",
    )


def forged(doing: str) -> SandboxError:
    """Return the error for a control message that the probe did not send."""
    return SandboxError(
        Fault.CODE,
        f"while {doing}, something in the project wrote to the workshop's own channel",
        "What comes there is not believed, and without it the project cannot be asked anything.",
        "Look for code that writes to file descriptors that it did not open.",
    )


def server_blocked() -> SandboxError:
    """Return the error for a Redis script that blocks the private server and cannot be killed."""
    return SandboxError(
        Fault.CODE,
        "the Redis server answers nobody any more: a script of the project's runs in it without end",
        "Redis does one thing at a time. A script that never ends stops everybody, the workshop too.",
        "Look for an EVAL whose loop never ends.",
    )
