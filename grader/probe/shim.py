"""The shim settings: the learner's settings, with only the changes that the sandbox needs.

The shim changes the host and port of every Redis URL, the databases (to a throw-away SQLite file), the
allowed hosts, a missing secret key, the password hasher, the e-mail backend, and a redirection to https (the
sandbox uses plain HTTP). It keeps db number, key prefix, client class and options.

A URL of a server of the run, which the judge put into the environment, also stays.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

Servers = Sequence[tuple[str, int]]
"""Host and port of each server of the run. Every Redis URL gets the address of the first."""

SCHEMES = ("redis://", "rediss://", "unix://", "valkey://", "valkeys://")


loaded = False
"""Whether the settings have been imported."""

databases: dict[str, dict[str, str]] = {}
"""Engine and name of each database in the learner's settings."""


_SHOWN = ("ENGINE", "NAME")


def load_settings(
    module: str,
    servers: Servers,
    database: str,
    overrides: dict[str, Any],
    variables: Mapping[str, str | None] | None = None,
) -> ModuleType:
    """Import the learner's settings `module` in a changed environment, and change the settings in place.

    `variables` are set first, or removed if None, and keep their values. An empty `database` keeps the
    project's databases. `overrides` are settings that one check varies, such as CACHE_TTL; BUSY_SECONDS is
    the SQLite time-out in seconds.
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
    _move_variables(servers, given)  # again, since the settings may have read a .env file
    _change(settings, servers, database, given)
    for name, value in overrides.items():
        if name == "ATOMIC_REQUESTS":  # a setting of the database
            settings.DATABASES["default"][name] = value
        elif name == "BUSY_SECONDS":
            settings.DATABASES["default"]["OPTIONS"]["timeout"] = value
        else:
            setattr(settings, name, value)
    return settings


def moved(location: str, servers: Servers) -> str:
    """Return the Redis URL `location` with host and port of the first of `servers`, and its own db number.

    A URL of one of `servers` is returned unchanged.
    """
    parts = urlsplit(location)
    if _ours(location, servers):
        return location
    redis = servers[0]
    query = parse_qs(parts.query)
    db = query.get("db", [parts.path.strip("/") if parts.scheme != "unix" else ""])[0]
    return f"redis://{redis[0]}:{redis[1]}" + (f"/{db}" if db else "")


def is_redis(value: object) -> bool:
    """Whether `value` is the URL of a Redis server."""
    return isinstance(value, str) and value.startswith(SCHEMES)


def _ours(location: str, servers: Servers) -> bool:
    parts = urlsplit(location)
    try:
        return any((parts.hostname, parts.port) == (host, port) for host, port in servers)
    except ValueError:  # the port is no number
        return False


def _in_its_place(name: str, value: Any, servers: Servers, given: Mapping[str, str]) -> Any:
    """The value that replaces `value`: another one for a Redis URL, or for the host or port of a Redis."""
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
    # A URL that is only a default (`os.environ.get("REDIS_URL", "redis://...")`) must be replaced too: some
    # projects use it outside of their settings.
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
    """Options that make SQLite faster: these rows need not survive a power cut."""
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
