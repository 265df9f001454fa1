"""The shim settings: the learner's own, with only what must differ on the stand changed.

Changed: the host and port of every Redis address, the databases (a throw-away SQLite file), allowed hosts,
the secret key if there is none, the password hasher, where e-mail goes. The db number, key prefix, client
class and options stay theirs.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

SCHEMES = ("redis://", "rediss://", "unix://", "valkey://", "valkeys://")


def load_settings(
    module: str, redis: tuple[str, int], database: str, overrides: dict[str, Any]
) -> ModuleType:
    """Import the learner's settings with the environment moved, and change them in place.

    `overrides` are settings that one check varies (CACHE_TTL, say; BUSY_SECONDS is how long SQLite waits).
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    _move_environment(redis)
    settings = importlib.import_module(module)
    _move_variables(redis)  # once more: a .env file has been read by now
    _change(settings, redis, database)
    for name, value in overrides.items():
        if name == "ATOMIC_REQUESTS":  # Django keeps this one with the database
            settings.DATABASES["default"][name] = value
        elif name == "BUSY_SECONDS":
            settings.DATABASES["default"]["OPTIONS"]["timeout"] = value
        else:
            setattr(settings, name, value)
    return settings


def moved(location: str, redis: tuple[str, int]) -> str:
    """`location` at another host and port; its db number stays."""
    parts = urlsplit(location)
    query = parse_qs(parts.query)
    db = query.get("db", [parts.path.strip("/") if parts.scheme != "unix" else ""])[0]
    return f"redis://{redis[0]}:{redis[1]}" + (f"/{db}" if db else "")


def is_redis(value: object) -> bool:
    """Whether `value` is the address of a Redis server."""
    return isinstance(value, str) and value.startswith(SCHEMES)


def _in_its_place(name: str, value: Any, redis: tuple[str, int]) -> Any:
    """`value` of a variable or setting, moved if it is an address, or the host or port of a Redis."""
    if is_redis(value):
        return moved(value, redis)
    if "REDIS" in name.upper() and isinstance(value, (str, int)):
        if name.upper().endswith("HOST"):
            return redis[0]
        if name.upper().endswith("PORT"):
            return type(value)(redis[1])
    return value


def _move_variables(redis: tuple[str, int]) -> None:
    for name, value in list(os.environ.items()):
        os.environ[name] = _in_its_place(name, value, redis)


def _move_environment(redis: tuple[str, int]) -> None:
    _move_variables(redis)
    for name in ("SECRET_KEY", "DJANGO_SECRET_KEY"):
        os.environ.setdefault(name, "only-for-this-run")
    # An address that is only a default (`os.environ.get("REDIS_URL", "redis://...")`) is configuration
    # too: a project that reads it in two places has one source of truth.
    plain: Callable[..., Any] = os.environ.get

    def get(name: str, default: Any = None) -> Any:
        return _in_its_place(str(name), plain(name, default), redis)

    setattr(os.environ, "get", get)  # noqa: B010 - an attribute of this one object


def _change(settings: Any, redis: tuple[str, int], database: str) -> None:
    for name in dir(settings):
        if name.isupper():
            setattr(settings, name, _in_its_place(name, getattr(settings, name), redis))
    for cache in getattr(settings, "CACHES", {}).values():
        _move_cache(cache, redis)
    old = getattr(settings, "DATABASES", {})
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
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    if not getattr(settings, "SECRET_KEY", ""):
        settings.SECRET_KEY = "only-for-this-run"


def _unsafe() -> dict[str, str]:
    """Options that spare the disk: nobody needs these rows after a power cut."""
    import django

    return {"init_command": "PRAGMA synchronous=OFF"} if django.VERSION >= (5, 1) else {}


def _move_cache(cache: Any, redis: tuple[str, int]) -> None:
    if not isinstance(cache, dict):
        return
    location = cache.get("LOCATION")
    if isinstance(location, str) and is_redis(location):
        places = [moved(part.strip(), redis) for part in location.replace(";", ",").split(",")]
        cache["LOCATION"] = places[0] if len(places) == 1 else places
    elif isinstance(location, (list, tuple)):
        cache["LOCATION"] = [moved(part, redis) if is_redis(part) else part for part in location]
    options = cache.get("OPTIONS")
    if isinstance(options, dict):
        for secret in ("PASSWORD", "USERNAME", "password", "username"):
            options.pop(secret, None)
