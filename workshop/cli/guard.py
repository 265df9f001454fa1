"""Turns errors into one sentence, a remedy and an exit status. A person never sees a traceback."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ParamSpec, TypeVar

import typer

from grader.errors import ExitStatus, WorkshopError
from workshop.cli.context import Context
from workshop.screens.clean import clean

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")

INTERRUPTED = 130
"""What shells say of a command ended by Ctrl-C."""


def guarded(command: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
    """Let `command` end in an exit status, whatever it raises."""

    @functools.wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Returned:
        try:
            return command(*args, **kwargs)
        except WorkshopError as error:
            context_of(kwargs).complain(explain(error))
            raise typer.Exit(error.status) from None
        except KeyboardInterrupt:
            context_of(kwargs).complain("\nStopped.")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read our output has gone (`| head`); the interpreter must not flush into it again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise typer.Exit(ExitStatus.OK) from None
        except typer.Exit:
            raise
        except Exception:
            context = context_of(kwargs)
            log = write_crash(context.start)
            context.complain(
                "Something went wrong: a fault of the workshop, not of your code.\n"
                f"What happened is written in {log}; please show that file to your instructor."
            )
            raise typer.Exit(ExitStatus.OURS) from None

    return run


def context_of(arguments: Mapping[str, object]) -> Context:
    """The context of a command, by its `ctx` argument."""
    context = getattr(arguments.get("ctx"), "obj", None)
    return context if isinstance(context, Context) else Context()


def explain(error: WorkshopError) -> str:
    """The two lines that a person reads of an expected error."""
    lines = [clean(error.sentence)]
    if error.remedy:
        lines.append(clean(error.remedy))
    return "\n".join(lines)


def write_crash(start: Path) -> Path:
    """Write the traceback being handled to the project's .workshop/crash.log, or else to a temporary file."""
    import tempfile
    import traceback

    text = traceback.format_exc()
    state = next(
        (each / ".workshop" for each in (start, *start.parents) if (each / ".workshop").is_dir()), None
    )
    for folder in (state, Path(tempfile.gettempdir())):
        if folder is not None:
            log = folder / ("crash.log" if folder is state else f"workshop-crash-{os.getpid()}.log")
            new = os.O_TRUNC if folder is state else os.O_EXCL  # a name in a folder of all users may be taken
            try:
                file = os.open(log, os.O_WRONLY | os.O_CREAT | new | getattr(os, "O_NOFOLLOW", 0), 0o600)
                with os.fdopen(file, "w", encoding="utf-8", errors="backslashreplace") as crash:
                    crash.write(text)
            except OSError:
                continue
            return log
    return Path(os.devnull)
