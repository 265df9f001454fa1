"""Asks an interpreter something by a line of our own code, in the jail if the project brings it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterable, Sequence

from grader.sandbox.hosting.environment import process_variables
from grader.sandbox.hosting.interpreter import package_stamps
from grader.sandbox.hosting.jail import Jail
from grader.submission import Submission

SECONDS = 20.0
MOST_BYTES = 64 * 1024
"""No answer is longer; the interpreter may be any program, and print without end."""

_FIND = """
import importlib.util, json, sys
print(json.dumps([n for n in sys.argv[1:] if importlib.util.find_spec(n.replace("-", "_"))]))
"""


def ask(
    submission: Submission, jail: Jail | None, code: str, arguments: Sequence[str] = (), given: bytes = b""
) -> bytes | None:
    """Run `code` with `arguments` in the project's interpreter, with `given` as its input; what it printed.

    None if it fails, takes longer than SECONDS or prints more than MOST_BYTES. An interpreter that lies in
    the project runs in the `jail`. Without one, only that of one's own project runs, with our rights.
    """
    words = [str(submission.python), "-I", "-c", code, *arguments]
    if submission.brings_python and jail is None and not submission.own:
        return None
    if jail and submission.brings_python:
        words = jail.command(words, submission, ())
    try:
        process = subprocess.Popen(
            words,
            cwd="/",
            env=process_variables(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None
    late = threading.Timer(SECONDS, _kill, (process,))
    late.start()
    threading.Thread(target=_write, args=(process, given), daemon=True).start()
    try:
        assert process.stdout is not None
        with process.stdout as printed:
            said = printed.read(MOST_BYTES + 1)
        if len(said) > MOST_BYTES:
            return None
        return said if process.wait() == 0 else None
    finally:
        late.cancel()
        _kill(process)
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def _write(process: subprocess.Popen[bytes], given: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError), process.stdin as pipe:  # it may read nothing, or have ended
        pipe.write(given)


_found: dict[object, set[str]] = {}


def importable(submission: Submission, jail: Jail | None, names: Iterable[str]) -> set[str]:
    """Return those of the packages `names` that the project's interpreter can import.

    Cached until its packages change.
    """
    key = (submission.python, frozenset(names), package_stamps(submission))
    found = _found.get(key) or installed(submission, jail, key[1])
    _found.clear()
    if found:  # an empty set may also mean that the interpreter did not respond in time
        _found[key] = found
    return found


def installed(submission: Submission, jail: Jail | None, names: Iterable[str]) -> set[str]:
    """Ask the interpreter which of `names` it can find as a module."""
    wanted = set(names)
    try:
        said = json.loads(ask(submission, jail, _FIND, sorted(wanted)) or b"[]")
    except (ValueError, RecursionError):
        return set()
    return wanted & {name for name in said if isinstance(name, str)} if isinstance(said, list) else set()
