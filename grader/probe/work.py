"""A child: one process of the project, with its own database, answering HTTP and doing as the judge asks."""

from __future__ import annotations

import contextlib
import io
import os
import socket
from typing import Any, NoReturn

from . import guard, seed, serve, trouble
from .wire import Channel


def become_child(control: int, http: int, log: int, database: str, root: str) -> NoReturn:
    """Serve until the judge closes the control channel."""
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    channel = Channel(socket.socket(fileno=control))
    try:
        _use(database)
        serve.serve(socket.socket(fileno=http), root)
        channel.send({"ok": True})
        while (received := channel.receive()) is not None:
            channel.send(_answer({**received[0], "root": root}))
    finally:
        os._exit(0)


def _use(database: str) -> None:
    from django.db import connections

    connections.close_all()
    if not database:  # theirs stay where they are
        return
    for alias in connections:
        name = database if alias == "default" else f"{database}.{alias}"
        connections.settings[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def _answer(message: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"ok": True, **_DEEDS[message["do"]](message)}
    except BaseException as error:
        return {"ok": False, "error": trouble.facts(error, message["root"])}


def _run(message: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(message["code"], "<the workshop>", "exec"), names)
    return {"value": names.get("value")}


def _command(message: dict[str, Any]) -> dict[str, Any]:
    from django.core.management import call_command

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        call_command(*message["argv"], stdout=out)
    return {"value": out.getvalue()[:10_000]}


def _migrate(message: dict[str, Any]) -> dict[str, Any]:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    return {}


def _seed(message: dict[str, Any]) -> dict[str, Any]:
    return {"value": seed.a_user(), "passenger": seed.a_passenger(message["root"])}


def _login(message: dict[str, Any]) -> dict[str, Any]:
    return {"value": seed.a_session(message.get("key"))}


def _refused(message: dict[str, Any]) -> dict[str, Any]:
    return {"value": guard.refused}


_DEEDS = {
    "run": _run,
    "command": _command,
    "migrate": _migrate,
    "seed": _seed,
    "login": _login,
    "refused": _refused,
}
