"""A Python file on its way through libcst and back, byte for byte where it was not touched."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst

from grader.errors import GraderError
from workshop.scaffold.by_hand import ByHand

Statement: TypeAlias = cst.SimpleStatementLine | cst.BaseCompoundStatement


@dataclass(frozen=True, slots=True)
class PythonFile:
    """A learner's Python file. `path` is relative to the project, `encoding` is Python's own name."""

    path: str
    module: cst.Module
    encoding: str

    @property
    def tree(self) -> ast.Module:
        """The same file as Python itself sees it."""
        return ast.parse(self.module.code)

    def render(self, module: cst.Module) -> bytes:
        """The bytes of the file with its tree replaced by `module`.

        Raises ByHand if that would be no Python, or cannot be said in the file's encoding.
        """
        try:
            ast.parse(module.code)
            return module.code.encode(self.encoding)
        except (SyntaxError, UnicodeEncodeError) as error:
            raise ByHand(f"The change does not fit into {self.path}: {error}.") from error


def parse(path: str, raw: bytes) -> PythonFile:
    """Read a file. Raises ByHand if it is no Python, or if writing it back would not give the same bytes."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        text = raw.decode(encoding)
        ast.parse(text)
    except SyntaxError as error:
        where = f" on line {error.lineno}" if error.lineno else ""
        place = f"Mend {path} first, then run the command again; or put this there by hand."
        raise ByHand(f"{path} has a syntax error{where}: {error.msg}.", place=place) from error
    except ValueError as error:  # not in its own encoding, or a null byte
        raise ByHand(f"{path} cannot be read as Python: {error}.") from error
    try:
        module = cst.parse_module(text)
    except (cst.ParserSyntaxError, RecursionError) as error:
        raise ByHand(f"{path} is written in a way the workshop cannot read.") from error
    if module.code.encode(encoding) != raw:
        raise ByHand(f"{path} has unusual characters between its lines that the workshop could not keep.")
    return PythonFile(path, module, encoding)


def parse_fragment(source: str, like: cst.Module) -> cst.Module:
    """Read a fragment of the course, with the line ends and the indentation of the file `like`.

    Raises GraderError if the fragment is no Python.
    """
    try:
        fragment = cst.parse_module(source.replace("\r\n", "\n").replace("\n", like.default_newline))
    except cst.ParserSyntaxError as error:
        raise GraderError(
            "A fragment of the course is no valid Python.", f"Please report this: {error}"
        ) from error
    if like.default_indent != fragment.default_indent:
        adapted = fragment.visit(_Reindent(fragment.default_indent, like.default_indent))
        assert isinstance(adapted, cst.Module)
        return adapted
    return fragment


def as_statement(node: cst.BaseStatement) -> Statement:
    """The same node: what libcst types as any statement is one of these two."""
    assert isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement)
    return node


class _Reindent(cst.CSTTransformer):
    """Blocks follow the file by themselves; lines inside brackets carry their own white space."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__()
        self.old = old
        self.new = new

    def convert(self, space: cst.SimpleWhitespace) -> cst.SimpleWhitespace:
        rest = space.value
        steps = 0
        while rest.startswith(self.old):
            rest = rest[len(self.old) :]
            steps += 1
        return space.with_changes(value=self.new * steps + rest)

    def leave_ParenthesizedWhitespace(
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.ParenthesizedWhitespace:
        return updated_node.with_changes(
            last_line=self.convert(updated_node.last_line)
            if isinstance(updated_node.last_line, cst.SimpleWhitespace)
            else updated_node.last_line,
            empty_lines=[
                line.with_changes(whitespace=self.convert(line.whitespace))
                for line in updated_node.empty_lines
            ],
        )
