"""The text of an exchange for a timeline: a command and its outcome, short and without values."""

from __future__ import annotations

from collections.abc import Iterator

from grader.servers.traffic import Exchange, ReplyKind

WORD_LIMIT = 60
"""Characters of a key."""
SHOWN = 6
"""Words of a command that are shown, its name not counted."""

_PLAIN = frozenset(
    {"GET", "GETEX", "GETDEL", "MGET", "DEL", "UNLINK", "EXISTS", "TOUCH", "TYPE", "TTL", "PTTL", "PERSIST"}
    | {"EXPIRE", "PEXPIRE", "EXPIREAT", "INCR", "DECR", "INCRBY", "DECRBY", "KEYS", "SCAN", "SSCAN", "HSCAN"}
    | {"HGET", "HMGET", "HGETALL", "SMEMBERS", "LRANGE", "ZRANGE", "STRLEN", "SELECT", "INFO", "CLIENT"}
    | {"CONFIG", "WATCH", "RENAME", "OBJECT", "MEMORY", "SUBSCRIBE", "SWAPDB", "FLUSHDB", "FLUSHALL"}
)
"""Commands whose words are all keys, numbers or options."""
_VALUES = {
    "SET": "kvo", "SETNX": "kv", "GETSET": "kv", "APPEND": "kv", "SETEX": "kov", "PSETEX": "kov",
    "MSET": "(kv)", "MSETNX": "(kv)", "HSET": "k(kv)", "HMSET": "k(kv)", "HSETNX": "kkv",
    "AUTH": "s", "HELLO": "os", "EVAL": "vo", "EVALSHA": "oo",
}  # fmt: skip
"""k: a key, o: an option or number, v: a value, s: a secret. In brackets: repeated. The last repeats."""


def describe(exchange: Exchange) -> str:
    """Describe an exchange, such as `GET :1:user_list miss` or `SET :1:user_list 1.2 kB EX 300`.

    Unprintable characters are escaped. Only the size of a value is shown.
    """
    words = [printable(exchange.command[0]).upper()]
    words += [text for text in _words(exchange) if text]
    if (left := exchange.words - 1 - SHOWN) > 0:
        words.append(f"… ({left} more)")
    if outcome := _outcome(exchange):
        words.append(outcome)
    return " ".join(words)


def size(count: int) -> str:
    """Format a number of bytes: `512 B`, `1.2 kB`, `3.0 MB`."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _words(exchange: Exchange) -> Iterator[str]:
    pairs = zip(exchange.command[1:], exchange.sizes[1:], strict=True)
    for (word, length), kind in zip(list(pairs)[:SHOWN], _kinds(exchange.name), strict=False):
        if kind == "s":
            yield "***"
        elif kind == "v":
            yield size(length)
        else:
            yield printable(word)


def _kinds(name: str) -> Iterator[str]:
    pattern = "o" if name in _PLAIN else _VALUES.get(name, "kv")
    head, _, rest = pattern.rstrip(")").partition("(")
    yield from head
    repeated = rest or head[-1]
    while True:
        yield from repeated


def printable(text: str | bytes, limit: int = WORD_LIMIT) -> str:
    """Make a text safe for a terminal: escape unprintable characters, and cut the text at `limit`."""
    if isinstance(text, bytes):
        text = text.decode(errors="backslashreplace")
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return shown[:limit] + "…" if len(shown) > limit else shown


def _outcome(exchange: Exchange) -> str:
    if exchange.reply_kind is ReplyKind.ERROR:
        return f"error: {printable(exchange.error)}"
    if exchange.reply_kind is ReplyKind.OK:
        return "" if exchange.number is None else str(exchange.number)
    if exchange.name in ("MGET", "HMGET") and exchange.number is not None:
        return f"{exchange.number} of {exchange.words - (1 if exchange.name == 'MGET' else 2)} found"
    return exchange.reply_kind.value
