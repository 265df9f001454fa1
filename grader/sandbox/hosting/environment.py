"""The environment variables of a process that runs a project's code: a few names, and no secret of ours."""

from __future__ import annotations

import os

_KEPT = ("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR")
_KEPT_GROUP = "LC_"


def process_variables() -> dict[str, str]:
    """Return the variables for a process in the learner's interpreter.

    Of our own environment it gets where programs, home and temporary files are, language and time zone. All
    else stays here: a token of a CI job, the addresses of other servers. A project has its variables in .env.
    """
    kept = {
        name: value for name, value in os.environ.items() if name in _KEPT or name.startswith(_KEPT_GROUP)
    }
    return {**kept, "PYTHONUNBUFFERED": "1"}
