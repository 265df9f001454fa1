"""The shim settings: the learner's own, with only what must differ on the sandbox changed.

Changed: the host and port of every Redis address, the databases (a throw-away SQLite file), allowed hosts,
the secret key if there is none, the password hasher, where e-mail goes, a redirection to https (the sandbox
speaks plain HTTP). The db number, key prefix, client class and options stay theirs.

An address of the run's own that the judge put into the environment stays as it is.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

Servers = Sequence[tuple[str, int]]
"""Host and port of each server of the run. The first is where all addresses are moved to."""

SCHEMES = ("redis://", "rediss://", "unix://", "valkey://", "valkeys://")


loaded = False
"""Whether the settings have been imported."""

databases: dict[str, dict[str, str]] = {}
"""What the settings say of each database, before it was moved: its engine, and its name."""


_SHOWN = ("ENGINE", "NAME")


def load_settings(
    module: str,
    servers: Servers,
    database: str,
    overrides: dict[str, Any],
    variables: Mapping[str, str | None] | None = None,
) -> ModuleType:
    """Import the learner's settings with the environment moved, and change them in place.

    `variables` are set before, or taken away where they are None, and stay as they are. Without a
    `database` theirs stay where they are.
    `overrides` are settings that one check varies (CACHE_TTL, say; BUSY_SECONDS is how long SQLite waits).
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    given = {name: value for name, value in (variables or {}).items() if value is not None}
    for name in variables or ():
        os.environ.pop(name, None)
    os.environ.update(given)
    _move_environment(servers, given)
    settings = importlib.import_module(module)
    global loaded
    loaded = True
    _move_variables(servers, given)  # once more: a .env file has been read by now
    _change(settings, servers, database, given)
    for name, value in overrides.items():
        if name == "ATOMIC_REQUESTS":  # Django keeps this one with the database
            settings.DATABASES["default"][name] = value
        elif name == "BUSY_SECONDS":
            settings.DATABASES["default"]["OPTIONS"]["timeout"] = value
        else:
            setattr(settings, name, value)
    return settings


def moved(location: str, servers: Servers) -> str:
    """`location` at another host and port; its db number stays. One of `servers` stays as it is."""
    parts = urlsplit(location)
    if _ours(location, servers):
        return location
    redis = servers[0]
    query = parse_qs(parts.query)
    db = query.get("db", [parts.path.strip("/") if parts.scheme != "unix" else ""])[0]
    return f"redis://{redis[0]}:{redis[1]}" + (f"/{db}" if db else "")


def is_redis(value: object) -> bool:
    """Whether `value` is the address of a Redis server."""
    return isinstance(value, str) and value.startswith(SCHEMES)


def _ours(location: str, servers: Servers) -> bool:
    parts = urlsplit(location)
    try:
        return any((parts.hostname, parts.port) == (host, port) for host, port in servers)
    except ValueError:  # a port that is no number
        return False


def _in_its_place(name: str, value: Any, servers: Servers, given: Mapping[str, str]) -> Any:
    """`value` of a variable or setting, moved if it is an address, or the host or port of a Redis."""
    if is_redis(value):
        return moved(value, servers)
    if value is None or str(value) == given.get(name):
        return value
    redis = servers[0]
    if "REDIS" in name.upper() and isinstance(value, (str, int)):
        if name.upper().endswith("HOST"):
            return redis[0]
        if name.upper().endswith("PORT"):
            return type(value)(redis[1])
    return value


def _move_variables(servers: Servers, given: Mapping[str, str]) -> None:
    for name, value in list(os.environ.items()):
        os.environ[name] = _in_its_place(name, value, servers, given)


def _move_environment(servers: Servers, given: Mapping[str, str]) -> None:
    _move_variables(servers, given)
    for name in ("SECRET_KEY", "DJANGO_SECRET_KEY"):
        os.environ.setdefault(name, "only-for-this-run")
    # An address that is only a default (`os.environ.get("REDIS_URL", "redis://...")`) is configuration
    # too: a project that reads it in two places has one source of truth.
    plain: Callable[..., Any] = os.environ.get

    def get(name: str, default: Any = None) -> Any:
        return _in_its_place(str(name), plain(name, default), servers, given)

    setattr(os.environ, "get", get)  # noqa: B010 - an attribute of this one object


def _change(settings: Any, servers: Servers, database: str, given: Mapping[str, str]) -> None:
    for name in dir(settings):
        if name.isupper():
            setattr(settings, name, _in_its_place(name, getattr(settings, name), servers, given))
    for cache in getattr(settings, "CACHES", {}).values():
        _move_cache(cache, servers)
    old = getattr(settings, "DATABASES", {})
    databases.update({alias: {key: str(each.get(key, "")) for key in _SHOWN} for alias, each in old.items()})
    if database:
        settings.DATABASES = {
            alias: {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": database if alias == "default" else f"{database}.{alias}",
                "OPTIONS": {"timeout": 5, **_unsafe()},
                "ATOMIC_REQUESTS": bool(old.get(alias, {}).get("ATOMIC_REQUESTS", False)),
            }
            for alias in {"default", *old}
        }
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_SSL_REDIRECT = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    if not getattr(settings, "SECRET_KEY", ""):
        settings.SECRET_KEY = "only-for-this-run"


def _unsafe() -> dict[str, str]:
    """Options that spare the disk: nobody needs these rows after a power cut."""
    import django

    return {"init_command": "PRAGMA synchronous=OFF"} if django.VERSION >= (5, 1) else {}


def _move_cache(cache: Any, servers: Servers) -> None:
    if not isinstance(cache, dict):
        return
    location = cache.get("LOCATION")
    if isinstance(location, str) and _ours(location, servers):
        return
    if isinstance(location, str) and is_redis(location):
        places = [moved(part.strip(), servers) for part in location.replace(";", ",").split(",")]
        cache["LOCATION"] = places[0] if len(places) == 1 else places
    elif isinstance(location, (list, tuple)):
        cache["LOCATION"] = [moved(part, servers) if is_redis(part) else part for part in location]
    options = cache.get("OPTIONS")
    if isinstance(options, dict):
        for secret in ("PASSWORD", "USERNAME", "password", "username"):
            options.pop(secret, None)
