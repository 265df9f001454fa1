"""A worker: a process of the project with its own database, which answers HTTP and control messages."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import select
import socket
from typing import Any, NoReturn

from . import confine, errors, guard, seed, serve, warm_up
from .wire import Channel


def become_worker(control: int, http: int, log: int, root: str, ahead: bool) -> NoReturn:
    """Wait until the judge names the database, then serve until the judge closes the control channel.

    A worker that was forked `ahead` warms up while it waits. `control`, `http` and `log` are descriptors.
    """
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    channel = Channel(socket.socket(fileno=control))
    try:
        if ahead:
            _warm_up_until_wanted(channel)
        if (named := channel.receive()) is not None:
            _use(named[0]["database"])
            serve.serve(socket.socket(fileno=http), root)
            channel.send({"ok": True})
        while (received := channel.receive()) is not None:
            channel.send(_answer({**received[0], "root": root}))
    finally:
        # The judge waits until these are closed: close them first, since freeing the memory takes a while.
        confine.say_that_it_ends()
        os.closerange(0, confine.OPEN_FILES)
        os._exit(0)


def _warm_up_until_wanted(channel: Channel) -> None:
    for _ in warm_up.warm_up_worker():
        if select.select([channel.sock], [], [], 0)[0]:
            break


def _use(database: str) -> None:
    from django.db import connections

    connections.close_all()
    if not database:  # the project keeps its own databases
        return
    for alias in connections:
        name = database if alias == "default" else f"{database}.{alias}"
        connections.settings[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def _answer(message: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"ok": True, **_HANDLERS[message["do"]](message)}
    except BaseException as error:
        return {"ok": False, "error": errors.facts(error, message["root"])}


def _run(message: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(message["code"], "<the workshop>", "exec"), names)
    return {"value": names.get("value")}


def _command(message: dict[str, Any]) -> dict[str, Any]:
    """Run a management command as manage.py would; return its exit status, output, and count of SQL."""
    from django.core.management import CommandError, call_command, get_commands
    from django.db import connections

    out, statements, status = io.StringIO(), itertools.count(), 0
    failed: dict[str, Any] = {}

    def observe(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        next(statements)
        return execute(sql, params, many, context)

    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(out))
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(observe))
        try:
            call_command(*message["argv"], stdout=out, stderr=out)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(bool(end.code))
            out.write(end.code if isinstance(end.code, str) else "")
        except Exception as error:
            status = error.returncode if isinstance(error, CommandError) else 1
            out.write(f"{type(error).__name__}: {error}")
            failed = errors.facts(error, message["root"])
    return {
        "status": status,
        "output": out.getvalue()[-10_000:],
        "sql": next(statements),
        "known": message["argv"][0] in get_commands(),
        "error_in": failed,
    }


def _migrate(message: dict[str, Any]) -> dict[str, Any]:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
    return {}


def _seed(message: dict[str, Any]) -> dict[str, Any]:
    return {"value": seed.make_user(), "passenger": seed.make_passenger(message["root"])}


def _login(message: dict[str, Any]) -> dict[str, Any]:
    return {"value": seed.log_in(message.get("key"))}


def _refused(message: dict[str, Any]) -> dict[str, Any]:
    return {"value": guard.refused}


_HANDLERS = {
    "run": _run,
    "command": _command,
    "migrate": _migrate,
    "seed": _seed,
    "login": _login,
    "refused": _refused,
}
