"""Reads every blank of a template as a wildcard and compares it with other code.

Used to prove that a template and its solution belong together, to see that a learner's definition is
the template filled in, and to recover what they wrote where. It never decides pass or fail.
Comments, white space and the spelling of strings do not count. Standard library only.
"""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass

from workshop.scaffold.blanks import (
    bound_names,
    fill_lines,
    is_blank,
    is_blank_string,
    is_marked,
    string_parts,
)

_UNSEEN_FIELDS = frozenset({"ctx", "type_comment", "kind"})
Bindings = tuple["Binding", ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """What stands in the place of one blank: the blank's line in the template, the other's source."""

    line: int
    source: str


@dataclass(frozen=True, slots=True)
class Match:
    """The trees are equal but for the blanks. `bindings` has one entry a blank, in order."""

    bindings: Bindings


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The trees differ. `line` is the line of the template from which on they do, 0 if unknown."""

    line: int
    reason: str


def unify(template: str, other: str) -> Match | Mismatch:
    """Compare two sources, the blanks of the first being wildcards. Never raises."""
    return _unify(template, other, None)


def recover(template: str, learner: str, name: str) -> Match | Mismatch:
    """What a learner wrote in the blanks of one definition or binding.

    `name` is "CACHES", "get_cache_key" or "UserViewSet.list"; a method may be named without its class
    if there is only one of that name. The rest of both files may differ. Never raises.
    """
    return _unify(template, learner, name)


def _unify(template: str, other: str, name: str | None) -> Match | Mismatch:
    trees: list[ast.AST] = []
    for what, source in (("the template", template), ("the other code", other)):
        try:
            tree: ast.AST = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError) as error:
            return Mismatch(0, f"{what} is no Python: {error}")
        if name is not None:
            found = _definitions(tree, name.split("."))
            if len(found) != 1:
                return Mismatch(0, f"{what} has {len(found)} definitions of {name}")
            (tree,) = found
        trees.append(tree)
    walk = _Walk(template, trees[0], other)
    bindings = walk.node(trees[0], trees[1])
    if bindings is None:
        return Mismatch(walk.reached, "the code differs here in more than its blanks")
    return Match(bindings)


def _definitions(tree: ast.AST, path: list[str]) -> list[ast.stmt]:
    found = [n for n in ast.walk(tree) if isinstance(n, ast.stmt) and n is not tree and path[0] in _names(n)]
    return found if len(path) == 1 else [d for n in found for d in _definitions(n, path[1:])]


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


class _Walk:
    """One comparison. Every method returns the bindings, or None for no match."""

    def __init__(self, template: str, tree: ast.AST, other: str) -> None:
        self.other = other
        self.bound = bound_names(ast.parse(template))
        self.marked = fill_lines(template)
        self.parts = string_parts(tree)
        self.reached = 0

    def node(self, template: ast.AST, other: ast.AST) -> Bindings | None:
        if isinstance(template, ast.expr) and self.is_blank_node(template):
            return (self.fill(template, other),) if isinstance(other, ast.expr) else None
        self.reached = max(self.reached, getattr(template, "lineno", 0))
        if type(template) is not type(other):
            return None
        bindings: Bindings = ()
        for field in template._fields:
            if field in _UNSEEN_FIELDS:
                continue
            found = self.value(template, getattr(template, field, None), getattr(other, field, None))
            if found is None:
                return None
            bindings += found
        return bindings

    def value(self, owner: ast.AST, template: object, other: object) -> Bindings | None:
        """Compare one field of `owner`: a node, a list of nodes, a name, or a plain value."""
        if isinstance(template, ast.AST) and isinstance(other, ast.AST):
            return self.node(template, other)
        if isinstance(template, list) and isinstance(other, list):
            return self.items(owner, template, other)
        if not isinstance(owner, ast.Constant) and isinstance(template, str) and isinstance(other, str):
            if is_blank(template, self.bound):
                return (Binding(getattr(owner, "end_lineno", 0), other),)
            return () if template == other else None
        return () if type(template) is type(other) and template == other else None

    def items(self, owner: ast.AST, template: list[object], other: list[object]) -> Bindings | None:
        """Compare two lists. A blank that is a whole statement takes one or more of the other's."""
        if not template:
            return None if other else ()
        first, rest = template[0], template[1:]
        if isinstance(first, ast.stmt) and self.is_blank_statement(first):
            for taken in range(1, len(other) - len(rest) + 1):
                tail = self.items(owner, rest, other[taken:])
                if tail is not None:
                    return (self.fill(first, *other[:taken]), *tail)
            return None
        if not other or (head := self.value(owner, first, other[0])) is None:
            return None
        tail = self.items(owner, rest, other[1:])
        return None if tail is None else head + tail

    def is_blank_node(self, node: ast.AST) -> bool:
        named = isinstance(node, ast.Name) and is_blank(node.id, self.bound)
        text = is_blank_string(node) and id(node) not in self.parts
        return named or text or is_marked(node, self.marked)

    def is_blank_statement(self, node: ast.stmt) -> bool:
        return self.is_blank_node(node.value if isinstance(node, ast.Expr) else node)

    def fill(self, blank: ast.expr | ast.stmt, *nodes: object) -> Binding:
        found = [node for node in nodes if isinstance(node, ast.expr | ast.stmt)]
        if len(found) == 1:
            return Binding(
                blank.lineno, ast.get_source_segment(self.other, found[0]) or ast.unparse(found[0])
            )
        lines = self.other.split("\n")[found[0].lineno - 1 : found[-1].end_lineno]
        return Binding(blank.lineno, textwrap.dedent("\n".join(lines)))
