"""Activity 8, the challenge: a user who may touch the project's own keys only, and a real cluster."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from grader.checks.activity_8 import loaded
from grader.result import Outcome, Verdict
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.production_app import ProductionApp, server_of
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.sandbox.observing.redis import Redis
from grader.servers.proxy import Proxy
from grader.servers.resp import Reply
from grader.spec import ExtraServer, check, expect

USER = "boda"
RULES = ("+@all", "-@dangerous", "-@admin")
KEYS = 300
SHOWN = 5
"""Keys of the story: with three nodes some of them are surely on another one."""


@check("R7", needs=("R4", "L2"), servers=(ExtraServer.SECOND,), about_cache=False)
def check_the_core_as_a_limited_user(
    environment: CheckEnvironment,
    redis: Redis,
    production_app: ProductionApp,
    core_again: Callable[[HostedProject], list[Verdict]],
) -> None:
    address = production_app.single(environment)
    name = f"workshop-{secrets.token_hex(4)}"
    environment.run(
        _set([name]),
        environment.worker_of(
            loaded(production_app.enter(server_of(environment.proxy), address), production_app)
        ),
    )
    keys = redis.keys()
    stored = [key.text for key in keys if key.text.endswith(name)]
    expect(stored, seen="a value that production stored is not on the server")
    prefix = _prefix(stored[0].removesuffix(name))
    expect(prefix, seen=f"production stored a value under {stored[0]}", how="no_prefix")
    with _limited(redis, prefix) as password:
        server = server_of(environment.proxy, user=USER, password=password)
        limited = loaded(production_app.enter(server, address), production_app)
        environment.timeline.restart()
        environment.timeline.note(f"user {USER}: keys {prefix}* only, {' '.join(RULES)}")
        verdicts = core_again(limited)
        refused = _refused(redis)
    broken = next((each for each in verdicts if each.outcome in (Outcome.FAILED, Outcome.ERROR)), None)
    limited_to = f"as a user limited to the keys {prefix}*"
    told = f" The server refused {', '.join(refused)}." if refused else ""
    expect(
        broken is None,
        seen=f"{limited_to}, {broken.id} does not pass: {broken.seen}.{told}" if broken else "",
        how="refused",
        where=broken.where if broken else None,
    )


@check("R8", needs=("R4",), servers=(ExtraServer.SECOND, ExtraServer.CLUSTER), about_cache=False)
def check_the_cluster(environment: CheckEnvironment, production_app: ProductionApp) -> None:
    cluster = environment.project.sandbox.extra_servers.cluster
    cluster.flush()
    live = loaded(production_app.enter(server_of(cluster.proxies[0], db="")), production_app)
    nonce = f"workshop-{secrets.token_hex(4)}"
    names = [f"{nonce}-{number}" for number in range(KEYS)]
    environment.run(_set(names), environment.worker_of(live), says=f"cache.set() of {KEYS} keys")
    kept = sum(nonce.encode() in name for node in cluster.names() for name in node)
    marks = [proxy.mark() for proxy in cluster.proxies]
    reader = environment.worker_of(live)
    environment.run(_get(names), reader, says=f"cache.get() of {KEYS} keys")
    read = sum(_hits(proxy, mark, nonce) for proxy, mark in zip(cluster.proxies, marks, strict=True))
    if kept < KEYS or read < KEYS:
        # Once more with a few, for the story: hundreds of lines tell no more.
        environment.timeline.restart()
        for name in names[:SHOWN]:
            environment.run(_set([name]), reader, says=f"cache.set({name!r}, ...)")
    moved = any("MOVED" in each.error for proxy in cluster.proxies for each in proxy.since())
    cluster.flush()
    expect(
        kept == KEYS and read == KEYS,
        seen=f"of {KEYS} keys {kept} were kept on the three nodes, and {read} were found again",
        how="moved" if moved else "silent",
    )


def _set(names: list[str]) -> str:
    """Sets each name. An error of one is no reason to leave out the next; what came of it is seen outside."""
    return _each(names, "cache.set(name, 'Muraho', 300)")


def _get(names: list[str]) -> str:
    return _each(names, "cache.get(name)")


def _each(names: list[str], deed: str) -> str:
    return f"""\
from django.core.cache import cache
for name in {names!r}:
    try:
        {deed}
    except Exception:
        pass"""


def _hits(proxy: Proxy, mark: int, nonce: str) -> int:
    """How many keys were found behind a proxy."""
    found = {
        word
        for each in proxy.since(mark)
        if each.reply_kind == "hit"
        for word in each.command[1:]
        if nonce.encode() in word
    }
    return len(found)


def _prefix(before: str) -> str:
    """What stands before a key, without the number of its version; empty if it is nobody's own."""
    end = len(before)
    while end and not (before[end - 1].isalnum() or before[end - 1] == "_"):
        end -= 1
    number = end
    while number and before[number - 1].isdigit():
        number -= 1
    own = before[:number] if number < end else before
    return own if re.search(r"[^\W\d_]", own) else ""


@contextmanager
def _limited(redis: Redis, prefix: str) -> Iterator[str]:
    """Meanwhile there is a user limited to keys that begin with `prefix`; the password."""
    password = secrets.token_hex(8)
    pattern = re.sub(r"([*?\[\]\\])", r"\\\1", prefix)
    redis.call("ACL", "SETUSER", USER, "reset", "on", f">{password}", f"~{pattern}*", "&*", *RULES)
    redis.call("ACL", "LOG", "RESET")
    try:
        yield password
    finally:
        redis.call("ACL", "DELUSER", USER)


def _refused(redis: Redis) -> list[str]:
    """What the server refused the limited user, by its own log: commands, and keys of somebody else's."""
    entries = redis.call("ACL", "LOG")
    told: list[str] = []
    for entry in entries if isinstance(entries, list) else []:
        said = _pairs(entry)
        if said.get("username") == USER:
            reason, name = said.get("reason", ""), said.get("object", "")
            told.append(f"the {reason} {name.upper() if reason == 'command' else name}")
    return list(dict.fromkeys(told))[:3]


def _pairs(entry: Reply) -> dict[str, str]:
    items = entry if isinstance(entry, list) else []
    words = [item.decode(errors="replace") if isinstance(item, bytes) else str(item) for item in items]
    return dict(zip(words[::2], words[1::2], strict=False))
