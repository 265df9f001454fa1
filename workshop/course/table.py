"""Reads one table of an activity file strictly: every key known, every type right, or a clear error."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from grader.errors import GraderError

Kind = TypeVar("Kind")


def read(file: Path) -> Table:
    """The table that is the whole of `file`. Raises GraderError if it cannot be read."""
    try:
        return Table(tomllib.loads(file.read_text(encoding="utf-8")), file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GraderError(
            f"{file} cannot be read: {error}.", "The course is damaged: install it anew."
        ) from error


class Table:
    """One TOML table being read. `at` says in words where it is, for the sentence of an error.

    Each reader takes its key out; `finish` complains of what is left over. All raise GraderError: an
    activity file is ours, so a mistake in it is never the learner's.
    """

    def __init__(self, data: dict[str, Any], file: Path, at: str = "") -> None:
        self._data = dict(data)
        self._file = file
        self._at = at

    def text(self, key: str, default: str | None = None) -> str:
        """A string that is not empty (unless the default is)."""
        return self._take(key, str, "a string", default)

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number of 0 or more."""
        value = self._take(key, int, "a whole number", default)
        if isinstance(value, bool) or value < 0:
            raise self.mistake(key, "must be a whole number of 0 or more")
        return value

    def flag(self, key: str) -> bool:
        """true or false; false if it is not there."""
        return self._take(key, bool, "true or false", False)

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings."""
        value = self._take(key, list, "a list of strings", None if default is None else list(default))
        if not all(isinstance(item, str) and item for item in value):
            raise self.mistake(key, "must be a list of strings, none of them empty")
        return tuple(value)

    def strings(self) -> dict[str, str]:
        """All that is left in the table, if every value is a string."""
        return {key: self.text(key) for key in list(self._data)}

    def three(self, key: str) -> tuple[str, str, str]:
        """Exactly three strings: the levels of a hint."""
        match self.texts(key):
            case (first, second, third):
                return first, second, third
        raise self.mistake(key, "must have exactly three strings: a nudge, a pointer, nearly the answer")

    def tables(self, key: str) -> list[Table]:
        """A list of tables (`[[key]]`), empty if it is not there."""
        value = self._take(key, list, "a list of tables", [])
        if not all(isinstance(item, dict) for item in value):
            raise self.mistake(key, "must be a list of tables")
        return [Table(item, self._file, self._below(f"{key}[{n}]")) for n, item in enumerate(value, 1)]

    def sections(self) -> dict[str, Table]:
        """All that is left in the table, if every value is a table, by name."""
        return {key: self._table(key) for key in list(self._data)}

    def named_tables(self, key: str) -> dict[str, Table]:
        """Tables by name (`[key.name]`), empty if there are none."""
        value = self._take(key, dict, "a table", {})
        if not all(isinstance(item, dict) for item in value.values()):
            raise self.mistake(key, "must hold tables only")
        return {name: Table(item, self._file, self._below(f"{key}.{name}")) for name, item in value.items()}

    def words(self, key: str) -> dict[str, str]:
        """Strings by name (`key = { name = "text" }`), perhaps empty ones; none if it is not there."""
        value = self._take(key, dict, "a table", {})
        if not all(isinstance(item, str) for item in value.values()):
            raise self.mistake(key, "must hold strings only")
        return dict(value)

    def has(self, key: str) -> bool:
        """Whether the key is there and was not taken out yet."""
        return key in self._data

    def finish(self) -> None:
        """Complain of the first key that nobody asked for."""
        for key in self._data:
            raise self.mistake(key, "is not a key the workshop knows")

    def mistake(self, key: str, what: str) -> GraderError:
        """The error for `key`, to be raised by the caller."""
        return GraderError(
            f"{self._file}: {self._below(key)} {what}.",
            "This is a mistake in the workshop, not in your code.",
        )

    def _below(self, key: str) -> str:
        return f"{self._at}.{key}" if self._at else key

    def _table(self, key: str) -> Table:
        return Table(self._take(key, dict, "a table", None), self._file, self._below(key))

    def _take(self, key: str, kind: type[Kind], wanted: str, default: Kind | None) -> Kind:
        if key not in self._data:
            if default is None:
                raise self.mistake(key, f"is missing; it must be {wanted}")
            return default
        value = self._data.pop(key)
        if not isinstance(value, kind):
            raise self.mistake(key, f"must be {wanted}")
        if value == "" and default is None:
            raise self.mistake(key, "is empty")
        return value
