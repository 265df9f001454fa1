"""Python code that writes rows by the ORM, for another worker of the project, as in `manage.py shell`."""

from __future__ import annotations

from typing import Any

from grader.sandbox.observing.table import Row, Table

_MODEL = """\
from django.apps import apps
Model = next(model for model in apps.get_models() if model._meta.db_table == {table!r})
name = next((field.attname for field in Model._meta.concrete_fields if field.column == {column!r}), None)
"""


def _with(table: Table, code: str, **values: Any) -> str:
    return _MODEL.format(table=table.name, column=table.visible) + code.format(
        **{name: repr(value) for name, value in values.items()}
    )


def save(table: Table, row: Row, text: str) -> str:
    """Code for row.save() with a new `text`; without one if the API shows no text of the row itself."""
    code = "row = Model._default_manager.get(pk={key}); name and setattr(row, name, {text}); row.save()"
    return _with(table, code, key=row.key, text=text)


def delete(table: Table, row: Row) -> str:
    """Code for row.delete()."""
    return _with(table, "Model._default_manager.get(pk={key}).delete()", key=row.key)


def update(table: Table, row: Row, text: str) -> str:
    """Code for QuerySet.update()."""
    code = "Model._default_manager.filter(pk={key}).update(**{{name: {text}}})"
    return _with(table, code, key=row.key, text=text)


def bulk_update(table: Table, row: Row, text: str) -> str:
    """Code for QuerySet.bulk_update()."""
    code = (
        "user = Model._default_manager.get(pk={key}); setattr(user, name, {text}); "
        "Model._default_manager.bulk_update([user], [name])"
    )
    return _with(table, code, key=row.key, text=text)


def bulk_create(table: Table, row: Row, tokens: dict[str, str]) -> str:
    """Code for QuerySet.bulk_create() with a copy of `row`."""
    code = (
        "user = Model._default_manager.get(pk={key}); user.pk = None; user._state.adding = True\n"
        "for field in Model._meta.concrete_fields:\n"
        "    if field.column in {tokens}: setattr(user, field.attname, {tokens}[field.column])\n"
        "Model._default_manager.bulk_create([user])"
    )
    return _with(table, code, key=row.key, tokens=tokens)


def login(table: Table, row: Row) -> str:
    """Code for django.contrib.auth.login(); its value is whether the session exists afterwards."""
    code = """\
from importlib import import_module
from django.conf import settings
from django.contrib.auth import login
from django.test import RequestFactory
store = import_module(settings.SESSION_ENGINE).SessionStore
request = RequestFactory().get("/")
request.session = store()
login(request, Model._default_manager.get(pk={key}), backend=settings.AUTHENTICATION_BACKENDS[0])
request.session.save()
value = "_auth_user_id" in store(request.session.session_key).load()"""
    return _with(table, code, key=row.key)
