"""A Redis URL as redis-py and Django read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from grader.errors import UsageError
from grader.servers.address import Address, Tcp, Unix

DEFAULT_PORT = 6379
DEFAULT_URL = f"redis://127.0.0.1:{DEFAULT_PORT}/1"
"""The URL in the handout, which a project uses if it configures none."""

_REMEDY = f"A Redis URL looks like {DEFAULT_URL}: scheme, host, port, number of the database."


@dataclass(frozen=True, slots=True)
class RedisUrl:
    """The address of a server, and the credentials for it. Its text never shows the password."""

    address: Address
    tls: bool = False
    username: str = ""
    password: str = ""
    db: int = 0

    def __str__(self) -> str:
        entry = "***@" if self.password else ""
        if isinstance(self.address, Unix):
            return f"unix://{entry}{self.address.path}?db={self.db}"
        return f"{'rediss' if self.tls else 'redis'}://{entry}{self.address}/{self.db}"


def parse(url: str) -> RedisUrl:
    """Parse a URL, or the first of several that commas or semicolons separate. Raises UsageError."""
    first = re.split("[,;]", url.strip(), maxsplit=1)[0].strip()
    if not first:
        raise UsageError("The Redis URL is empty.", _REMEDY)
    if re.search("_{3,}", first):
        raise UsageError("The Redis URL is still a blank to fill.", _REMEDY)
    try:
        parts = urlsplit(first)
        port = parts.port or DEFAULT_PORT
    except ValueError as error:
        raise UsageError(f"The Redis URL cannot be read: {error}.", _REMEDY) from error
    if parts.scheme not in ("redis", "rediss", "unix"):
        # The sentence does not repeat the URL, which may hold a password.
        raise UsageError("The Redis URL does not begin with redis://, rediss:// or unix://.", _REMEDY)
    number = parse_qs(parts.query).get("db", [""])[0]
    if not number and parts.scheme != "unix":
        number = parts.path.strip("/")
    address: Address
    if parts.scheme == "unix":
        if not parts.path:
            raise UsageError(
                "The Redis URL names no socket.", "It looks like unix:///path/to/redis.sock?db=1."
            )
        address = Unix(unquote(parts.path))
    else:
        address = Tcp(parts.hostname or "localhost", port)
    return RedisUrl(
        address,
        tls=parts.scheme == "rediss",
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        db=int(number) if number.isascii() and number.isdigit() else 0,  # redis-py reads other paths as 0
    )
