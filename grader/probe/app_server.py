"""The app server: loads the learner's project once, then forks a worker for every check.

The message `fork` carries three descriptors for the worker: its control channel, its HTTP socket and the pipe
for its output. After `fork ahead` the worker warms up until the judge needs it.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from typing import Any, NoReturn

from . import authentication, errors, introspection, preload, serve, shim, warm_up, worker
from .wire import Channel


def become_project(control: int, log: int, config: dict[str, Any]) -> NoReturn:
    """Load the project that `config` describes, send a report, and fork workers until the judge hangs up."""
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    root = config["root"]
    sys.path.insert(0, root)
    sys.dont_write_bytecode = True  # the judge compares the copy with its state before the run
    try:
        channel = Channel(socket.socket(fileno=control))
        try:
            _load(config)
            report = {
                "ok": True,
                **(introspection.describe(root) if config["urls"] else introspection.bare()),
            }
            preload.warm(config["urls"])
        except BaseException as error:
            facts = {**errors.facts(error, root), "stage": _stage()}
            report = {"ok": False, "error": facts, "versions": introspection.versions()}
        channel.send(report)
        if report["ok"]:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            _wait_for_work(channel, root)
    finally:
        os._exit(0)


def _load(config: dict[str, Any]) -> None:
    servers = [(host, port) for host, port in config["servers"]]
    shim.load_settings(
        config["settings"], servers, config["database"], config["overrides"], config["variables"]
    )
    import django

    django.setup()
    if not config["urls"]:
        return
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    authentication.install()
    serve.application()


def _stage() -> str:
    """The stage of loading in which the project failed."""
    from django.apps import apps

    if not shim.loaded:
        return "settings"
    return "urls" if apps.ready else "apps"


def _wait_for_work(channel: Channel, root: str) -> None:
    warming_up = warm_up.warm_up()
    while (received := channel.receive()) is not None:
        message, (control, http, log) = received
        if message["do"] == "become" or os.fork() == 0:
            channel.sock.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            worker.become_worker(control, http, log, root, ahead=message["do"] == "fork ahead")
        for descriptor in (control, http, log):
            os.close(descriptor)
        if not select.select([channel.sock], [], [], 0)[0]:
            next(warming_up, None)
