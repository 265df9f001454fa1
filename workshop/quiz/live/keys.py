"""Experiments on keys: where a cached value lies, what it is called, and how long it lives."""

from __future__ import annotations

from grader.servers.client import Client
from grader.servers.reply_text import reply_lines
from grader.servers.resp import Reply
from workshop.quiz.live.laboratory import Laboratory
from workshop.quiz.live.run import Seen, Values, came_true

_PICKLE = b"\x80"


def get_by_its_name(laboratory: Laboratory, values: Values) -> Seen:
    """`GET user_list`, as the handout has it, after the view has stored the list."""
    client, _ = laboratory.django("stored_list")
    lines, found = [], False
    for db in ("0", "1"):
        client.call("SELECT", db)
        reply = client.call("GET", "user_list")
        found = found or reply is not None
        lines.append(f"database {db}: GET user_list → {_short(reply)}")
    lines.append(f"yet the server holds a key: {_only_key(client)[1]}")
    return came_true("json" if found else "nil", *lines)


def database_of_the_key(laboratory: Laboratory, values: Values) -> Seen:
    """In which database the key lies."""
    client, _ = laboratory.django("stored_list")
    db, key = _only_key(client)
    return came_true(db, f"SELECT {db}", f"KEYS * → {key}", "(every other database is empty)")


def key_anatomy(laboratory: Laboratory, values: Values) -> Seen:
    """The whole name of the key, with a prefix and a version of the variant."""
    more = {"KEY_PREFIX": values.get("prefix", ""), "VERSION": int(values.get("version", "1"))}
    client, _ = laboratory.django("stored_list", **more)
    db, key = _only_key(client)
    prefix, _, rest = key.partition(":")
    version, _, name = rest.partition(":")
    shape = (prefix, version, name) == (more["KEY_PREFIX"], str(more["VERSION"]), "user_list")
    return came_true("full" if shape else "other", f"database {db}: KEYS * → {key}")


def bytes_of_the_value(laboratory: Laboratory, values: Values) -> Seen:
    """What the stored list looks like in Redis."""
    client, _ = laboratory.django("stored_list")
    db, key = _only_key(client)
    client.call("SELECT", db)
    value = client.call("GET", key)
    assert isinstance(value, bytes)
    kind = "pickle" if value.startswith(_PICKLE) else "json" if value[:1] in (b"[", b"{") else "other"
    return came_true(kind, f"GET {key}", f"{_short(value)}")


def ttl_of_timeouts(laboratory: Laboratory, values: Values) -> Seen:
    """The TTL of four keys: stored without a timeout, with None, 0 and -1."""
    client, _ = laboratory.django("timeouts", TIMEOUT=int(values["timeout"]))
    client.call("SELECT", "1")
    right, lines = {}, []
    for key in "abcd":
        ttl = client.call("TTL", f":1:{key}")
        assert isinstance(ttl, int)
        right[key] = {-1: "never", -2: "absent"}.get(ttl, "default")
        lines.append(f"TTL :1:{key} → {ttl}" + {-1: "  (no expiry)", -2: "  (no such key)"}.get(ttl, ""))
    return Seen(right, tuple(lines))


def _only_key(client: Client) -> tuple[str, str]:
    for db in range(16):
        client.call("SELECT", str(db))
        keys = client.call("KEYS", "*")
        if isinstance(keys, list) and keys and isinstance(keys[0], bytes):
            return str(db), keys[0].decode()
    return "none", "none"


def _short(reply: Reply) -> str:
    line = reply_lines(reply)[0]
    return line if len(line) < 60 else f"{line[:57]}..."
