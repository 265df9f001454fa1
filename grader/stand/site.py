"""The project as it would be on a server: its production settings, variables of the judge's, no .env."""

from __future__ import annotations

from grader.production import USUAL, Production, Server
from grader.servers.proxy import Proxy
from grader.stand.host import Host
from grader.stand.process import Entry
from grader.stand.stand import Stand

USUAL_DB = "1"

_SET = "from django.core.cache import cache\ncache.set('workshop-single', 'Muraho', 60)"


def server_of(proxy: Proxy, db: str = USUAL_DB, user: str = "", password: str = "") -> Server:
    """How the server behind a proxy is named to a project."""
    return Server(proxy.address.host, proxy.address.port, db, user, password)


class Site:
    """Enters the project by its production settings. Each way of entering is loaded once a run."""

    def __init__(self, host: Host, found: Production) -> None:
        self._host = host
        self.found = found

    def single(self, stand: Stand) -> str:
        """The variable by which one server that is no cluster can be used; the likeliest if none works."""
        return self._host.once("the variable for one server", lambda: self._single(stand))

    def _single(self, stand: Stand) -> str:
        for address in self.found.single:
            child = stand.of(self.enter(server_of(self._host.proxy), address))
            child.ask("run", "the shell ran", code=_SET)
            kept = self._host.redis.keys()
            self._host.redis.flush()
            if kept:
                return address
        return next(iter(self.found.single), "")

    def enter(
        self,
        server: Server | None,
        address: str | None = None,
        environment: str = USUAL,
        own_databases: bool = False,
    ) -> Host:
        """The project with the variable `address` (the likeliest one) naming `server`, or none at all.

        Raises StandTrouble if no database can be made; whether it loads is for the host to say.
        """
        if address is None:
            address = next(iter(self.found.addresses), "")
        variables = self.found.variables(address, server, environment)
        return self._host.entered(Entry(self.found.module, self._host.bare_copy, variables, own_databases))
