"""Who binds a name in a module or a class body, and whether that is clear enough to edit."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from workshop.scaffold.by_hand import ByHand

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class BindingKind(Enum):
    """How a name is bound."""

    DEFINITION = auto()
    ASSIGNMENT = auto()
    IMPORT = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Bound:
    """One place that binds a name. `nested` is true inside an `if`, `try`, `for` or `with`.

    A star import has the name "*". `origin` is what an import brings, such as "django.conf.settings",
    with leading dots if it is relative.
    """

    name: str
    line: int
    kind: BindingKind
    nested: bool = False
    origin: str = ""


def bound_in(body: Sequence[ast.stmt]) -> list[Bound]:
    """All bindings of one scope in order: a module's body or a class's."""
    return [bound for statement in body for bound in _of_statement(statement)]


def _of_statement(statement: ast.stmt) -> Iterator[Bound]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            yield Bound(name, statement.lineno, BindingKind.ASSIGNMENT)
            yield from _nested(statement.value) if statement.value else ()
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield Bound(name, statement.lineno, BindingKind.DEFINITION)
        case ast.Import() | ast.ImportFrom():
            yield from _imported(statement, nested=False)
        case _:
            yield from _nested(statement)


def _nested(node: ast.AST) -> Iterator[Bound]:
    """Bindings anywhere in `node`, but not in the scopes it opens."""
    line = getattr(node, "lineno", 0)
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield Bound(name, line, BindingKind.DEFINITION, nested=True)
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield Bound(name, line, BindingKind.OTHER, nested=True)
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()) if name := _root(value):
            yield Bound(name, line, BindingKind.OTHER)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield Bound(name, line, BindingKind.OTHER, nested=True)
        case ast.Import() | ast.ImportFrom():
            yield from _imported(node, nested=True)
    if not isinstance(node, _SCOPES + _COMPREHENSIONS):
        for child in ast.iter_child_nodes(node):
            yield from _nested(child)


def _imported(node: ast.Import | ast.ImportFrom, nested: bool) -> Iterator[Bound]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            joined = origin + alias.name if origin.endswith(".") else f"{origin}.{alias.name}"
            yield Bound(alias.asname or alias.name, node.lineno, BindingKind.IMPORT, nested, joined)
        else:
            name = alias.asname or alias.name.partition(".")[0]
            yield Bound(name, node.lineno, BindingKind.IMPORT, nested, f"{alias.name} itself")


def _root(node: ast.expr) -> str:
    """CACHES of `CACHES["default"]["TIMEOUT"]`."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def the_binding(body: Sequence[ast.stmt], name: str, file: str) -> Bound | None:
    """The one clear binding of `name` in a scope, or None if nothing binds it.

    Raises ByHand if that cannot be said: bound more than once, in a block, by an import, or perhaps
    by a star import.
    """
    bounds = bound_in(body)
    found = [b for b in bounds if b.name == name]
    stars = [b for b in bounds if b.name == "*" and (not found or b.line > found[0].line)]
    if len(found) > 1:
        lines = " and ".join(str(b.line) for b in found)
        place = f"Find the {name} that counts (Python keeps the last one it reaches), and put this there."
        raise ByHand(f"{name} is set or changed more than once in {file} (lines {lines}).", place=place)
    if found and found[0].nested:
        where = f"line {found[0].line} of {file}"
        place = f"Change it there, so that {name} becomes this."
        raise ByHand(f"{name} is set on {where}, but inside another statement.", place=place)
    if found and found[0].kind is BindingKind.IMPORT:
        raise ByHand(f"{name} is imported into {file} (line {found[0].line}).")
    if stars:
        raise ByHand(f"A star import in {file} (line {stars[0].line}) may bring its own {name}.")
    reached = [n for n in _globals(body) if name in n.names]
    if reached:
        raise ByHand(f"A function in {file} sets {name} as a global (line {reached[0].lineno}).")
    return found[0] if found else None


def _globals(body: Sequence[ast.stmt]) -> Iterator[ast.Global]:
    for statement in body:
        yield from (node for node in ast.walk(statement) if isinstance(node, ast.Global))


def used_names(node: ast.AST) -> frozenset[str]:
    """Every name that is read anywhere in `node`."""
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))


def unbound(source: str, tree: ast.Module, before_line: int | None = None) -> frozenset[str]:
    """The names an expression reads that the module `tree` does not bind, or not before a line.

    A star import may bind anything, so with one nothing is called unbound.
    """
    bounds = bound_in(tree.body)
    if any(b.name == "*" for b in bounds):
        return frozenset()
    known = {b.name for b in bounds if before_line is None or b.line < before_line}
    return used_names(ast.parse(source, mode="eval")) - known - frozenset(dir(builtins))
