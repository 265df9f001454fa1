"""Finds passwords in source code. Only this analysis of source code decides a verdict."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_IN_A_URL = re.compile(r"(?<=[a-z0-9+])://[^\s/:@]*:(?P<password>[^\s/@{}]+)@")
_NAME = re.compile(r"(?i)(^|_)(password|passwd|pwd)$")


def passwords(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the name of each password in `tree` and its line, never the password itself.

    A password is a text that is not empty and that belongs to a name such as PASSWORD, is the default of a
    look-up of such a name, or is the password in a URL.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if _IN_A_URL.search(text):
                yield "in an address", node.lineno
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _NAME.search(name):
                yield from _text(name, value)
            case ast.keyword(arg=str(name), value=value) if _NAME.search(name):
                yield from _text(name, value)
            case ast.Call(args=[ast.Constant(value=str(name)), default, *_]) if _NAME.search(name):
                yield from _text(name, default)
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if (
                        isinstance(key, ast.Constant)
                        and isinstance(key.value, str)
                        and _NAME.search(key.value)
                    ):
                        yield from _text(key.value, value)


def _text(name: str, value: ast.expr) -> Iterator[tuple[str, int]]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
        yield name, value.lineno
