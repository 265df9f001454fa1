"""Runs a script of the learner as `python NAME` would, with settings that name the private server.

The judge reads exit status and output of this process; a message on the control channel counts for nothing.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import runpy
import socket
import sys
from typing import Any

from . import confine, guard, shim
from .wire import Channel

USUAL_SITE = [("127.0.0.1", 8000), ("::1", 8000)]
"""The addresses at which runserver listens."""


def main() -> None:
    """Entry point. The last two arguments are the descriptor of the control socket and the configuration."""
    descriptor, config = int(sys.argv[-2]), json.loads(sys.argv[-1])
    channel = Channel(socket.socket(fileno=descriptor))
    os.set_inheritable(descriptor, False)
    servers = [(host, port) for host, port in config["servers"]]
    allowed = [*servers, *USUAL_SITE]
    if config["jail"]:
        confine.enter(config["jail"], channel)
        confine.be_dumpable()
        allowed += [("127.0.0.1", 6379), ("::1", 6379)]
    channel.sock.close()
    guard.install(allowed)
    path = config["path"]
    sys.path[:0] = [os.path.dirname(path), config["root"]]
    with contextlib.suppress(Exception):  # a script that needs the settings raises the same error itself
        shim.load_settings(config["settings"], servers, config["database"], {})
    sys.argv[:] = [path]
    _HOW[config["how"]](path)


def _run(path: str) -> None:
    runpy.run_path(path, run_name="__main__")


def _import(path: str) -> None:
    name = os.path.basename(path).removesuffix(".py")
    spec: Any = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def _test(path: str) -> None:
    sys.argv[:] = ["pytest", "-q", "-s", "-p", "no:cacheprovider", path]
    runpy.run_module("pytest", run_name="__main__")


_HOW = {"run": _run, "import": _import, "test": _test}
