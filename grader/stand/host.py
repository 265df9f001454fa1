"""Hosts one submission, run after run: its copy, its private server, its database template."""

from __future__ import annotations

import copy
import secrets
import shutil
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from grader.servers.private import PrivateServer, short_folder
from grader.servers.proxy import Proxy
from grader.spec import CheckFailed
from grader.stand import trouble
from grader.stand.copy import Copy, copy_safely
from grader.stand.database import Database
from grader.stand.further import Further
from grader.stand.jail import Jail, find_jail
from grader.stand.process import Child, Entry, Limits, Project
from grader.stand.projects import Projects
from grader.stand.redis import Redis
from grader.stand.templates import Template, Templates, key_of, migrate
from grader.stand.zygote import Place
from grader.submission import Submission

Found = TypeVar("Found")

SOCKET = "0123456789ab.socket"
"""As long as the name of a child's socket, or longer."""


class Host:
    """A context manager. Starting it starts the server and the project, which is not waited for."""

    def __init__(
        self,
        submission: Submission,
        limits: Limits | None = None,
        jail: bool | None = None,
        templates: Path | None = None,
        further: Further | None = None,
    ) -> None:
        """`jail` tells whether to confine the project; by default it is where the system can.

        In the folder `templates` migrated databases are kept for the next run. `further` are servers beside
        the run's own, for checks of how else the project can be entered; see `entered`.
        """
        self.submission = submission
        self._wanted = jail
        self._templates = Templates(templates) if templates else None
        self._limits = limits or Limits()
        self._server = PrivateServer()
        self._further = further
        self._projects: Projects | None = None
        self._cancelled = threading.Event()
        self._kept: dict[str, object] = {}

    def __enter__(self) -> Self:
        self._scratch = short_folder("workshop-", SOCKET)
        # The project can write to the copies and the databases, and to nothing else that is here.
        self._databases = self._scratch / "databases"
        self._template = Template(self._scratch / "template.sqlite3", self._templates)
        try:
            self._jail = find_jail(self._wanted)
            self._databases.mkdir()
            if self._jail:
                self._jail.give(self._databases)
            self._copies = [Copy(self._scratch / "project")]
            if self._further:
                self._further.start()
                self._copies.append(Copy(self.bare_copy))
            self._copy_anew()
            self.proxy = Proxy(self._server.launch().address).start()
            self._projects = Projects(self.place, self.proxies, self._jail, self._limits)
            self._server.ready().confine()
            self._begin()
        except BaseException:
            self._clean()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clean()

    def _clean(self) -> None:
        if self._projects:
            self._projects.close()
        if proxy := self.__dict__.get("proxy"):
            proxy.stop()
        self._server.stop()
        self.__dict__.pop("redis", None)
        if self._further:
            self._further.stop()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def renew(self, submission: Submission) -> None:
        """Host `submission` as it lies there now, for another run. Raises as starting does.

        The server and the zygote stay while they live and suit; the migrated database while nothing that it
        depends on has changed; and the project stays loaded if no file has changed at all.
        """
        stays = submission == self.submission and self._is_as_loaded()
        self.submission = submission
        self._cancelled.clear()
        self._processes.swept()
        try:
            self.redis.flush()
        except OSError:  # somebody has ended it
            self._clean()
            self._kept.clear()
            self.__enter__()
            return
        for proxy in self.proxies:
            proxy.up()
            proxy.forget()
        if not stays:
            self._processes.end()
            for left in self._databases.iterdir():
                left.unlink()
            self._copy_anew()
            self._processes.renew(self.place)
            self._kept.clear()
            self._begin()

    def cancel(self) -> None:
        """End the run, from any thread: who waits for the project gets no answer, and nothing new begins."""
        self._cancelled.set()
        self._processes.hang_up()

    @property
    def cancelled(self) -> bool:
        """Whether the run is to end; see `cancel`."""
        return self._cancelled.is_set()

    def kill(self) -> None:
        """End the project at once and in any case, from any thread."""
        self._processes.kill()

    def rest(self) -> None:
        """Between two runs a project with threads of its own would go on working: it is ended."""
        if not self._is_alone():
            self._processes.end()

    def _is_alone(self) -> bool:
        description = self._kept.get("description")
        return isinstance(description, dict) and int(description.get("threads", 1)) <= 1

    def _is_as_loaded(self) -> bool:
        if self.cancelled or not self._is_alone() or self._further:
            return False
        if any(isinstance(kept, trouble.StandTrouble) for kept in self._kept.values()):
            return False
        return self._copies[0].is_as_made() and self._processes.suits(self.place)

    @property
    def proxies(self) -> tuple[Proxy, ...]:
        """What stands before the private server, and before each further one."""
        return (self.proxy, *(self._further.proxies if self._further else ()))

    @property
    def further(self) -> Further:
        """The servers beside the run's own. Only if there are some."""
        assert self._further is not None
        return self._further

    @property
    def has_further(self) -> bool:
        """Whether there are servers beside the run's own."""
        return self._further is not None

    @property
    def bare_copy(self) -> Path:
        """A copy of the project without its .env, as on a server. Only where there are further servers."""
        return self._scratch / "bare"

    @property
    def copied(self) -> Path:
        """The copy of the project that is judged."""
        return self._copies[0].path

    def lay(self, database: Path | None, name: Path) -> None:
        """Put a copy of `database` into the bare copy, as the file `name`, or take that away again."""
        file = self.bare_copy / name
        file.unlink(missing_ok=True)
        if database is not None and file.parent.resolve().is_relative_to(self.bare_copy.resolve()):
            copy_safely(database, file)
            if self._jail:
                self._jail.give(file)

    def databases_of_its_own(self) -> list[Path]:
        """The SQLite files in the bare copy, by their path in the project."""
        return [path.relative_to(self.bare_copy) for path in self.bare_copy.rglob("*.sqlite3")]

    def entered(self, entry: Entry) -> Host:
        """The same host with the project entered in another way: a process of its own, all else is shared.

        It lives as long as this one. Raises StandTrouble if no database can be made.
        """
        key = f"entered {entry.settings} {sorted(entry.variables.items())} {entry.own_databases}"
        return self.once(key, lambda: self._entered(entry))

    def _entered(self, entry: Entry) -> Host:
        self.once("template", self._make_template)
        _ = self.redis
        other = copy.copy(self)
        other._entry, other._kept = entry, {"template": True}
        other._begin()
        return other

    @cached_property
    def redis(self) -> Redis:
        """The admin connection to the private server."""
        return Redis(self._server.client())

    @property
    def jail(self) -> str:
        """What confines the project."""
        return "bubblewrap" if self._jail else "none"

    @property
    def confine(self) -> Jail | None:
        """How to confine another process like the project's; None where there is no jail."""
        return self._jail

    @property
    def server_version(self) -> str:
        """Name and version of the private server."""
        return self._server.version

    def description(self) -> Mapping[str, Any]:
        """What the project says it consists of. Raises StandTrouble if it does not load."""
        return self.once("description", self._project().loaded)

    def database(self, path: Path, visible: str = "") -> Database:
        """The judge's handle on a project's database. `visible` is the column of the users that is shown."""
        description = self.description()
        return Database(path, description["user"], visible, description["passenger"])

    def open(self, overrides: Mapping[str, Any] | None = None) -> tuple[Child, Path]:
        """A fresh process of the project on a clone of the migrated template, and where the clone lies.

        `overrides` are settings that the check varies: then the project is loaded anew. The private
        server is emptied. Raises StandTrouble.
        """
        database = self._clone()
        self._processes.swept()  # or a process that lives on would write to what is emptied now
        self.redis.flush()
        if overrides:
            return self._project(overrides).child(database), database
        return self.another(database), database

    def shell(self, database: Path) -> Child:
        """A process of the project that has not loaded its URLs. Raises StandTrouble."""
        self.description()
        return self._project(urls=False).child(database)

    def written(self) -> int:
        """The bytes in all files of the project's copy."""
        return sum(self.sizes().values())

    def sizes(self) -> dict[Path, int]:
        """Every file of the project's copy, and its bytes."""
        files = [path for path in self.place.copy.rglob("*") if path.suffix != ".pyc"]
        return {path: path.lstat().st_size for path in files if path.is_file()}

    def another(self, database: Path) -> Child:
        """A process of the project on `database`. Raises StandTrouble."""
        self.description()
        return self._project().child(database, ahead=True)

    def _project(self, overrides: Mapping[str, Any] | None = None, urls: bool = True) -> Project:
        if self.cancelled:
            raise trouble.ended("the run was stopped")
        return self._processes.loaded(self._entry, overrides, urls)

    @property
    def _processes(self) -> Projects:
        assert self._projects is not None
        return self._projects

    def _begin(self) -> None:
        """Let the project load; nothing is waited for."""
        self._project()

    @property
    def place(self) -> Place:
        """Where the project is hosted."""
        copies = tuple(copy.path for copy in self._copies)
        return Place(self.submission, self._scratch, copies, self._databases)

    def _copy_anew(self) -> None:
        self._entry = Entry(self.submission.settings_module, self._copies[0].path)
        for each in self._copies:
            each.make(self.submission.root)
        (self.bare_copy / ".env").unlink(missing_ok=True)
        for each in self._copies:
            if self._jail:
                self._jail.give(each.path)
            each.seal()

    def _clone(self) -> Path:
        self.once("template", self._make_template)
        clone = self._databases / f"{secrets.token_hex(8)}.sqlite3"
        copy_safely(self._template.path, clone)
        if self._jail:
            self._jail.give(clone)
        return clone

    def _make_template(self) -> bool:
        self._template.prepare(key_of(self.place.copy, self.description()), self._migrate)
        return True

    def _migrate(self, to: Path) -> None:
        made = self._processes.first_database
        child = self.another(made)
        try:
            migrate(child, self._limits.load)
        finally:
            child.close()
        try:
            copy_safely(made, to)
        except OSError as error:
            facts = {"type": "OSError", "message": "the database file is gone"}
            raise trouble.no_database("migrate", facts) from error

    def once(self, name: str, make: Callable[[], Found]) -> Found:
        """Make something once a run; if that failed, fail in the same way each time."""
        if name not in self._kept:
            try:
                self._kept[name] = make()
            except (CheckFailed, trouble.StandTrouble) as error:
                self._kept[name] = error
        kept = self._kept[name]
        if isinstance(kept, (CheckFailed, trouble.StandTrouble)):
            raise kept
        return kept  # type: ignore[return-value]
