"""Describes a loaded project: tables, routes, versions. The project can forge all of this."""

from __future__ import annotations

import functools
import inspect
import os
import sys
import threading
from importlib import metadata
from typing import Any

from . import shim
from .models import link_to_user, passenger_model

PACKAGES = ("django", "djangorestframework", "django-redis", "redis", "valkey", "django-valkey", "hiredis")


def describe(root: str) -> dict[str, Any]:
    """Return versions, threads, tables and routes of the project below `root`, as JSON values."""
    from django.contrib.auth import get_user_model

    passenger = passenger_model(root)
    return {
        "versions": versions(),
        "threads": _threads(),
        "user": table(get_user_model()),
        "passenger": table(passenger) if passenger else None,
        "routes": list(routes(root)),
        "admin": _admin(get_user_model()),
        "passenger_admin": _admin(passenger) if passenger else {},
        "caches": _caches(),
        "databases": shim.databases,
    }


@functools.cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of the installed `PACKAGES`. Cached, since a look-up takes 4 ms."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


def table(model: Any) -> dict[str, Any]:
    """Describe a model's table, with the properties of each column that are needed to insert a row."""
    from django.db.models import EmailField

    meta, link = model._meta, link_to_user(model)
    return {
        "name": meta.db_table,
        "key": meta.pk.column,
        # The column with the user of a row, and the name of that field in the model.
        "link": {"column": link.column, "field": link.name} if link else None,
        "columns": [
            {
                "column": field.column,
                "kind": "EmailField" if isinstance(field, EmailField) else field.get_internal_type(),
                "choices": [str(value) for value, _ in field.flatchoices],
                "unique": field.unique,
                "length": field.max_length,
                # A column with a validator (for a telephone number, say) accepts no random text.
                "checked": any(type(v).__name__ == "RegexValidator" for v in field.validators),
            }
            for field in meta.concrete_fields
        ],
    }


def bare() -> dict[str, Any]:
    """Return the report of a project whose URLs are not loaded."""
    return {"versions": versions(), "threads": _threads()}


def _caches() -> list[str]:
    from django.conf import settings

    return list(settings.CACHES)


def _admin(model: Any) -> dict[str, str]:
    """The paths of the admin's list and add pages for `model`; empty if the admin does not have it."""
    from django.urls import NoReverseMatch, reverse

    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    try:
        return {"list": reverse(f"{name}_changelist"), "add": reverse(f"{name}_add")}
    except NoReverseMatch:
        return {}


def routes(root: str) -> Any:
    """Yield every route: a path with %(name)s for each parameter, and file and line of its view.

    `taken` is the view of an earlier route that matches the same path, if there is one. For a viewset, `name`
    is the name of the method for GET, and `called` is the `__name__` of that method.
    """
    from django.urls import get_resolver

    yield from _walk(get_resolver().url_patterns, "", root)


def _walk(patterns: Any, prefix: str, root: str) -> Any:
    from django.urls import URLResolver
    from django.utils.regex_helper import normalize

    for entry in patterns:
        # `pattern.regex` exists for path() and re_path(), and compiles the regular expression late.
        regex = prefix + entry.pattern.regex.pattern.removeprefix("^")
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin":
                yield from _walk(entry.url_patterns, regex, root)
            continue
        for path, names in normalize(regex):
            if "format" not in names:
                view = {"path": "/" + path, "names": names, **_view(entry.callback, root)}
                yield {**view, "taken": "" if names else _taken("/" + path, entry.callback, root)}
                break


def _taken(path: str, callback: Any, root: str) -> str:
    from django.urls import Resolver404, resolve

    try:
        answers = resolve(path).func
    except Resolver404:
        return ""
    return "" if answers is callback else str(_view(answers, root)["view"])


def _view(callback: Any, root: str) -> dict[str, Any]:
    owner = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    if owner is None:
        return {"view": getattr(callback, "__name__", repr(callback)), **_where(callback, root)}
    actions = getattr(callback, "actions", None) or {"get": "get"}
    method = getattr(owner, actions.get("get", "get"), None)
    named = {"name": actions.get("get", ""), "called": getattr(method, "__name__", "")} if actions else {}
    return {"view": owner.__name__, **named, **(_where(method, root) or _where(owner, root))}


def _where(thing: Any, root: str) -> dict[str, Any]:
    try:
        thing = inspect.unwrap(thing)
        root, file = os.path.realpath(root), os.path.realpath(inspect.getsourcefile(thing) or "")
        if not file.startswith(root + os.sep):
            return {}
        code = getattr(thing, "__code__", None)  # a class has no code object: inspect reads its file
        line = code.co_firstlineno if code else inspect.getsourcelines(thing)[1]
        return {"file": os.path.relpath(file, root), "line": line}
    except (TypeError, OSError, ValueError):
        return {}
