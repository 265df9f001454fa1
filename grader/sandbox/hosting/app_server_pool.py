"""The processes that have a submission loaded: one for each way of loading it, all from one zygote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.sandbox.hosting.app_server import AppServer, LaunchConfig
from grader.sandbox.hosting.jail import Jail
from grader.sandbox.hosting.launch import EntryPoint, Limits, SandboxPaths
from grader.sandbox.hosting.zygote import Zygote
from grader.servers.proxy import Proxy


class AppServerPool:
    """The zygote is started at once; a project when it is first asked for, and kept."""

    def __init__(
        self, paths: SandboxPaths, proxies: Sequence[Proxy], jail: Jail | None, limits: Limits
    ) -> None:
        self._place = paths
        self._proxies = proxies
        self._jail = jail
        self._limits = limits
        self._zygote = Zygote(paths, proxies, jail)
        self._loaded: dict[str, AppServer] = {}

    @property
    def first_database(self) -> Path:
        """What a project has for a database while it loads."""
        return self._place.databases / "first.sqlite3"

    def loaded(
        self, entry: EntryPoint, overrides: Mapping[str, Any] | None = None, urls: bool = True
    ) -> AppServer:
        """The project, entered by `entry`, with the settings `overrides`, and its URLs or none.

        It is started if it is not there, or not any more; nothing is waited for.
        """
        key = repr((entry, sorted((overrides or {}).items()), urls))
        server = self._loaded.get(key)
        if server is None or not server.alive:
            if server:
                server.close()
            if not self._zygote.alive:  # an earlier check had to be killed
                self._restart_zygote()
            config = LaunchConfig(
                self._zygote, entry, self.first_database, overrides or {}, self._limits, urls
            )
            server = self._loaded[key] = AppServer(config)
        return server

    def end(self) -> None:
        """End every project and wait; the zygote stays if all go willingly."""
        for server in self._loaded.values():
            if not server.end():
                self._zygote.kill()
        self._loaded.clear()

    def wait_for_sweep(self) -> None:
        """Wait until what the processes that have gone left behind has ended, too."""
        self._zygote.wait_for_sweep()

    def suits(self, paths: SandboxPaths) -> bool:
        """Whether the zygote, with what it has imported, suits what lies at `paths`."""
        return self._zygote.suits(paths)

    def renew(self, paths: SandboxPaths) -> None:
        """Load what lies at `paths` from now on. The zygote stays if it suits."""
        self._place = paths
        if not self.suits(paths):
            self._restart_zygote()

    def hang_up(self) -> None:
        """End every worker that is under way, from any thread: whoever waits for one gets no answer."""
        for server in list(self._loaded.values()):
            server.hang_up()

    def kill(self) -> None:
        """End everything at once, from any thread."""
        self._zygote.kill()

    def close(self) -> None:
        """End everything and wait."""
        for server in self._loaded.values():
            server.close()
        self._zygote.close()

    def _restart_zygote(self) -> None:
        self._zygote.close()
        self._zygote.release_addresses()
        self._zygote = Zygote(self._place, self._proxies, self._jail)
