"""Values are read as Typer reads them, and what is wrong is told by Typer."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from workshop.cli.parsing import Typer


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


def print_all(
    name: Annotated[str, typer.Argument()],
    more: Annotated[list[Path] | None, typer.Argument()] = None,
    path: Annotated[Path | None, typer.Option()] = None,
    size: Annotated[Size, typer.Option()] = Size.SMALL,
    number: Annotated[int, typer.Option(min=1)] = 3,
    word: Annotated[str | None, typer.Option()] = None,
    yes: Annotated[bool, typer.Option("--yes")] = False,
) -> None:
    """Print what came in."""
    typer.echo(repr((name, more, path, size, number, word, yes)))


def run(app: typer.Typer, words: str) -> tuple[int, str]:
    app.command("one")(print_all)
    app.command("two")(print_all)
    ran = CliRunner().invoke(app, words.split(), prog_name="program")
    return ran.exit_code, ran.output


@pytest.mark.parametrize(
    "words",
    [
        "one a",
        "one a b c",
        "one a --path x/y --size large --number 7 --word w --yes",
        "two a --size huge",
        "two a --number 0",
        "two a --number seven",
        "two",
        "two a --path",
        "three",
        "one --help",
        "--help",
        "",
    ],
)
def test_it_is_read_as_typer_reads_it(words: str) -> None:
    settings: dict[str, Any] = {"no_args_is_help": True, "pretty_exceptions_enable": False}
    assert run(Typer(**settings), words) == run(typer.Typer(rich_markup_mode=None, **settings), words)
