"""set name, add definition and decorate: edits on whole statements of a Python file."""

from __future__ import annotations

import ast

import libcst as cst

from grader.errors import GraderError
from workshop.scaffold.by_hand import ByHand
from workshop.scaffold.edits import AddDefinition, Decorate, SetName
from workshop.scaffold.imports import add_imports
from workshop.scaffold.names import BindingKind, bound_in, the_binding, unbound, used_names
from workshop.scaffold.python_file import PythonFile, Statement, as_statement, parse_fragment
from workshop.scaffold.statements import (
    ast_class,
    class_body,
    find_assignment,
    find_definition,
    insert_at,
    is_same,
    replace_at,
    source_of,
    with_class_body,
    with_comments,
)


def set_name(edit: SetName, file: PythonFile, source: str, *, replace: bool) -> cst.Module:
    """The file with `edit.name` bound as the fragment `source` binds it. Raises ByHand."""
    module = file.module
    fragment = parse_fragment(source, module)
    at = find_assignment(fragment.body, edit.name)
    if at is None:
        raise GraderError(f"The fragment {edit.fragment} does not bind {edit.name}.")
    wanted = with_comments(fragment, at)
    bound = the_binding(file.tree.body, edit.name, file.path)
    if bound is None:
        after = find_assignment(module.body, edit.after) if edit.after else None
        index = len(module.body) if after is None else after + 1
        return add_imports(insert_at(module, index, wanted, 1), fragment, file.path)
    index_there = find_assignment(module.body, edit.name)
    if bound.kind is not BindingKind.ASSIGNMENT or index_there is None:
        raise ByHand(f"{edit.name} in {file.path} (line {bound.line}) is no plain assignment.")
    theirs = as_statement(module.body[index_there])
    if is_same(module, wanted, theirs, replace=replace):
        return add_imports(module, fragment, file.path, only_unbound=True)
    if not replace:
        raise ByHand(f"You have your own {edit.name} in {file.path} (line {bound.line}).", theirs=True)
    return add_imports(replace_at(module, index_there, wanted), fragment, file.path)


def add_definition(edit: AddDefinition, file: PythonFile, source: str, *, replace: bool) -> cst.Module:
    """The file with the function, method or class of the fragment `source`. Raises ByHand."""
    module = file.module
    fragment = parse_fragment(source, module)
    wanted = _wanted(edit, fragment)
    tree = file.tree
    scope = ast_class(tree, edit.into, file.path).body if edit.into else tree.body
    bound = the_binding(scope, edit.name, f"{edit.into} in {file.path}" if edit.into else file.path)
    class_index, block = class_body(module, edit.into, file.path) if edit.into else (0, None)
    body = module.body if block is None else block.body
    there = find_definition(body, edit.name)
    if bound is None:
        if block is not None:
            changed = with_class_body(module, class_index, insert_at(block, len(block.body), wanted, 1))
        else:
            changed = insert_at(module, _place(module, tree, wanted), wanted, 2)
        return add_imports(changed, fragment, file.path)
    if edit.if_missing:
        return module
    if bound.kind is not BindingKind.DEFINITION or there is None:
        raise ByHand(f"{edit.name} in {file.path} (line {bound.line}) is no function or class.")
    if is_same(module, wanted, as_statement(body[there]), replace=replace):
        return add_imports(module, fragment, file.path, only_unbound=True)
    if not replace:
        raise ByHand(f"You have your own {edit.name} in {file.path} (line {bound.line}).", theirs=True)
    if block is not None:
        changed = with_class_body(module, class_index, replace_at(block, there, wanted))
    else:
        changed = replace_at(module, there, wanted)
    return add_imports(changed, fragment, file.path)


def _wanted(edit: AddDefinition, fragment: cst.Module) -> Statement:
    if not edit.into:
        at = find_definition(fragment.body, edit.name)
        if at is not None:
            return with_comments(fragment, at)
    elif (at := find_definition(fragment.body, edit.into)) is not None:
        _, block = class_body(fragment, edit.into, edit.fragment)
        if (at := find_definition(block.body, edit.name)) is not None:
            return as_statement(block.body[at])
    raise GraderError(f"The fragment {edit.fragment} does not define {edit.name}.")


def _place(module: cst.Module, tree: ast.Module, wanted: Statement) -> int:
    """Before the first definition, so that decorators can use it, but below all it needs itself.

    Classes go to the end: they may use anything of the file while they are made.
    """
    body = module.body
    if isinstance(wanted, cst.ClassDef):
        return len(body)
    needs = used_names(ast.parse(source_of(module, wanted)))
    lines = [b.line for b in bound_in(tree.body) if b.name in needs]
    last_needed = max(lines, default=0)
    first = next((i for i, s in enumerate(body) if isinstance(s, cst.FunctionDef | cst.ClassDef)), len(body))
    return max(first, _index_below(module, last_needed)) if first < len(body) else len(body)


def _index_below(module: cst.Module, line: int) -> int:
    """The index of the first statement that starts below a line."""
    if not line:
        return 0
    positions = cst.metadata.MetadataWrapper(module, unsafe_skip_copy=True).resolve(
        cst.metadata.PositionProvider
    )
    starts = [positions[statement].start.line for statement in module.body]
    return next((i for i, start in enumerate(starts) if start > line), len(starts))


def decorate(edit: Decorate, file: PythonFile, *, replace: bool) -> cst.Module:
    """The file with the decorator on its target. Raises ByHand."""
    tree, class_name, name = file.tree, edit.into, edit.name
    scope = ast_class(tree, class_name, file.path).body if class_name else tree.body
    bound = the_binding(scope, name, file.path)
    class_index, block = class_body(file.module, class_name, file.path) if class_name else (0, None)
    body = file.module.body if block is None else block.body
    there = find_definition(body, name)
    if bound is None or bound.kind is not BindingKind.DEFINITION or there is None:
        raise ByHand(f"{file.path} has no function {edit.target} to decorate.")
    target = body[there]
    assert isinstance(target, cst.FunctionDef | cst.ClassDef)
    decorators = _decorators(edit, file, target, replace=replace)
    if decorators is None:
        return file.module
    new = target.with_changes(decorators=decorators)
    if block is not None:
        changed = with_class_body(file.module, class_index, replace_at(block, there, new))
    else:
        changed = replace_at(file.module, there, new)
    if edit.import_:
        changed = add_imports(changed, parse_fragment(edit.import_ + "\n", file.module), file.path)
    line = next(b.line for b in bound_in(ast.parse(changed.code).body) if b.name == (class_name or name))
    if lacking := unbound(edit.decorator, ast.parse(changed.code), before_line=line):
        raise ByHand(f"{file.path} does not define {', '.join(sorted(lacking))} above {edit.target}.")
    return changed


def _decorators(
    edit: Decorate, file: PythonFile, target: cst.FunctionDef | cst.ClassDef, *, replace: bool
) -> list[cst.Decorator] | None:
    """The decorators as they shall be, or None if they are so already."""
    wanted = cst.parse_expression(edit.decorator)
    decorators = list(target.decorators)
    for index, decorator in enumerate(decorators):
        theirs = file.module.code_for_node(decorator.decorator)
        if _dump(theirs) == _dump(edit.decorator):
            return None
        if _called(theirs) == _called(edit.decorator):
            if not replace:
                raise ByHand(f"{edit.target} in {file.path} is decorated with {theirs}.", theirs=True)
            decorators[index] = decorator.with_changes(decorator=wanted)
            return decorators
    return [cst.Decorator(wanted), *decorators]


def _dump(source: str) -> str:
    return ast.dump(ast.parse(source, mode="eval"))


def _called(source: str) -> str:
    node = ast.parse(source, mode="eval").body
    return ast.unparse(node.func if isinstance(node, ast.Call) else node)
