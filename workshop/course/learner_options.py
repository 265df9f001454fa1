"""What the learner names: the optional workshop.toml beside manage.py, read as data and never run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.reading import parse_toml, read_bytes

FILE = "workshop.toml"

_MAX_BYTES = 64 * 1024
_MAX_TEXT = 500

_URL = (r"/[^\s\\]*", "a path of your site, such as /api/cache/stats/")
_SCRIPT = (
    r"(?!.*\.\.)[^/\s\\][^\\\0]*\.py",
    "a Python file of your project, such as test_cache_performance.py",
)
_COMMAND = (r"[A-Za-z_]\w*(?: [^\s\0]+)*", "a command of manage.py, such as warm_cache")
_FUNCTION = (r"[^\W\d]\w*(?:\.[^\W\d]\w*)+", "a module and a function in it, such as users.cache_tags.tag")
_MODULE = (r"[^\W\d]\w*(?:\.[^\W\d]\w*)*", "a module, such as safeboda.settings.production")
_VARIABLES = "production_variables"

_TEXTS = {
    "statistics_url": _URL,
    "load_test": _SCRIPT,
    "warm_command": _COMMAND,
    "reconcile_command": _COMMAND,
    "cache_with_tags": _FUNCTION,
    "invalidate_by_tag": _FUNCTION,
    "read_with_tags": _FUNCTION,
    "production_settings": _MODULE,
}
"""Every key with a text for its value: the form it must have, and how that is said."""


def learner_options(root: Path) -> Mapping[str, str]:
    """What workshop.toml in the folder `root` names, by key; empty if there is no such file.

    A table comes as keys with a dot: `production_variables.SECRET_KEY`. Raises UsageError naming the file
    and the key if it is not well formed.
    """
    file = root / FILE
    names: dict[str, str] = {}
    for key, value in _read(file).items():
        if key == _VARIABLES:
            names |= {f"{key}.{name}": text for name, text in _variables(key, value).items()}
        elif key in _TEXTS:
            names[key] = _text(key, value, *_TEXTS[key])
        else:
            raise _mistake(
                f"has the key {key!r:.60}, which the workshop does not know",
                f"It knows: {', '.join((*_TEXTS, _VARIABLES))}.",
            )
    return names


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        data = read_bytes(file)
        if len(data) > _MAX_BYTES:
            raise ValueError("it is far too long")
        return parse_toml(data.decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise _mistake(
            f"cannot be read: {error}", 'Write one line a name, such as load_test = "load_test.py".'
        ) from error


def _text(key: str, value: object, form: str, wanted: str) -> str:
    if isinstance(value, str) and len(value) <= _MAX_TEXT and re.fullmatch(form, value):
        return value
    raise _mistake(f"does not name {key} well", f"{key} must be {wanted}.")


def _variables(key: str, value: object) -> dict[str, str]:
    if isinstance(value, dict) and all(
        re.fullmatch(r"[^\W\d]\w*", name) and isinstance(text, str) and "\0" not in text
        for name, text in value.items()
    ):
        return value
    raise _mistake(
        f"does not name {key} well",
        f'{key} must be a table of variables and their texts, such as [{key}] and below it SECRET_KEY = "x".',
    )


def _mistake(what: str, remedy: str) -> UsageError:
    return UsageError(f"{FILE} {what}.", remedy)
