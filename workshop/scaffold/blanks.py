"""Finds the blanks that are still open in a learner's project. Standard library only: `hint` stays quick.

A blank is three or more underscores as a name, an attribute or a whole string, or an expression `...`
or a `pass` on a line whose comment starts with "fill". A name the file itself binds is none.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader.project_files import python_files
from grader.reading import parse_python, read_bytes
from grader.result import Blank

BLANK = re.compile(r"_{3,}")


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """A file that is no Python: where, and what the parser says. `line` is 0 if it names none."""

    file: str
    line: int
    message: str


def find_blanks(project: Path) -> tuple[Blank, ...]:
    """Every line of the project that has an open blank, in order of file and line.

    A file that is linked to as well counts once. Files that cannot be read or parsed have none;
    `syntax_errors` names them.
    """
    found = []
    seen = set()
    for file in python_files(project):
        try:
            raw = read_bytes(project / file)
            if b"___" not in raw and b"fill" not in raw.lower():
                continue
            real = (project / file).resolve()
            if real in seen:
                continue
            seen.add(real)
            source = decode(raw)
            lines = source.split("\n")
            marks = lines_with_blanks(source)
        except (SyntaxError, ValueError, OSError):
            continue
        found += [Blank(file, line, lines[line - 1].strip()) for line in marks]
    return tuple(found)


def syntax_errors(project: Path) -> tuple[SyntaxProblem, ...]:
    """Every file of the project that this Python cannot parse."""
    problems = []
    for file in python_files(project):
        try:
            problem = _problem(read_bytes(project / file))
        except OSError:
            continue
        if problem:
            problems.append(SyntaxProblem(file, *problem))
    return tuple(problems)


@lru_cache(maxsize=500)  # `watch` asks about the same files at each save
def _problem(raw: bytes) -> tuple[int, str] | None:
    try:
        parse_python(raw)
    except SyntaxError as error:
        return error.lineno or 0, error.msg
    return None


def decode(raw: bytes) -> str:
    """The text of a Python file, by its BOM or encoding cookie, with plain line ends.

    Raises SyntaxError if it is not so encoded.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    try:
        # Line ends as Python's own parser counts them, so that line numbers agree.
        return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise SyntaxError(f"the file is not {encoding}") from error


def lines_with_blanks(source: str) -> tuple[int, ...]:
    """The numbers of the lines of `source` that have a blank, in order.

    Raises SyntaxError.
    """
    tree = parse_python(source)
    bound = bound_names(tree)
    marked = fill_lines(source)
    lines: set[int] = set()
    parts = string_parts(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) if is_blank(name, bound):
                lines.add(node.lineno)
            case ast.Attribute(attr=name, end_lineno=int(line)) if is_blank(name, bound):
                lines.add(line)
            case ast.keyword(arg=str(name)) | ast.ImportFrom(module=str(name)) if is_blank(name, bound):
                lines.add(node.lineno)
            case ast.Constant() if is_marked(node, marked) or (
                is_blank_string(node) and id(node) not in parts
            ):
                lines.add(node.lineno)
            case ast.Pass() if is_marked(node, marked):
                lines.add(node.lineno)
    return tuple(sorted(lines))


def is_blank(name: str, bound: frozenset[str]) -> bool:
    """Whether a name is a blank, in a file that binds the names `bound`."""
    return BLANK.fullmatch(name) is not None and name not in bound


def is_blank_string(node: ast.AST) -> bool:
    """Whether a node is a string of nothing but underscores."""
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and BLANK.fullmatch(node.value) is not None
    )


def string_parts(tree: ast.AST) -> frozenset[int]:
    """The ids of the nodes that are the text between the braces of an f-string: no whole strings."""
    joined = (n for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) and len(n.values) > 1)
    return frozenset(id(part) for node in joined for part in node.values)


def is_marked(node: ast.AST, marked: frozenset[int]) -> bool:
    """Whether a node is a `...` or a `pass` on one of the lines `marked`."""
    if isinstance(node, ast.Constant):
        return node.value is Ellipsis and node.lineno in marked
    return isinstance(node, ast.Pass) and node.lineno in marked


def fill_lines(source: str) -> frozenset[int]:
    """The lines whose comment starts with "fill"."""
    return frozenset(
        token.start[0]
        for token in _tokens(source)
        if token.type == tokenize.COMMENT and token.string.lstrip("#! ").lower().startswith("fill")
    )


def bound_names(tree: ast.AST) -> frozenset[str]:
    """The blank names that a file binds itself, as in `for ___ in rows`: names, not blanks."""
    bound: set[str | None] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                bound.add(name)
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.arg(arg=name) | ast.ExceptHandler(name=name):
                bound.add(name)
            case ast.MatchAs(name=name) | ast.MatchStar(name=name) | ast.MatchMapping(rest=name):
                bound.add(name)
            case ast.alias(name=name, asname=asname):
                bound.add(asname or name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                bound.update(names)
    return frozenset(name for name in bound if name and BLANK.fullmatch(name))


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(source).readline)
    except tokenize.TokenError as error:
        raise SyntaxError(str(error)) from error
