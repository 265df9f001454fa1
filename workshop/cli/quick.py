"""The short way to what is typed most: without building, and parsing by, all the other commands."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


def quick(words: list[str]) -> int | None:
    """Run `hint`, `check` or `progress` if nothing but an activity was typed with it; the exit status.

    None if it is another command, or has options: then nothing was done.
    """
    match words:
        case ["progress"]:
            from workshop.cli.telling import progress_command

            return _status(progress_command)
        case ["hint" | "check" as word, *activity] if len(activity) < 2 and not _has_option(activity):
            named = activity[0] if activity else None
            if word == "check":
                from workshop.cli.judging import check_command

                return _status(check_command, activity=named)
            from workshop.cli.helping import hint_command

            return _status(hint_command, activity=named)
    return None


def _has_option(words: list[str]) -> bool:
    return any(word.startswith("-") for word in words)


def _status(command: Any, **arguments: Any) -> int:
    from typer import Exit

    try:
        command(ctx=SimpleNamespace(obj=None), **arguments)
    except Exit as ended:
        return int(ended.exit_code)
    return 0
