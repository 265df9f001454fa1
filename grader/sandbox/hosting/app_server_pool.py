"""The app servers of a submission: one for each entry point and settings, all from one zygote."""

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
    """Starts the zygote at once, and an app server at the first `loaded` for it."""

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
        """The database of a project while it loads."""
        return self._place.databases / "first.sqlite3"

    def loaded(
        self, entry: EntryPoint, overrides: Mapping[str, Any] | None = None, urls: bool = True
    ) -> AppServer:
        """Return the app server for `entry` with the settings `overrides`, with or without its URLs.

        The app server is started if none runs; the method does not wait until the project is loaded.
        """
        key = repr((entry, sorted((overrides or {}).items()), urls))
        server = self._loaded.get(key)
        if server is None or not server.alive:
            if server:
                server.close()
            if not self._zygote.alive:  # an earlier check was killed
                self._restart_zygote()
            config = LaunchConfig(
                self._zygote, entry, self.first_database, overrides or {}, self._limits, urls
            )
            server = self._loaded[key] = AppServer(config)
        return server

    def end(self) -> None:
        """End every app server and wait; kill the zygote if one does not end."""
        for server in self._loaded.values():
            if not server.end():
                self._zygote.kill()
        self._loaded.clear()

    def wait_for_sweep(self) -> None:
        """Wait until the processes that ended workers left behind are killed."""
        self._zygote.wait_for_sweep()

    def suits(self, paths: SandboxPaths) -> bool:
        """Whether the zygote, with its imports, suits the project at `paths`."""
        return self._zygote.suits(paths)

    def renew(self, paths: SandboxPaths) -> None:
        """Load the project at `paths` from now on. Restarts the zygote unless it suits."""
        self._place = paths
        if not self.suits(paths):
            self._restart_zygote()

    def hang_up(self) -> None:
        """Tell every worker to end: a pending request raises NoResponse. Any thread may call this."""
        for server in list(self._loaded.values()):
            server.hang_up()

    def kill(self) -> None:
        """Kill all processes. Any thread may call this."""
        self._zygote.kill()

    def close(self) -> None:
        """End all processes and wait."""
        for server in self._loaded.values():
            server.close()
        self._zygote.close()

    def leave(self) -> None:
        """End all processes, and let go of the addresses in their jail. The servers go on."""
        self.close()
        self._zygote.release_addresses()

    def _restart_zygote(self) -> None:
        self._zygote.close()
        self._zygote.release_addresses()
        self._zygote = Zygote(self._place, self._proxies, self._jail)
