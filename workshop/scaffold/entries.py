"""append entry: one more element of a list, or one more `router.register(...)`."""

from __future__ import annotations

import ast

import libcst as cst
from libcst import matchers as m

from workshop.scaffold.by_hand import ByHand
from workshop.scaffold.edits import AppendEntry, Position
from workshop.scaffold.imports import add_imports
from workshop.scaffold.names import BindingKind, the_binding, unbound
from workshop.scaffold.python_file import PythonFile, parse_fragment
from workshop.scaffold.statements import find_assignment, insert_at, replace_at


def append_entry(edit: AppendEntry, file: PythonFile) -> cst.Module:
    """The file with the entry in its list or on its router. Raises ByHand."""
    bound = the_binding(file.tree.body, edit.to, file.path)
    at = find_assignment(file.module.body, edit.to)
    if bound is None or bound.kind is not BindingKind.ASSIGNMENT or at is None:
        raise ByHand(f"{file.path} has no plain {edit.to} = ... at its top level.")
    if edit.to == "router":
        changed = _register(edit, file, at)
        expression = f"f({edit.entry})"
    else:
        changed = _element(edit, file, at)
        expression = edit.entry
    if changed is file.module:
        return changed
    if edit.import_:
        changed = add_imports(changed, parse_fragment(edit.import_ + "\n", file.module), file.path)
    if lacking := unbound(expression, ast.parse(changed.code)) - {"f"}:
        raise ByHand(f"{file.path} does not define or import {', '.join(sorted(lacking))}.")
    return changed


def _register(edit: AppendEntry, file: PythonFile, router: int) -> cst.Module:
    call = m.Call(func=m.Attribute(value=m.Name("router"), attr=m.Name("register")))
    line = m.SimpleStatementLine(body=[m.Expr(value=call)])
    there = [i for i, statement in enumerate(file.module.body) if m.matches(statement, line)]
    first, whole = _arguments(f"f({edit.entry})")
    for index in there:
        their_first, theirs = _arguments(file.module.code_for_node(file.module.body[index]).strip())
        if theirs == whole:
            return file.module
        if their_first == first:
            raise ByHand(f"The router in {file.path} has its own entry for {first}.")
    index = (there[-1] if there else router) + 1
    if edit.position is Position.FIRST and there:
        index = there[0]
    new = cst.parse_statement(f"router.register({edit.entry})")
    assert isinstance(new, cst.SimpleStatementLine)
    return insert_at(file.module, index, new, 0)


def _arguments(call: str) -> tuple[str, str]:
    """A call's first argument, and all of them, in one spelling."""
    node = ast.parse(call, mode="eval").body
    assert isinstance(node, ast.Call)
    first = node.args[0] if node.args else node.keywords[0].value
    return ast.unparse(first), ast.unparse(ast.Call(ast.Name("f"), node.args, node.keywords))


def _element(edit: AppendEntry, file: PythonFile, at: int) -> cst.Module:
    line = cst.ensure_type(file.module.body[at], cst.SimpleStatementLine)
    statement = line.body[0]
    assert isinstance(statement, cst.Assign | cst.AnnAssign)
    value = statement.value
    if not isinstance(value, cst.List):
        raise ByHand(f"{edit.to} in {file.path} is not written as one plain list.")
    wanted = ast.dump(ast.parse(edit.entry, mode="eval"))
    for element in value.elements:
        code = file.module.code_for_node(element.value)
        if (
            not isinstance(element, cst.StarredElement)
            and ast.dump(ast.parse(f"({code})", mode="eval")) == wanted
        ):
            return file.module
    entry = cst.Element(cst.parse_expression(edit.entry, file.module.config_for_parsing))
    longer = _first(value, entry) if edit.position is Position.FIRST else _last(value, entry)
    return replace_at(file.module, at, line.with_changes(body=[statement.with_changes(value=longer)]))


def _first(value: cst.List, entry: cst.Element) -> cst.List:
    """The list with the entry in front; comments above the old first element stay with it."""
    if not value.elements:
        return value.with_changes(elements=[entry])
    space = value.lbracket.whitespace_after
    bracket = value.lbracket
    after: cst.BaseParenthesizableWhitespace = cst.SimpleWhitespace(" ")
    if isinstance(space, cst.ParenthesizedWhitespace):
        bracket = value.lbracket.with_changes(whitespace_after=space.with_changes(empty_lines=[]))
        after = space.with_changes(first_line=cst.TrailingWhitespace())
    new = entry.with_changes(comma=cst.Comma(whitespace_after=after))
    return value.with_changes(lbracket=bracket, elements=[new, *value.elements])


def _last(value: cst.List, entry: cst.Element) -> cst.List:
    """The list with the entry at its end, on a line of its own if the bracket closes on one."""
    if not value.elements:
        return value.with_changes(elements=[entry])
    *others, old = value.elements
    closing: cst.BaseParenthesizableWhitespace = value.rbracket.whitespace_before
    gap: cst.BaseParenthesizableWhitespace = cst.SimpleWhitespace(" ")
    opening = value.lbracket.whitespace_after
    trailing_comma = isinstance(old.comma, cst.Comma)
    if isinstance(closing, cst.ParenthesizedWhitespace):
        # What stands between the last element and the bracket, such as a comment, stays with that element.
        indent = opening.last_line if isinstance(opening, cst.ParenthesizedWhitespace) else closing.last_line
        gap = closing.with_changes(last_line=indent)
        closing = closing.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
    comma = old.comma if isinstance(old.comma, cst.Comma) else cst.Comma()
    elements = [*others, old.with_changes(comma=comma.with_changes(whitespace_after=gap))]
    elements.append(entry.with_changes(comma=cst.Comma()) if trailing_comma else entry)
    return value.with_changes(
        elements=elements, rbracket=value.rbracket.with_changes(whitespace_before=closing)
    )
