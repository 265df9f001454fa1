"""Servers beside the private server, for checks whether a project follows its configuration."""

from __future__ import annotations

from typing import Self

from grader.servers.cluster import Cluster
from grader.servers.private import PrivateServer
from grader.servers.proxy import Proxy


class ExtraServers:
    """A second private server, and optionally a cluster, which starts in the background."""

    def __init__(self, *, cluster: bool) -> None:
        self._server = PrivateServer()
        self._second: Proxy | None = None
        self._cluster = Cluster() if cluster else None

    def start(self) -> Self:
        """Start the second server, and start the cluster without waiting. Raises MachineError."""
        if self._cluster:
            self._cluster.start()  # first: it takes the longest
        self._server.start().confine()
        self._second = Proxy(self._server.address, name="second server").start()
        return self

    @property
    def second(self) -> Proxy:
        """The proxy of the second server. Only while it runs."""
        assert self._second is not None
        return self._second

    @property
    def cluster(self) -> Cluster:
        """The cluster, once it is ready. Raises MachineError if it does not start."""
        assert self._cluster is not None
        self._cluster.wait()
        return self._cluster

    @property
    def proxies(self) -> tuple[Proxy, ...]:
        """The proxies of all these servers."""
        return (self.second, *(self._cluster.proxies if self._cluster else ()))

    def stop(self) -> None:
        """Kill all these servers."""
        if self._second:
            self._second.stop()
        self._server.stop()
        if self._cluster:
            self._cluster.stop()
