"""Brings along the imports a fragment has and a learner's file lacks."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import PurePosixPath

import libcst as cst
from libcst import matchers as m

from workshop.scaffold.by_hand import ByHand
from workshop.scaffold.names import Bound, bound_in
from workshop.scaffold.python_file import as_statement


def add_imports(
    module: cst.Module, wanted: cst.Module, path: str, *, only_unbound: bool = False
) -> cst.Module:
    """Add the top-level imports of `wanted` that `module` (the file `path`) lacks, below those it has.

    Raises ByHand if a name already means something else there; with `only_unbound` such names are
    left as the learner has them.
    """
    bounds = bound_in(ast.parse(module.code).body)
    missing: list[cst.SimpleStatementLine] = []
    for line in wanted.body:
        if not m.matches(line, m.SimpleStatementLine(body=[m.Import() | m.ImportFrom()])):
            continue
        statement = cst.ensure_type(line, cst.SimpleStatementLine).body[0]
        assert isinstance(statement, cst.Import | cst.ImportFrom)
        assert not isinstance(statement.names, cst.ImportStar), "a fragment names what it imports"
        lacking = [a for a in statement.names if _lacks(_alone(statement, a), bounds, path, only_unbound)]
        if lacking:
            lacking[-1] = lacking[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            missing.append(cst.SimpleStatementLine([statement.with_changes(names=lacking)]))
    return _insert(module, missing)


def _alone(statement: cst.Import | cst.ImportFrom, alias: cst.ImportAlias) -> Bound:
    """What one alias of an import binds."""
    alias = alias.with_changes(comma=cst.MaybeSentinel.DEFAULT)
    changes: dict[str, object] = {"names": [alias]}
    if isinstance(statement, cst.ImportFrom):
        changes |= {"lpar": None, "rpar": None}
    line = cst.Module([cst.SimpleStatementLine([statement.with_changes(**changes)])])
    (bound,) = bound_in(ast.parse(line.code).body)
    return bound


def _lacks(wanted: Bound, bounds: Iterable[Bound], path: str, only_unbound: bool) -> bool:
    there = [b for b in bounds if b.name == wanted.name]
    clear = [b for b in there if not b.nested and _same_origin(b.origin, wanted.origin, path)]
    if len(clear) == len(there) > 0:
        return False
    if there and not only_unbound:
        other = next(b for b in there if b not in clear)
        raise ByHand(f"In {path} the name {wanted.name} already means something else (line {other.line}).")
    return not there


def _same_origin(one: str, other: str, path: str) -> bool:
    """Whether two imports bring the same thing: `.models.User` in users/views.py is `users.models.User`."""
    if not one:
        return False
    a, b = _absolute(one, path), _absolute(other, path)
    if a.endswith(" itself") and b.endswith(" itself"):
        return a.partition(".")[0] == b.partition(".")[0] if "." in a + b else a == b
    # In apps/users/views.py the app may be known as `users` or as `apps.users`.
    package = PurePosixPath(path).parent.parts
    above = [".".join(package[:n]) for n in range(1, len(package))]
    return a == b or any(a == f"{p}.{b}" or b == f"{p}.{a}" for p in above)


def _absolute(origin: str, path: str) -> str:
    name = origin.lstrip(".")
    level = len(origin) - len(name)
    if not level:
        return origin
    package = PurePosixPath(path).parent.parts
    return ".".join([*package[: len(package) - level + 1], name])


def _insert(module: cst.Module, lines: list[cst.SimpleStatementLine]) -> cst.Module:
    """Absolute imports go below the last absolute one of the header, relative ones to its end."""
    absolute = [line for line in lines if not _is_relative(line)]
    relative = [line for line in lines if _is_relative(line)]
    end = header_end(module)
    module = _insert_at(module, end, relative)
    last = [i + 1 for i, s in enumerate(module.body[:end]) if _is_import(s) and not _is_relative(s)]
    return _insert_at(module, last[-1] if last else end, absolute)


def _insert_at(module: cst.Module, index: int, lines: list[cst.SimpleStatementLine]) -> cst.Module:
    if not lines:
        return module
    body: list[cst.BaseStatement] = list(module.body)
    if index < len(body) and not _is_import(body[index]):
        following = as_statement(body[index])
        if not following.leading_lines or following.leading_lines[0].comment is not None:
            spaced = [cst.EmptyLine(indent=False), *following.leading_lines]
            body[index] = following.with_changes(leading_lines=spaced)
    if (index > 0 and not _is_import(body[index - 1])) or (index == 0 and module.header):
        lines = [lines[0].with_changes(leading_lines=[cst.EmptyLine(indent=False)]), *lines[1:]]
    return module.with_changes(body=[*body[:index], *lines, *body[index:]])


def header_end(module: cst.Module) -> int:
    """The index of the first statement below the docstring and the imports at the top of a file."""
    index = 0
    for statement in module.body:
        docstring = index == 0 and m.matches(
            statement, m.SimpleStatementLine(body=[m.Expr(m.SimpleString() | m.ConcatenatedString())])
        )
        if not (docstring or _is_import(statement)):
            break
        index += 1
    return index


def _is_import(statement: cst.CSTNode) -> bool:
    return m.matches(
        statement, m.SimpleStatementLine(body=[m.OneOf(m.Import(), m.ImportFrom()), m.ZeroOrMore()])
    )


def _is_relative(statement: cst.CSTNode) -> bool:
    imports = m.ImportFrom(relative=[m.AtLeastN(n=1)])
    return m.matches(statement, m.SimpleStatementLine(body=[imports, m.ZeroOrMore()]))
