"""What `workshop redis ...` does: the learner's local server, and a look inside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.servers import local
from grader.servers.address import Tcp
from grader.servers.configured_url import VARIABLE, ConfiguredUrl, configured_url
from grader.servers.connection_check import ConnectionReport, check_connection
from grader.servers.local import LocalServer
from grader.servers.url import DEFAULT_PORT, parse
from grader.submission import find
from workshop.scaffold.edits import RequireLine


@dataclass(frozen=True, slots=True)
class Started:
    """A local server, and what is left to do. `fresh` if it was started just now.

    `edit` is the line that .env needs so that the project finds the server, or None. `instead_of` is the
    URL the project uses now. If that stands in the settings themselves, the line in .env does not help there.
    """

    server: LocalServer
    fresh: bool
    edit: RequireLine | None = None
    instead_of: ConfiguredUrl | None = None


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """The Redis that the project uses, what answers there, and the server we started for it, if any."""

    configured: ConfiguredUrl
    verdict: ConnectionReport
    ours: LocalServer | None


def start(project: Path, port: int = DEFAULT_PORT) -> Started:
    """Find or start the local server of the project: where its URL points if that is on this machine, else
    at `port`, else at a free port.

    Raises UsageError if there is no project, MachineError if no server can be started.
    """
    found = find(project)
    now = configured_url(found.root, found.settings_file)
    wanted = [] if now.is_default else _local_ports(now.url)
    before = local.status(found.root)
    server = local.start(found.root, [*wanted, port])
    fresh = server.ours and before is None
    if server.port in wanted or (now.is_default and server.default):
        return Started(server, fresh)
    edit = RequireLine(file=".env", key=VARIABLE, line=f"{VARIABLE}={server.url}")
    return Started(server, fresh, edit, instead_of=None if now.is_default else now)


def stop(project: Path) -> LocalServer | None:
    """End the server that was started for this project, and no other; None if there was none."""
    return local.stop(find(project).root)


def status(project: Path) -> ServerStatus:
    """Look at the Redis that the project uses."""
    found = find(project)
    redis = configured_url(found.root, found.settings_file)
    return ServerStatus(redis, check_connection(redis.url), local.status(found.root))


def url_of(project: Path) -> str:
    """The Redis URL that the project uses, for `keys`, `Console` and `monitor`."""
    found = find(project)
    return configured_url(found.root, found.settings_file).url


def _local_ports(url: str) -> list[int]:
    """The port of a URL that points to this machine."""
    try:
        address = parse(url).address
    except UsageError:
        return []
    here = isinstance(address, Tcp) and address.host in ("127.0.0.1", "localhost")
    return [address.port] if here and isinstance(address, Tcp) else []
