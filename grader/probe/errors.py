"""Describes an exception: type, message, and the last line of the learner's code in the traceback."""

from __future__ import annotations

import os
import traceback
from typing import Any


def facts(error: BaseException, root: str) -> dict[str, Any]:
    """Return `type`, `message`, `missing` (a module), and `file` and `line` in the project if known.

    `variable` is the environment variable that was looked up in `os.environ` in vain.
    """
    found: dict[str, Any] = {"type": type(error).__name__, "message": str(error)[:500]}
    if isinstance(error, ModuleNotFoundError):
        found["missing"] = error.name or ""
    if isinstance(error, SystemExit):
        found["message"] = f"exit status {error.code}"
    last = traceback.extract_tb(error.__traceback__)[-1:]
    if isinstance(error, KeyError) and last and last[0].filename in (os.__file__, "<frozen os>"):
        found["variable"] = str(error.args[0])[:100]
    real = os.path.realpath(root) + os.sep
    if isinstance(error, SyntaxError) and error.filename:
        file = os.path.realpath(error.filename)
        if file.startswith(real):
            return {**found, "message": error.msg, "file": file[len(real) :], "line": error.lineno or 1}
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith("<"):  # `<frozen importlib._bootstrap>`, or code of the workshop
            continue
        file = os.path.realpath(frame.filename)
        if file.startswith(real):
            return {**found, "file": file[len(real) :], "line": frame.lineno or 1}
    return found
