"""The possible findings of a connection check, each with one sentence and one remedy."""

from __future__ import annotations

from enum import StrEnum

from grader.servers.address import Unix
from grader.servers.exchange_text import printable
from grader.servers.reach import Unreachable
from grader.servers.resp import ReplyError
from grader.servers.url import RedisUrl


class FindingKind(StrEnum):
    """The kind of a finding."""

    OK = "ok"
    REFUSED = "refused"
    WRONG_PORT = "wrong port"
    PASSWORD_WANTED = "password wanted"
    WRONG_PASSWORD = "wrong password"
    PROTECTED_MODE = "protected mode"
    NOT_REDIS = "not a redis"
    HUNG = "hung"
    UNKNOWN_HOST = "unknown host"
    UNREACHABLE = "unreachable"
    BAD_URL = "bad url"
    TLS = "tls"
    NOT_ALLOWED = "not allowed"
    NO_SUCH_DB = "no such db"
    UNHEALTHY = "unhealthy"
    """The server replies with an error: loading, out of memory, read-only."""


class ConnectionFinding(Exception):
    """A finding that ends the connection check early."""

    def __init__(self, kind: FindingKind, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.kind, self.sentence, self.remedy = kind, sentence, remedy


START = "Start a server: `workshop redis start`."


def refusal(target: RedisUrl, error: ReplyError) -> ConnectionFinding:
    """Return the finding for an error reply of the server."""
    text = printable(error.text, 120)
    if error.code == "DENIED":
        return ConnectionFinding(
            FindingKind.PROTECTED_MODE,
            f"The server at {target} is in protected mode: without a password nobody outside may enter.",
            "Use 127.0.0.1 if it runs here, or give it a password (requirepass) and put that into the URL.",
        )
    if error.code == "NOAUTH":
        return ConnectionFinding(
            FindingKind.PASSWORD_WANTED,
            f"The server at {target} wants a password, and the URL has none.",
            "Put it into the URL: redis://:PASSWORD@host:port/db.",
        )
    if target.password and ("without any password" in error.text or "no password is set" in error.text):
        return ConnectionFinding(
            FindingKind.WRONG_PASSWORD,
            f"The server at {target} has no password, but the URL gives one.",
            "Take the password out of the URL.",
        )
    if error.code == "WRONGPASS" or "invalid password" in error.text:
        return ConnectionFinding(
            FindingKind.WRONG_PASSWORD,
            f"The server at {target} does not accept this name and password.",
            "Compare them with requirepass, or the user list, in the server's configuration.",
        )
    if error.code == "NOPERM":
        return ConnectionFinding(
            FindingKind.NOT_ALLOWED,
            f"The server at {target} does not let this user do what a cache does: {text}",
            "Give the user the missing permission (ACL SETUSER), or use another one.",
        )
    return unhealthy(target, text)


def unhealthy(target: RedisUrl, reason: str) -> ConnectionFinding:
    """Return the finding for a server that replies and cannot be used."""
    return ConnectionFinding(
        FindingKind.UNHEALTHY,
        f"The server at {target} answers, but cannot be used now: {reason}",
        "Look into its log. One that is loading needs a moment; a full or read-only one cannot serve you.",
    )


def no_db(target: RedisUrl, error: ReplyError) -> ConnectionFinding:
    """Return the finding for a failed SELECT."""
    if error.code in ("NOAUTH", "NOPERM", "LOADING"):
        return refusal(target, error)
    return ConnectionFinding(
        FindingKind.NO_SUCH_DB,
        f"The server has no database {target.db}: {printable(error.text, 120)}",
        "Use a smaller number at the end of the URL; most servers have 0 to 15.",
    )


def not_reached(target: RedisUrl, error: Unreachable, other_port: int | None) -> ConnectionFinding:
    """Return the finding for a failed connection; `other_port` is a port where a server answers, or None."""
    address = target.address
    cause = error.cause
    if isinstance(address, Unix):
        if isinstance(cause, PermissionError):
            return ConnectionFinding(
                FindingKind.NOT_ALLOWED,
                f"You may not use the socket {address}.",
                "Ask its owner for the right to write to it.",
            )
        return ConnectionFinding(FindingKind.REFUSED, f"No server listens at the socket {address}.", START)
    if error.unknown_host:
        return ConnectionFinding(
            FindingKind.UNKNOWN_HOST,
            f"No machine called {printable(address.host)} was found.",
            "Check the spelling in the URL. For a server on this machine, write 127.0.0.1.",
        )
    if error.tls:
        return ConnectionFinding(
            FindingKind.TLS,
            f"No secure connection (TLS) to {target} was possible: {printable(str(cause), 120)}.",
            "If the server does not use TLS, the URL begins with redis://, not rediss://.",
        )
    if isinstance(cause, ConnectionRefusedError):
        if other_port is not None:
            return ConnectionFinding(
                FindingKind.WRONG_PORT,
                f"Nothing listens on port {address.port}, but a Redis server answers on port {other_port}.",
                f"Put port {other_port} into the URL.",
            )
        start = (
            START
            if error.near
            else "Start the server there, or use one on this machine: `workshop redis start`."
        )
        return ConnectionFinding(FindingKind.REFUSED, f"Nothing listens at {address}.", start)
    return ConnectionFinding(
        FindingKind.UNREACHABLE,
        f"{address} cannot be reached: {printable(str(cause), 120)}.",
        "Check host, port and firewall, or use a server on this machine: `workshop redis start`.",
    )
