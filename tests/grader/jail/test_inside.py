"""What code of a project meets inside the jail: no files but its own, no network, few means."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.probe import confine
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.errors import SandboxError
from grader.sandbox.hosting.jail import TMPFS_BYTES, detect, takes_sizes
from grader.sandbox.hosting.sandbox import Sandbox
from grader.submission import Submission
from tests.projects.build import STARTER
from workshop.course.load import hidden

pytestmark = pytest.mark.skipif(detect() is None, reason="no bubblewrap")

_WRITE = """
import pathlib
def write(folder):
    try:
        (pathlib.Path(folder) / {name!r}).write_text("was here")
    except OSError:
        return False
    return True
value = [write(folder) for folder in {folders!r}]
"""

_CALL = """
import subprocess, sys
code = "import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
value = subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode
"""

_RUN_AWAY = """
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 512)
        os.execv(sys.executable, [sys.executable, "-Sc", "import signal; signal.pause()", "{name}"])
    os._exit(0)
os.wait()
"""


def test_it_writes_to_its_copy_and_nowhere_else(environment: CheckEnvironment, jailed: Sandbox) -> None:
    name = f"workshop-{uuid.uuid4().hex}"
    copy = Path(environment.run("import os; value = os.getcwd()"))
    outside = [
        jailed.submission.root,
        copy.parent,
        Path.home(),
        Path("/tmp"),
        Path("/usr"),
        Path(confine.__file__).parent,
    ]
    written = environment.run(_WRITE.format(name=name, folders=[str(copy), *map(str, outside)]))
    assert written[0]
    assert (copy / name).read_text() == "was here"
    assert [folder for folder in outside if (folder / name).exists()] == []
    assert written[5:] == [False, False]
    # Not only because files of the system belong to somebody else:
    flags = "import os; value = [os.statvfs(folder).f_flag & os.ST_RDONLY for folder in ('/', '/usr')]"
    assert environment.run(flags) == [1, 1]


def test_the_learners_folder_and_the_servers_socket_are_not_there(
    environment: CheckEnvironment, jailed: Sandbox
) -> None:
    there = [str(jailed.submission.root / "manage.py"), jailed._server.address.path, str(jailed._scratch)]
    assert all(Path(path).exists() for path in there)
    assert environment.run(f"import os; value = [os.path.exists(path) for path in {there[:2]}]") == [
        False,
        False,
    ]
    seen = environment.run(f"import os; value = os.listdir({there[2]!r})")
    # A project may make files of its own beside its copy: they are in the jail alone.
    assert {name for name in seen if (jailed._scratch / name).exists()} == {"databases", "project"}


def test_what_the_caller_hides_is_empty(environment: CheckEnvironment) -> None:
    there = [str(folder) for folder in hidden()]
    assert all(any(Path(folder).iterdir()) for folder in there)
    assert environment.run(f"import os; value = [os.listdir(folder) for folder in {there}]") == [
        [] for _ in there
    ]


def _hosted(project: Path) -> Submission:
    return Submission(project, "settings", None, Path("/usr/bin/python3"), "the system's")


def test_a_home_and_a_project_anywhere_are_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jail = detect()
    assert jail
    home = STARTER / "users"  # any folder that is in no place for temporary files
    monkeypatch.setenv("HOME", str(home))
    for project, empty in ((STARTER / "safeboda", STARTER / "safeboda"), (STARTER / "safeboda", home)):
        words = ["/bin/ls", str(empty)]
        command = jail.command(words, _hosted(project), [tmp_path])
        listed = subprocess.run(command, capture_output=True, text=True)
        assert (listed.returncode, listed.stdout) == (0, ""), listed.stderr
    seen = jail.command(["/bin/ls", "/usr"], _hosted(STARTER), [tmp_path])
    assert "bin" in subprocess.run(seen, capture_output=True, text=True).stdout


@pytest.mark.parametrize("own", [True, False])
def test_a_class_that_a_hand_in_calls_its_python_cannot_be_read(tmp_path: Path, own: bool) -> None:
    """A hand-in called `lib` among others, and a pyvenv.cfg whose home is there."""
    jail = detect()
    assert jail
    marks = tmp_path / "class/alice/marks"
    for file in (marks, tmp_path / "class/lib/python3/os.py", tmp_path / "class/boda/python3"):
        file.parent.mkdir(parents=True)
        file.write_text("a canary")
    environment = tmp_path / "class/boda/.venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin/python").symlink_to("../../python3")
    (environment / "pyvenv.cfg").write_text(f"home = {tmp_path}/class/boda\n")
    root = environment.parent
    submission = Submission(root, "settings", None, environment / "bin/python", "its own", own)
    for path in (marks, root / "python3"):
        read = subprocess.run(jail.command(["/bin/cat", str(path)], submission, ()), capture_output=True)
        assert (read.returncode, read.stdout) == (1, b"")
    shown = jail.command(["/bin/cat", str(environment / "pyvenv.cfg")], submission, ())
    assert b"home" in subprocess.run(shown, capture_output=True).stdout


def test_the_loopback_of_the_machine_is_out_of_reach(environment: CheckEnvironment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        assert environment.run(_CALL.format(port=listener.getsockname()[1])) != 0
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_address_that_everyone_knows_answers_with_the_same_data(environment: CheckEnvironment) -> None:
    """This is the private server, whatever listens on the machine's own port."""
    before = environment.proxy.default_address_connections
    assert environment.refused() == (["127.0.0.1:6379"] if before else [])
    key = uuid.uuid4().hex
    environment.run(f"from django.core.cache import cache\ncache.set({key!r}, 1)")
    keys = environment.run(
        "import redis; value = [k.decode() for k in redis.Redis('localhost', db=1).keys()]"
    )
    assert [name for name in keys if name.endswith(key)]
    assert environment.proxy.default_address_connections == before + 1
    assert environment.refused() == ["127.0.0.1:6379"]


def test_what_ran_away_is_gone_after_the_check(jailed: Sandbox) -> None:
    name = f"runaway-{uuid.uuid4().hex}"
    with CheckEnvironment(jailed.project) as environment, CheckEnvironment(jailed.project) as other:
        environment.run(_RUN_AWAY.format(name=name))
        other.run(_RUN_AWAY.format(name=name + "-other"))
        _wait_until(lambda: len(_processes(name)) == 2)
        process = environment.run("import os; value = os.getppid()")
    _wait_until(lambda: not _processes(name))
    with CheckEnvironment(jailed.project) as environment:  # and the project was not started anew for that
        assert environment.run("import os; value = os.getppid()") == process


def test_a_process_that_belongs_to_a_running_check_is_left_alone(jailed: Sandbox) -> None:
    name = f"helper-{uuid.uuid4().hex}"
    with CheckEnvironment(jailed.project) as environment:
        environment.run(
            "import subprocess, sys\n"
            f"subprocess.Popen([sys.executable, '-Sc', 'import signal; signal.pause()', {name!r}])"
        )
        with CheckEnvironment(jailed.project):
            pass
        assert len(_processes(name)) == 1
    _wait_until(lambda: not _processes(name))


_RIGHTS = """
lines = dict(line.split(":", 1) for line in open("/proc/self/status"))
value = {name: int(lines[name], 16 if name.startswith("Cap") else 10)
         for name in ("CapEff", "CapPrm", "CapInh", "CapAmb", "NoNewPrivs", "Seccomp")}
"""


def test_a_project_has_no_capability(environment: CheckEnvironment) -> None:
    assert environment.run(_RIGHTS) == {
        **dict.fromkeys(("CapEff", "CapPrm", "CapInh", "CapAmb"), 0),
        "NoNewPrivs": 1,
        "Seccomp": 2,
    }


_FORBIDDEN = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def tried(name, *arguments):
    ctypes.set_errno(0)
    return getattr(libc, name)(*arguments) == -1 and ctypes.get_errno() == 1
pid = os.getppid()
while os.path.exists(f"/proc/{pid}/stat") and pid > 1:
    zygote, pid = pid, int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
SIGCHLD, NEW_USER, ATTACH = 17, 0x10000000, 16
CLONE, KEYCTL = (56, 250) if os.uname().machine == "x86_64" else (220, 219)
value = {
    "a user namespace": tried("unshare", NEW_USER),
    "a child in one": tried("syscall", CLONE, NEW_USER | SIGCHLD, 0, 0, 0, 0),
    "a mount": tried("mount", b"none", b"/tmp", b"tmpfs", 0, None),
    "tracing the zygote": tried("ptrace", ATTACH, zygote, 0, 0),
    "the keys of the session": tried("syscall", KEYCTL, 0, -3, 0),
}
try:
    open(f"/proc/{zygote}/mem", "r+b")
    value["the memory of the zygote"] = False
except OSError:
    value["the memory of the zygote"] = True
"""


def test_a_project_makes_no_namespace_and_traces_nobody(environment: CheckEnvironment) -> None:
    refused = environment.run(_FORBIDDEN)
    assert refused == dict.fromkeys(refused, True)


def test_a_process_may_look_at_itself_and_start_others(environment: CheckEnvironment) -> None:
    code = "import os, subprocess, sys, threading\n"
    code += "t = threading.Thread(target=print); t.start(); t.join()\n"
    code += (
        "out = subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, text=True).stdout\n"
    )
    code += "value = [bool(open('/proc/self/environ', 'rb').read()), out]"
    assert environment.run(code) == [True, "1\n"]


def test_an_empty_folder_takes_no_more_than_its_size(environment: CheckEnvironment) -> None:
    code = f"""
import os
try:
    for number in range({TMPFS_BYTES} // 2**25 + 2):
        with open(f"/tmp/big-{{number}}", "wb") as file:
            file.write(bytes(2**25))
    value = ""
except OSError as error:
    value = error.strerror
finally:
    for name in os.listdir("/tmp"):
        if name.startswith("big-"):
            os.unlink("/tmp/" + name)
"""
    if not takes_sizes():
        pytest.skip("this bubblewrap cannot limit a tmpfs")
    assert environment.run(code) == "No space left on device"


def test_every_process_is_limited(environment: CheckEnvironment) -> None:
    kinds = ["CPU", "DATA", "AS", "FSIZE", "NOFILE", "CORE", "NPROC"]
    most = [60, 1536 << 20, 8 << 30, 64 << 20, 512, 0, 64]
    names = [f"RLIMIT_{kind}" for kind in kinds]
    found = environment.run(
        f"import resource; value = [resource.getrlimit(getattr(resource, n)) for n in {names}]"
    )
    jail = detect()
    counted = len(kinds) if jail and jail.few else len(kinds) - 1
    assert all(soft == hard <= limit for (soft, hard), limit in zip(found[:counted], most, strict=False))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("open('big', 'wb').truncate(1 << 30)", "File too large"),
        ("kept = bytearray(4 << 30)", "MemoryError"),
        ("kept = [open('/dev/null') for _ in range(1000)]", "Too many open files"),
    ],
)
def test_too_much_is_refused(environment: CheckEnvironment, code: str, error: str) -> None:
    with pytest.raises(SandboxError, match=error):
        environment.run(code)


def _processes(name: str) -> list[str]:
    """The processes of this machine, seen from outside, with `name` among their arguments."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if b"signal.pause()" in words and name.encode() in words:
            found.append(path.parent.name)
    return found


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
