"""The short way to the two commands that are typed most: without building, and parsing by, all the others."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


def quick(words: list[str]) -> int | None:
    """Run `hint` or `progress` if nothing else was typed with it, but for an activity; the exit status.

    None if it is another command, or has options: then nothing was done.
    """
    match words:
        case ["progress"]:
            from workshop.cli.telling import progress_command

            return _status(progress_command)
        case ["hint", *activity] if len(activity) < 2 and not any(name.startswith("-") for name in activity):
            from workshop.cli.helping import hint_command

            return _status(hint_command, activity=activity[0] if activity else None)
    return None


def _status(command: Any, **arguments: Any) -> int:
    from typer import Exit

    try:
        command(ctx=SimpleNamespace(obj=None), **arguments)
    except Exit as ended:
        return int(ended.exit_code)
    return 0
