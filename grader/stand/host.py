"""Hosts one submission for one run: its copy, its private server, its database template, its routes."""

from __future__ import annotations

import copy
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from grader.servers.private import PATH_LIMIT, PrivateServer
from grader.servers.proxy import Proxy
from grader.spec import CheckFailed
from grader.stand import trouble
from grader.stand.api import Api, Routes
from grader.stand.copy import copy_project, copy_safely
from grader.stand.database import Database
from grader.stand.further import Further
from grader.stand.jail import find_jail
from grader.stand.process import Child, Entry, Limits, Project, Setting
from grader.stand.redis import Redis
from grader.stand.routes import find_routes
from grader.stand.templates import Templates, key_of
from grader.stand.timeline import Timeline
from grader.stand.zygote import Place, Zygote
from grader.submission import Submission

Found = TypeVar("Found")

ENOUGH_TO_TELL_APART = 2
"""Rows seeded to find the routes; a project may show only a few a page."""

SOCKET_NAME = 20
"""Bytes of a slash and the name of a child's socket, at most."""


class Host:
    """A context manager. Starting it starts the server and the project; neither is waited for."""

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
        self._zygotes: list[Zygote] = []
        self._projects: list[Project] = []
        self._kept: dict[str, object] = {}

    def __enter__(self) -> Self:
        self._scratch = _short_folder()
        # The project can write to these two, and to nothing else that is here.
        self._copy, self._databases = self._scratch / "project", self._scratch / "databases"
        self._template = self._scratch / "template.sqlite3"
        try:
            self._jail = find_jail(self._wanted)
            self._databases.mkdir()
            copies = [self._copy]
            if self._further:
                self._further.start()
                copies.append(self.bare_copy)
            for folder in copies:
                copy_project(self.submission.root, folder)
            (self.bare_copy / ".env").unlink(missing_ok=True)
            for folder in (*copies, self._databases):
                if self._jail:
                    self._jail.give(folder)
            self._server.start()
            self.proxy = Proxy(self._server.address).start()
            self._entry = Entry(self.submission.settings_module, self._copy)
            place = Place(self.submission, self._scratch, tuple(copies), self._databases)
            self._hatch = partial(Zygote, place, self.proxies, self._jail)
            self._zygotes.append(self._hatch())
            self._project = self._start({})
        except BaseException:
            self._clean()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clean()

    def _clean(self) -> None:
        for project in self._projects:
            project.close()
        for zygote in self._zygotes:
            zygote.close()
        if proxy := self.__dict__.get("proxy"):
            proxy.stop()
        self._server.stop()
        if self._further:
            self._further.stop()
        shutil.rmtree(self._scratch, ignore_errors=True)

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
    def bare_copy(self) -> Path:
        """A copy of the project without its .env, as on a server. Only where there are further servers."""
        return self._scratch / "bare"

    def entered(self, entry: Entry) -> Host:
        """The same host with the project entered in another way: a process of its own, all else is shared.

        It lives as long as this one. Raises StandTrouble if no database can be made.
        """
        self._once("template", self._make_template)
        _ = self.redis
        other = copy.copy(self)
        other._entry, other._kept = entry, {"template": True}
        other._project = other._start({})
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
    def server_version(self) -> str:
        """Name and version of the private server."""
        return self._server.version

    def description(self) -> Mapping[str, Any]:
        """What the project says it consists of. Raises StandTrouble if it does not load."""
        return self._once("description", self._project.loaded)

    def routes(self, word: str = "user") -> Routes:
        """Where the users live, or the passengers. Raises CheckFailed if no URL shows them; StandTrouble."""
        return self._once(f"routes of {word}s", partial(self._find_routes, word))

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
        self.redis.flush()
        if overrides:
            project = self._start(overrides)
            return project.child(database), database
        return self.another(database), database

    def shell(self, database: Path) -> Child:
        """A process of the project that has not loaded its URLs. Raises StandTrouble."""
        self.description()
        return self._start({}, urls=False).child(database)

    def written(self) -> int:
        """The bytes in all files of the project's copy."""
        files = [path for path in self._copy.rglob("*") if path.suffix != ".pyc"]
        return sum(path.lstat().st_size for path in files if path.is_file())

    def another(self, database: Path) -> Child:
        """A process of the project on `database`. Raises StandTrouble."""
        self.description()
        if not self._project.alive:
            self._project = self._start({})
        return self._project.child(database)

    def _start(self, overrides: Mapping[str, Any], urls: bool = True) -> Project:
        if not self._zygotes[-1].alive:  # an earlier check had to be killed
            self._zygotes.append(self._hatch())
        template = self._databases / "template.sqlite3"
        setting = Setting(self._zygotes[-1], self._entry, template, overrides, self._limits, urls)
        self._projects.append(Project(setting))
        return self._projects[-1]

    def _clone(self) -> Path:
        self._once("template", self._make_template)
        clone = self._databases / f"{secrets.token_hex(8)}.sqlite3"
        copy_safely(self._template, clone)
        if self._jail:
            self._jail.give(clone)
        return clone

    def _make_template(self) -> bool:
        key = key_of(self._copy, self.description()) if self._templates else ""
        if self._templates and self._templates.take(key, self._template):
            return True
        made = self._databases / "template.sqlite3"
        child = self.another(made)
        try:
            for deed, doing in (("migrate", "the migrations ran"), ("seed", "the first user was made")):
                reply = child.ask(deed, doing, timeout=self._limits.load)
                if not reply.get("ok"):
                    raise trouble.no_database(deed, reply.get("error") or {})
        finally:
            child.close()
        try:
            copy_safely(made, self._template)
        except OSError as error:
            facts = {"type": "OSError", "message": "the database file is gone"}
            raise trouble.no_database("migrate", facts) from error
        if self._templates:
            self._templates.keep(key, self._template)
        return True

    def _find_routes(self, word: str) -> Routes:
        try:
            return self._find_routes_as(word, login=False)
        except CheckFailed as alone:
            try:
                return self._find_routes_as(word, login=True)
            except CheckFailed:
                raise alone from None

    def _find_routes_as(self, word: str, login: bool) -> Routes:
        routes = self.description()["routes"]
        if word != "user":  # a user may be shown with all that is theirs: that is still the users' list
            routes = [route for route in routes if route["path"] != self.routes().list]
        child, path = self.open()
        database = self.database(path)
        table = database.users if word == "user" else database.passengers
        try:
            if table is None:
                raise CheckFailed(f"the project has no {word}s", "no_model")
            database.users.remove_all()
            headers = log_in(child) if login else {}
            table.insert(ENOUGH_TO_TELL_APART)
            api = Api(child, Timeline(*self.proxies), headers)
            return find_routes(routes, table, api, word, login)
        finally:
            database.close()
            child.close()
            self.redis.flush()  # the check that asked first finds the server as empty as all others do

    def _once(self, name: str, make: Callable[[], Found]) -> Found:
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


def _short_folder() -> Path:
    """A new folder whose sockets have paths that every system takes."""
    folder = Path(tempfile.mkdtemp(prefix="workshop-")).resolve()
    if len(os.fsencode(folder)) + SOCKET_NAME > PATH_LIMIT:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="workshop-", dir="/tmp")).resolve()
    return folder


def log_in(child: Child, key: Any = None) -> dict[str, str]:
    """Log a user in, or a superuser if no primary `key` is given: the headers of its requests.

    They hold a session for Django's views and the probe's own scheme for DRF's (`grader.probe.viewer`).
    """
    value = child.ask("login", "somebody logged in", key=key).get("value")
    if not isinstance(value, dict):
        return {}
    token = secrets.token_hex(16)  # Django compares the cookie with the header and nothing else
    return {
        "Cookie": f"{value.get('cookie')}; csrftoken={token}",
        "X-CSRFToken": token,
        "Authorization": f"Workshop {value.get('user')}",
    }
