"""The command that runs the judge in a jail of its own, in which it hosts the project in the inner jail.

Inside there is what an allow-list names, read-only: the system's programs, our Python and the learner's, the
package `grader`, and the staged project. docs/jail.md says what this promises.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import grader
from grader.sandbox.hosting.interpreter import visible
from grader.sandbox.hosting.jail import ALWAYS, NOBODY, PROGRAM, devices, empty_folder, has_user
from grader.servers import binary
from grader.submission import Submission

STAGE = Path("/stage")
"""Where the staged project lies inside."""
SNAPSHOTS = Path("/snapshots")
"""Where the migrated databases of the project lie inside."""

TEMPORARY_BYTES = 512 * 1024 * 1024
"""What the copies of the project, the databases and the servers may write; it stays in memory."""

_SYSTEM = ("bin", "lib", "lib32", "lib64", "libx32", "nix", "sbin", "usr")
_SETTINGS = (
    *("alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "timezone", "os-release"),
    *("passwd", "group", "nsswitch.conf", "hosts", "protocols", "services", "mime.types", "alpine-release"),
    *("ssl/certs", "ssl/openssl.cnf", "pki/tls/certs", "ca-certificates"),
)
"""Files and folders of /etc that programs read, and that tell nothing of who uses the machine."""
_SHARED = (Path("/home/linuxbrew"),)  # not a home: programs that all may run lie there
_PROGRAMS = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
_VARIABLES = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", binary.VARIABLE)

# bubblewrap covers parts of /proc for root, and Linux then lets no inner jail mount its own.
_AS_NOBODY = f"""
mount -t proc proc /proc || exit
exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --bounding-set=-all --inh-caps=-all -- "$@"
"""


@dataclass(frozen=True, slots=True)
class OuterJail:
    """A way to make the jail: what stands before bubblewrap, its options, what stands before the words."""

    before: tuple[str, ...]
    options: tuple[str, ...]
    become: tuple[str, ...] = ()
    user: int | None = None

    def command(self, words: Sequence[str], mounts: Sequence[str]) -> list[str]:
        """Return the command that runs `words` inside, with these `mounts`.

        The thread that starts the command must live as long as the process: bubblewrap ends with it.
        """
        return [*self.before, PROGRAM, *self.options, *mounts, *_variables(), "--", *self.become, *words]


def ways() -> list[OuterJail]:
    """Return the ways to make the jail for the present user, the best first; none without bubblewrap."""
    if not shutil.which(PROGRAM):
        return []
    plain = (*ALWAYS, "--unshare-user")
    if os.geteuid() != 0:
        return [OuterJail((), plain)]
    if not has_user(NOBODY):
        return []
    rights = ("CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")
    options = (*ALWAYS, "--cap-drop", "ALL", *(word for right in rights for word in ("--cap-add", right)))
    become = ("/bin/sh", "-c", _AS_NOBODY, "jail")
    before = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")
    return [OuterJail((), options, become, NOBODY), OuterJail(before, plain, user=NOBODY)]


def mounts(submission: Submission, stage: Path, snapshots: Path | None, hidden: Iterable[Path]) -> list[str]:
    """Return the options that make the file system inside.

    The interpreter of `submission` is shown. The folder `stage` is where it is staged, and `snapshots` is the
    only folder of the machine that can be written to. What lies in the folders `hidden` stays away, also
    where a folder around them is shown.
    """
    options = _system()
    shown = set(_judge())
    for seen in (visible(ours()), visible(submission)):
        shown |= seen.folders
        options |= {path: ["--symlink", target, str(path)] for path, target in seen.links.items()}
    shown -= {Path("/")}
    options |= {path: ["--ro-bind", str(path), str(path)] for path in shown}
    options |= {
        path: [*empty_folder(path, 4096), "--remount-ro", str(path)]
        for path in hidden
        if any(path.is_relative_to(folder) for folder in shown) and path.is_dir()
    }
    options[Path("/tmp")] = empty_folder(Path("/tmp"), TEMPORARY_BYTES, open_to_all=True)
    options[STAGE] = ["--ro-bind", str(stage), str(STAGE)]
    if snapshots:
        options[SNAPSHOTS] = ["--bind", str(snapshots), str(SNAPSHOTS)]
    whole = [path for path, words in options.items() if words[0] in ("--ro-bind", "--symlink")]
    for path in list(options):  # bubblewrap itself would make the parent folders readable by root only
        for parent in path.parents:
            if parent != Path("/") and not any(parent.is_relative_to(folder) for folder in whole):
                options.setdefault(parent, ["--dir", str(parent)])
    # A folder in the place of which there is a link already is shown by what the link leads to.
    linked = [path for path, words in options.items() if words[0] == "--symlink"]
    ordered = sorted(options, key=lambda path: len(path.parts))
    kept = [
        path for path in ordered if not any(path != link and path.is_relative_to(link) for link in linked)
    ]
    return [
        *(word for path in kept for word in options[path]),
        *("--proc", "/proc", *devices(), "--remount-ro", "/", "--chdir", "/tmp"),
    ]


def _system() -> dict[Path, list[str]]:
    """The options for the system's programs and their settings."""
    options: dict[Path, list[str]] = {}
    for path in (Path("/") / name for name in _SYSTEM):
        if path.is_symlink():
            options[path] = ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            options[path] = ["--ro-bind", str(path), str(path)]
    for path in (Path("/etc") / name for name in _SETTINGS):
        if path.exists():
            options[path] = ["--ro-bind", str(path.resolve()), str(path)]
    return options


def _judge() -> frozenset[Path]:
    """What the judge is made of: the package, packages that lie outside our Python, server programs."""
    package = Path(grader.__file__).parent
    beside = {path for path in _beside() if path != package.parent}
    programs = {*binary.candidates(), *(Path(path) for path in [shutil.which(PROGRAM)] if path)}
    programs = {path for path in programs if path.exists()}
    programs |= {path.resolve() for path in programs}
    shared = {path for path in _SHARED if path.is_dir()}
    found = {package, *beside, *programs, *shared}
    system = [Path("/") / name for name in _SYSTEM]
    return frozenset(path for path in found if not any(path.is_relative_to(folder) for folder in system))


def ours() -> Submission:
    """Return our own interpreter, as if it were a project's."""
    return Submission(Path("/nonexistent"), "", None, Path(sys.executable), "", own=True)


def _beside() -> tuple[Path, ...]:
    """The folders on sys.path that do not lie in our Python: of the user, or of a checkout."""
    own = {Path(sys.prefix), Path(sys.base_prefix)}
    folders = [Path(entry) for entry in sys.path if entry and Path(entry).is_absolute()]
    package = Path(grader.__file__).parent.parent
    found = [path for path in folders if path.is_dir() and not any(path.is_relative_to(home) for home in own)]
    wanted = [path for path in found if path.name in ("site-packages", "dist-packages")]
    return (*wanted, package) if not any(package.is_relative_to(home) for home in own) else (*wanted,)


def _variables() -> list[str]:
    """The options for the environment inside: an allow-list."""
    kept: Mapping[str, str] = {
        **{name: os.environ[name] for name in _VARIABLES if name in os.environ},
        "PATH": f"{os.environ.get('PATH', '')}:{_PROGRAMS}".lstrip(":"),
        "HOME": "/tmp",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": os.pathsep.join(map(str, _beside())),
    }
    return ["--clearenv", *(word for name, value in kept.items() for word in ("--setenv", name, value))]


def prepare(snapshots: Path, way: OuterJail) -> None:
    """Let the judge inside write to the folder `snapshots`."""
    snapshots.mkdir(exist_ok=True)
    if way.user is not None:
        for path in (snapshots, *snapshots.iterdir()):
            os.chown(path, way.user, way.user, follow_symlinks=False)
