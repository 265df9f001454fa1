"""The project as on a server: its production settings, variables of the judge, no .env."""

from __future__ import annotations

from pathlib import Path

from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.sandbox.hosting.launch import EntryPoint
from grader.sandbox.hosting.project_copy import copy_safely, files_below
from grader.servers.proxy import Proxy
from grader.static_analysis.production_settings import USUAL, Production, Server

USUAL_DB = "1"

_SET = "from django.core.cache import cache\ncache.set('workshop-single', 'Muraho', 60)"


def server_of(proxy: Proxy, db: str = USUAL_DB, user: str = "", password: str = "") -> Server:
    """Return the address and credentials for a project of the server behind `proxy`."""
    return Server(proxy.address.host, proxy.address.port, db, user, password)


class ProductionApp:
    """The project by its production settings. Each entry point is loaded once per run."""

    def __init__(self, project: HostedProject, found: Production) -> None:
        self._project = project
        self.found = found

    def single(self, environment: CheckEnvironment) -> str:
        """Return the variable by which a server without cluster works; the likeliest if none works."""
        return self._project.once("the variable for one server", lambda: self._single(environment))

    def _single(self, environment: CheckEnvironment) -> str:
        for address in self.found.single:
            worker = environment.worker_of(self.enter(server_of(self._project.sandbox.proxy), address))
            worker.ask("run", "the shell ran", code=_SET)
            kept = self._project.sandbox.redis.keys()
            self._project.sandbox.redis.flush()
            if kept:
                return address
        return next(iter(self.found.single), "")

    def enter(
        self,
        server: Server | None,
        address: str | None = None,
        environment: str = USUAL,
        own_databases: bool = False,
    ) -> HostedProject:
        """Return the project with `server`, or None, in the variable `address` (default: the likeliest).

        Raises SandboxError if no database can be made. The project loads later: see `HostedProject.report`.
        """
        if address is None:
            address = next(iter(self.found.addresses), "")
        variables = self.found.variables(address, server, environment)
        return self._project.sandbox.enter(
            EntryPoint(self.found.module, self._project.sandbox.bare_copy, variables, own_databases)
        )

    def place_database(self, database: Path, name: Path) -> None:
        """Put a copy of `database` into the copy that production runs in, as the file `name`."""
        self.remove_database(name)
        if file := self._file(name):
            copy_safely(database, file)
            if jail := self._project.sandbox.jail:
                jail.make_writable(file)

    def remove_database(self, name: Path) -> None:
        """Take away what `place_database` put there."""
        if file := self._file(name):
            file.unlink(missing_ok=True)

    def own_databases(self) -> list[Path]:
        """Return the SQLite files in the production copy, as paths relative to the project."""
        copy = self._project.sandbox.bare_copy
        return [
            Path(each.path).relative_to(copy) for each in files_below(copy) if each.name.endswith(".sqlite3")
        ]

    def _file(self, name: Path) -> Path | None:
        """The file `name` in that copy; None if the project names one elsewhere, by `..` or a link."""
        copy = self._project.sandbox.bare_copy
        file = copy / name
        return file if file.parent.resolve().is_relative_to(copy.resolve()) else None
