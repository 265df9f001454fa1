"""move file: what must change in a Python file when its folder does."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

import libcst as cst
from libcst import matchers as m

from workshop.scaffold.by_hand import ByHand
from workshop.scaffold.python_file import PythonFile, parse

_PATH = m.Call(
    func=m.Attribute(
        value=m.Call(func=m.Name("Path"), args=[m.Arg(m.Name("__file__"))]), attr=m.Name("resolve")
    ),
    args=[],
)
_ABSPATH = m.Call(func=m.Attribute(attr=m.Name("abspath")), args=[m.Arg(m.Name("__file__"))])


def moved(raw: bytes, file: str, to: str) -> bytes:
    """The bytes of `file` as they must be at `to`: paths made from `__file__` lead where they led, and so do
    relative imports.

    Raises ByHand if the file cannot be moved so: a path the workshop does not know how to keep, or a folder
    that is not below the old one.
    """
    if not file.endswith(".py"):
        return raw
    old, new = PurePosixPath(file).parent, PurePosixPath(to).parent
    if old == new:
        return raw
    python = parse(file, raw)
    relative = any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(python.tree))
    uses = sum(isinstance(n, ast.Name) and n.id == "__file__" for n in ast.walk(python.tree))
    if not uses and not relative:
        return raw
    return _lowered(python, to, uses)


def in_the_style_of(raw: bytes, text: str) -> bytes:
    """`text` as the bytes of a new file, with the line ends that the file `raw` has."""
    ends = "\r\n" if b"\r\n" in raw else "\n"
    return text.strip().replace("\n", ends).encode() + ends.encode()


def _lowered(python: PythonFile, to: str, uses: int) -> bytes:
    """The file with each path made from `__file__`, and each relative import, going up once more for each
    new folder."""
    try:
        steps = len(PurePosixPath(to).parent.relative_to(PurePosixPath(python.path).parent).parts)
    except ValueError as error:
        raise ByHand(f"{python.path} counts folders from its own, and {to} is not below it.") from error
    lower = _Lower(steps)
    changed = python.module.visit(lower)
    if lower.found != uses or not isinstance(changed, cst.Module):
        raise ByHand(f"{python.path} uses __file__ in a way that would not survive the move.")
    return python.render(changed)


class _Lower(m.MatcherDecoratableTransformer):
    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps
        self.found = 0

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
        if not updated_node.relative:
            return updated_node
        return updated_node.with_changes(relative=[*updated_node.relative, *[cst.Dot()] * self.steps])

    @m.leave(_PATH)
    def lower_path(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        self.found += 1
        node: cst.BaseExpression = updated_node
        for _ in range(self.steps):
            node = cst.Attribute(value=node, attr=cst.Name("parent"))
        return node

    @m.leave(_ABSPATH)
    def lower_abspath(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        self.found += 1
        assert isinstance(updated_node.func, cst.Attribute)
        dirname = updated_node.func.with_changes(attr=cst.Name("dirname"))
        node: cst.BaseExpression = updated_node
        for _ in range(self.steps):
            node = cst.Call(func=dirname, args=[cst.Arg(node)])
        return node
