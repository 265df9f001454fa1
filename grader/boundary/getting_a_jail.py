"""What to do on a machine that has no jail: one sentence on why, and a command where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from grader.errors import MachineError
from grader.sandbox.hosting.jail import PROGRAM

_INSTALL = {
    "apt-get": "sudo apt-get install bubblewrap",
    "dnf": "sudo dnf install bubblewrap",
    "pacman": "sudo pacman -S bubblewrap",
    "zypper": "sudo zypper install bubblewrap",
    "apk": "sudo apk add bubblewrap",
}
_PROFILE = (
    r"printf 'abi <abi/4.0>,\ninclude <tunables/global>\nprofile bwrap /usr/bin/bwrap flags=(unconfined) "
    r"{\n  userns,\n}\n' | sudo tee /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap"
)
_ALLOW_SOME = "Allow some: sudo sysctl user.max_user_namespaces=10000"
_CONTAINER = (
    "start it with --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined."
)
_SWITCHES = {
    "kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "AppArmor lets no ordinary program make a namespace.",
        f"Allow it to bubblewrap: {_PROFILE}",
    ),
    "kernel/unprivileged_userns_clone": (
        "0",
        "This system lets only root make a namespace.",
        "Allow it to all: sudo sysctl kernel.unprivileged_userns_clone=1",
    ),
    "user/max_user_namespaces": (
        "0",
        "This system allows no user namespaces.",
        _ALLOW_SOME,
    ),
}
"""The setting of Linux, the value that forbids a jail, what that means, and what to do."""


def no_jail() -> MachineError:
    """The error that says that there is no jail here, why, and how to get one."""
    why, remedy = _why()
    return MachineError(f"There is no jail on this machine to run a project in. {why}".rstrip(), remedy)


def _why() -> tuple[str, str]:
    if sys.platform != "linux":
        return "A jail needs Linux.", "Use Linux: WSL 2 on Windows, or a virtual machine."
    if not shutil.which(PROGRAM):
        commands = [command for manager, command in _INSTALL.items() if shutil.which(manager)]
        install = commands[0] if commands else "install the package bubblewrap"
        return "It is made by bubblewrap, which is not installed.", f"Install it: {install}"
    if os.geteuid() == 0:
        return (
            "This container lets root make no namespace.",
            f"Work as an ordinary user, or {_CONTAINER}",
        )
    for name, (forbids, why, remedy) in _SWITCHES.items():
        if _value(name) == forbids:
            return why, remedy
    if not _makes_user_namespaces():
        return "This system allows no user namespaces.", f"{_ALLOW_SOME}. In a container: {_CONTAINER}"
    return (
        "bubblewrap is installed and does not work here.",
        "See what it says: bwrap --unshare-all --ro-bind / / --proc /proc true",
    )


def _makes_user_namespaces() -> bool:
    words = [PROGRAM, "--unshare-user", "--ro-bind", "/", "/", "true"]
    try:
        return subprocess.run(words, capture_output=True, timeout=10).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _value(name: str) -> str:
    try:
        return (Path("/proc/sys") / name).read_text().strip()
    except OSError:
        return ""
