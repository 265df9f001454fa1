"""Finds, compares, replaces and inserts whole statements: what set name and add definition share."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeVar, cast

import libcst as cst
from libcst import matchers as m

from workshop.scaffold.blanks import lines_with_blanks
from workshop.scaffold.by_hand import ByHand
from workshop.scaffold.names import the_binding
from workshop.scaffold.python_file import Statement, as_statement
from workshop.scaffold.unify import Match, unify

Container = TypeVar("Container", bound=cst.Module | cst.IndentedBlock)


def find_definition(body: Sequence[cst.CSTNode], name: str) -> int | None:
    """The index of the first function or class `name`."""
    wanted = m.FunctionDef(name=m.Name(name)) | m.ClassDef(name=m.Name(name))
    return next((i for i, node in enumerate(body) if m.matches(node, wanted)), None)


def find_assignment(body: Sequence[cst.CSTNode], name: str) -> int | None:
    """The index of the first line that binds `name` alone, and does nothing else."""
    plain = m.Assign(targets=[m.AssignTarget(m.Name(name))]) | m.AnnAssign(target=m.Name(name))
    wanted = m.SimpleStatementLine(body=[plain])
    return next((i for i, node in enumerate(body) if m.matches(node, wanted)), None)


def is_same(module: cst.Module, wanted: Statement, theirs: Statement, *, replace: bool) -> bool:
    """Whether the learner has what is wanted: the same code, or the template with its blanks filled in.

    With `replace`, filled blanks count as different, since the caller wants the blanks back.
    """
    ours, other = source_of(module, wanted), source_of(module, theirs)
    if replace and lines_with_blanks(ours):
        return ours == other
    return isinstance(unify(ours, other), Match)


def source_of(module: cst.Module, statement: Statement) -> str:
    """The source of a statement without the comments above it, at the left edge, with plain line ends."""
    bare = statement.with_changes(leading_lines=[])
    return module.code_for_node(bare).replace("\r\n", "\n").replace("\r", "\n")


def replace_at(container: Container, index: int, new: Statement) -> Container:
    """Put `new` in the place of a statement, below the comments that stand above the old one."""
    old = as_statement(container.body[index])
    new = new.with_changes(leading_lines=old.leading_lines)
    return _with_body(container, [*container.body[:index], new, *container.body[index + 1 :]])


def insert_at(container: Container, index: int, new: Statement, blank_lines: int) -> Container:
    """Insert a statement with so many blank lines around it. Comments at the end stay above it."""
    body = list(container.body)
    own = [line for line in new.leading_lines if line.comment is not None]
    above: list[cst.EmptyLine] = []
    if index == len(body):
        above = list(container.footer)
        container = cast(Container, container.with_changes(footer=[]))
    header = container.header if isinstance(container, cst.Module) and index == 0 else []
    blanks = blank_lines if body[:index] or above or header else 0
    blanks = max(0, blanks - _trailing_blanks([*header, *above]))
    new = new.with_changes(leading_lines=[*above, *[cst.EmptyLine(indent=False)] * blanks, *own])
    if index < len(body):
        following = as_statement(body[index])
        lines = list(following.leading_lines)
        lacking = max(0, blank_lines - _leading_blanks(lines))
        lines = [*[cst.EmptyLine(indent=False)] * lacking, *lines]
        body[index] = following.with_changes(leading_lines=lines)
    return _with_body(container, [*body[:index], new, *body[index:]])


def with_comments(fragment: cst.Module, index: int) -> Statement:
    """A statement of a fragment with the comments above it, also where it is the first of the file."""
    statement = as_statement(fragment.body[index])
    if index == 0:
        lines = [*fragment.header, *statement.leading_lines]
        return statement.with_changes(leading_lines=lines)
    return statement


def class_body(module: cst.Module, name: str, path: str) -> tuple[int, cst.IndentedBlock]:
    """The index and the block of the top-level class `name`. Raises ByHand if it has no block of its own."""
    index = find_definition(module.body, name)
    node = module.body[index] if index is not None else None
    if index is None or not isinstance(node, cst.ClassDef):
        raise ByHand(f"{path} has no class {name} at its top level.")
    if not isinstance(node.body, cst.IndentedBlock):
        raise ByHand(f"The class {name} in {path} is written on one line.")
    return index, node.body


def with_class_body(module: cst.Module, index: int, block: cst.IndentedBlock) -> cst.Module:
    """The module with the block of the class at `index` replaced."""
    node = cst.ensure_type(module.body[index], cst.ClassDef).with_changes(body=block)
    return _with_body(module, [*module.body[:index], node, *module.body[index + 1 :]])


def ast_class(tree: ast.Module, name: str, path: str) -> ast.ClassDef:
    """The class `name` as Python's own parser sees it. Raises ByHand if it is not there once, clearly."""
    the_binding(tree.body, name, path)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    raise ByHand(f"{path} has no class {name} at its top level.")


def _with_body(container: Container, body: Sequence[cst.BaseStatement]) -> Container:
    return cast(Container, container.with_changes(body=body))


def _leading_blanks(lines: Sequence[cst.EmptyLine]) -> int:
    return next((i for i, line in enumerate(lines) if line.comment is not None), len(lines))


def _trailing_blanks(lines: Sequence[cst.EmptyLine]) -> int:
    return _leading_blanks(list(reversed(lines)))
