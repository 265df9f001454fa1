"""Typer, but it reads words, paths and choices without pydantic.

Typer loads pydantic to read any value, also that of an option which was not typed, and that takes longer than
`hint` takes to answer. What is wrong, and every other type, is still left to Typer.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup


class _Parsing:
    """Part of a command: lets its parameters, `--help` among them, be read here."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters of the command."""
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for each in parameters:
            described = getattr(each, "type_descriptor", None)  # a Typer without it loads no pydantic
            if described is not None and "process_value" not in vars(each):
                each.process_value = _reader(each, described.annotation)
        return parameters


class Command(_Parsing, TyperCommand):
    """A command."""


class Group(_Parsing, TyperGroup):
    """A group of commands."""


class Typer(typer.Typer):
    """As typer.Typer, for commands as plain as ours: help is plain text, and errors are our own."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=Group, rich_markup_mode=None, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        """Register a function as a command."""
        return super().command(name, cls=Command, **settings)


_LEFT = object()
"""Stands for what is left to Typer."""


def _reader(parameter: Any, annotation: Any) -> Callable[[Any, Any], Any]:
    by_typer = parameter.process_value
    several = parameter.multiple or parameter.nargs == -1
    kind = get_args(annotation)[0] if get_origin(annotation) is list else annotation

    def process_value(context: Any, value: Any) -> Any:
        if several:
            each_read = [_read(kind, each) for each in value or ()]
            read = _LEFT if _LEFT in each_read else each_read
        else:
            read = None if value is None else _read(kind, value)
        if read is _LEFT or (parameter.required and read in (None, [])):
            return by_typer(context, value)
        return parameter.callback(context, parameter, read) if parameter.callback else read

    return process_value


def _read(kind: Any, value: object) -> object:
    """`value`, which is what was typed or a default, as a `kind`."""
    if not isinstance(kind, type):
        return _LEFT
    if isinstance(value, kind):
        return value
    if isinstance(value, str) and issubclass(kind, Path):
        return kind(value)
    if issubclass(kind, Enum):
        return next((each for each in kind if each.value == value), _LEFT)
    return _LEFT
