"""Turns what came out of the jail into dataclasses, or refuses it: types, enums, and lengths."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

MAX_TEXT = 100_000
"""Characters of a text."""
MAX_ITEMS = 10_000
"""Items of a list, or keys of an object."""

Class = TypeVar("Class")


class Unfit(ValueError):
    """A value does not fit its type."""


def read(value: Any, into: type[Class]) -> Class:
    """Return the dataclass `into` with the fields that the decoded JSON object `value` has. Raises Unfit.

    Every field must be there, and nothing else.
    """
    read_value: Class = _read(value, into)
    return read_value


def plain(value: Any) -> Any:
    """Return a dataclass as what JSON knows. `read` undoes it, but for texts that are too long or no text."""
    if type(value) is str:
        return value[:MAX_TEXT].encode("utf-8", "replace").decode()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {plain(key): plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return value.value if isinstance(value, Enum) else value


def _read(value: Any, into: Any) -> Any:
    origin, of = typing.get_origin(into), typing.get_args(into)
    if origin in (typing.Union, types.UnionType):
        return None if value is None else _read(value, next(each for each in of if each is not type(None)))
    if origin is tuple:
        return tuple(_read(each, of[0]) for each in _sized(value, list))
    if origin is not None and issubclass(origin, Mapping):
        return {_read(key, of[0]): _read(each, of[1]) for key, each in _sized(value, dict).items()}
    if dataclasses.is_dataclass(into):
        return _object(value, into)
    if issubclass(into, Enum):
        try:
            return into(value)
        except ValueError as error:
            raise Unfit(f"{into.__name__} has no such value") from error
    if into is float and type(value) is int:
        return float(value)
    if type(value) is not into or (into is str and len(value) > MAX_TEXT):
        raise Unfit(f"no {into.__name__}")
    return value


def _object(value: Any, into: Any) -> Any:
    shape = _shape(into)
    if _sized(value, dict).keys() != shape.keys():
        raise Unfit(f"{into.__name__} has other fields")
    return into(**{name: _read(value[name], shape[name]) for name in shape})


@functools.cache
def _shape(into: Any) -> Mapping[str, Any]:
    hints = typing.get_type_hints(into)
    return {field.name: hints[field.name] for field in dataclasses.fields(into)}


def _sized(value: Any, kind: type[list[Any]] | type[dict[str, Any]]) -> Any:
    if type(value) is not kind or len(value) > MAX_ITEMS:
        raise Unfit(f"no {kind.__name__}, or too large")
    return value
