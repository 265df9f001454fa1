"""The options that are the same everywhere."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"


Project: TypeAlias = Annotated[
    Path | None,
    typer.Option("--project", metavar="PATH", help="Your Django project, if you are not in it."),
]
Plain: TypeAlias = Annotated[
    bool, typer.Option("--plain", help="No colours, no drawing: for screen readers and log files.")
]
Python: TypeAlias = Annotated[
    Path | None,
    typer.Option("--python", metavar="PATH", help="The Python to run your project with."),
]
Yes: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
ActivityName: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="ACTIVITY", help="activity-4, or just 4.")
]
CheckAndActivity: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="CHECK|ACTIVITY", help="L2, activity-4, or both, in any order."),
]
OutputFormat: TypeAlias = Annotated[
    Format, typer.Option("--format", help="text for people, json for programs.")
]
