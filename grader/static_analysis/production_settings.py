"""Finds a project's production settings and their environment variables without running the project.

The result only chooses what the judge tries; the behaviour of the project decides the verdict.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.project_files import is_skipped
from grader.servers.configured_url import Variable, environment_lookups, settings_tree
from grader.submission import Submission, settings_file

MODULE_OPTION = "production_settings"
VARIABLES_OPTION = "production_variables"
"""The names in workshop.toml of the settings module and of the table with its variables."""

USUAL = "production"
"""The default name of the environment."""

NAMES = ("production", "prod", "settings_production", "settings_prod", "production_settings", "prod_settings")
"""The usual file names of production settings, the name in the handout first."""

_TELLS = re.compile(r"(^|_)(ENV|ENVIRONMENT|STAGE|PRODUCTION)$|CLUSTER")
"""Variables by which a single settings file distinguishes production."""
_CACHE = re.compile("REDIS|VALKEY|CACHE")
_AN_ENVIRONMENT = re.compile(r"PREFIX|NAMESPACE|(^|_)(ENV|ENVIRONMENT|STAGE)$")
_DEEPEST = 4
_MOST_FILES = 12


@dataclass(frozen=True, slots=True)
class Server:
    """A server's address and credentials for a project; `db`, `user` and `password` may be empty."""

    host: str
    port: int
    db: str = ""
    user: str = ""
    password: str = ""

    @property
    def url(self) -> str:
        """The Redis URL of the server."""
        entry = f"{self.user}:{self.password}@" if self.password else ""
        return f"redis://{entry}{self.host}:{self.port}" + (f"/{self.db}" if self.db else "")


@dataclass(frozen=True, slots=True)
class Production:
    """The production settings of a project.

    `file` is relative to the project. `own` are the variables that the file itself looks up, `inherited`
    those that the project's imported files look up. `fixed` are the values in workshop.toml.
    """

    module: str
    file: Path
    own: tuple[Variable, ...]
    inherited: tuple[Variable, ...]
    fixed: Mapping[str, str]

    @property
    def addresses(self) -> tuple[str, ...]:
        """The variables that can hold the address of Redis, the likeliest for production first.

        A variable for the host stands for the port as well.
        """
        named = [name for name in self.fixed if _is_address(name)]
        own = [each.name for each in self.own if _is_address(each.name)]
        inherited = [each.name for each in self.inherited if _is_address(each.name)]
        return tuple(dict.fromkeys([*named, *own, *inherited]))

    @property
    def single(self) -> tuple[str, ...]:
        """The addresses in the order for a server without cluster: variables for a cluster come later."""
        own = {*self.fixed, *(each.name for each in self.own)}
        return tuple(sorted(self.addresses, key=lambda name: (name not in own, "CLUSTER" in name)))

    def variables(
        self, address: str, server: Server | None, environment: str = USUAL
    ) -> dict[str, str | None]:
        """Return variables in which only `address` names a server, which is `server`.

        If `server` is None, no variable names a server. `environment` is the value of variables for a prefix
        or a stage. A variable that must not be set is None.
        """
        given: dict[str, str | None] = dict.fromkeys(self.fixed)
        for each in (*self.own, *self.inherited):
            given[each.name] = _value(each, environment)
        for name, value in self.fixed.items():
            another = environment != USUAL and _AN_ENVIRONMENT.search(name)
            if not _is_address(name):
                given[name] = environment if another else value
        for name in (*self.fixed, *(each.name for each in (*self.own, *self.inherited))):
            if server and name == address:
                given[name] = server.host if name.endswith("HOST") else server.url
            elif server and address.endswith("HOST") and _CACHE.search(name):
                given |= _parts(name, server)
        return given

    @property
    def has_environment_variable(self) -> bool:
        """Whether a variable distinguishes environments, such as a prefix or a stage."""
        return any(_AN_ENVIRONMENT.search(each.name) for each in (*self.own, *self.inherited))


def find_production(submission: Submission, options: Mapping[str, str]) -> Production | None:
    """Return the production settings, or None.

    The first of these: the module in workshop.toml; a file with a usual name; the only settings file, if it
    looks up a variable that distinguishes production.
    """
    fixed = {
        name.removeprefix(f"{VARIABLES_OPTION}."): value
        for name, value in options.items()
        if name.startswith(f"{VARIABLES_OPTION}.")
    }
    if module := options.get(MODULE_OPTION):
        file = settings_file(submission.root, module)
        return _described(submission.root, module, file or _path(module), fixed)
    for file in _candidates(submission):
        return _described(submission.root, ".".join(file.with_suffix("").parts), file, fixed)
    if submission.settings_file:
        only = _described(submission.root, submission.settings_module, submission.settings_file, fixed)
        if any(_TELLS.search(each.name) for each in (*only.own, *only.inherited)):
            return only
    return None


def alone_in(submission: Submission) -> Production | None:
    """Return the settings of manage.py if they look up the address of Redis, or None."""
    if submission.settings_file is None:
        return None
    only = _described(submission.root, submission.settings_module, submission.settings_file, {})
    return only if only.addresses else None


def sources(root: Path, file: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Yield a settings file and the project's files that it imports, each once and parsed."""
    seen: set[Path] = set()
    waiting = [file]
    while waiting and len(seen) < _MOST_FILES:
        path = waiting.pop(0)
        tree = None if path in seen else settings_tree(root, path)
        seen.add(path)
        if tree is not None:
            yield path, tree
            waiting += [each for each in _imported(root, path, tree) if each not in seen]


def _described(root: Path, module: str, file: Path, fixed: Mapping[str, str]) -> Production:
    asked = {path: tuple(environment_lookups(tree)) for path, tree in sources(root, file)}
    own = asked.pop(file, ())
    names = {each.name for each in own}
    inherited = tuple(each for found in asked.values() for each in found if each.name not in names)
    return Production(module, file, own, inherited, fixed)


def _candidates(submission: Submission) -> list[Path]:
    home = Path(*submission.settings_module.split("."))
    found = [
        path.relative_to(submission.root)
        for path in _python_files(submission.root, _DEEPEST)
        if path.stem in NAMES and path.relative_to(submission.root) != submission.settings_file
    ]

    def far(path: Path) -> tuple[bool, bool, int, str]:
        beside = path.parent in (home, home.parent)
        return not beside, path.parent != home, NAMES.index(path.stem), path.as_posix()

    settings = [path for path in found if path.parent in (home, home.parent) or "settings" in path.as_posix()]
    return sorted(settings or [path for path in found if len(path.parts) <= 2], key=far)


def _python_files(folder: Path, depth: int) -> Iterator[Path]:
    try:
        children = sorted(folder.iterdir())
    except OSError:
        return
    for child in children:
        if child.is_dir():
            if depth and not is_skipped(child):
                yield from _python_files(child, depth - 1)
        elif child.suffix == ".py":
            yield child


def _imported(root: Path, file: Path, tree: ast.Module) -> Iterator[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            home = file.parent
            for _ in range(node.level - 1):
                home = home.parent
            prefix = ".".join(home.parts) if node.level else ""
            names = (
                [node.module] if node.module else [alias.name for alias in node.names if alias.name != "*"]
            )
            for name in [".".join(filter(None, (prefix, each))) for each in names] or [prefix]:
                if name and (path := settings_file(root, name)):
                    yield path


def _path(module: str) -> Path:
    return Path(*module.split(".")).with_suffix(".py")


def _is_address(name: str) -> bool:
    """Whether the variable can hold the address of Redis."""
    if not _CACHE.search(name):
        return False
    return not re.search(
        r"PASS|SECRET|TOKEN|USER|PREFIX|NAMESPACE|TTL|TIME|MAX|MIN|SSL|TLS|CERT|DB|DATABASE|PORT|BACKEND|CLASS|"
        r"COMPRESS|VERSION|CONNECT|RETR|IGNORE|ENABLE|USE_",
        name,
    )


def _parts(name: str, server: Server) -> dict[str, str]:
    """The value of a variable for the port, database or credentials, beside one for the host."""
    parts = {
        "PORT": str(server.port),
        "DB": server.db or "0",
        "DATABASE": server.db or "0",
        "PASSWORD": server.password,
        "USER": server.user,
        "USERNAME": server.user,
    }
    end = name.rpartition("_")[2]
    return {name: parts[end]} if parts.get(end) else {}


def _value(variable: Variable, environment: str) -> str | None:
    """A value for a variable without an address of Redis; None if its default is enough."""
    name = variable.name
    if _AN_ENVIRONMENT.search(name):
        return environment
    if "SECRET" in name and "KEY" in name:
        return "only-for-this-run-and-long-enough-for-any-check-of-its-length"
    if _is_address(name) or variable.default or not variable.required:
        return None
    if "DEBUG" in name:
        return "False"
    if "HOST" in name or "ORIGIN" in name:
        return "localhost"
    if "DATABASE_URL" in name or name == "DB_URL":
        return "sqlite:///db.sqlite3"
    return None if _CACHE.search(name) and name.endswith(("PASSWORD", "USER", "USERNAME")) else "1"
