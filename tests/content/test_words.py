"""checks.toml has words for every check and for every failure mode of one, and for no other."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from grader.checks import specs
from grader.plan import COMMON_FAILURE_MODES, CheckWords
from workshop.course.load import activities
from workshop.course.model import Activity

WORDS = {check.id: check.words for activity in activities() for check in activity.checks if check.words}
PLACE_OF_HOW = {"expect": 2, "fail": 1, "CheckFailed": 1}
GRADER = Path(importlib.import_module("grader").__path__[0])
OF_PASSENGERS = "passenger_"
"""How a scene about passengers fails: `SoftAssertions` puts this before the name of the failure mode."""


def words(id: str) -> CheckWords:
    found = WORDS[id]
    assert found is not None
    return found


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> Iterator[Path]:
    """The modules of the grader that `file` imports."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("grader"):
            module = GRADER.parent / str(node.module).replace(".", "/")
            for path in (module.with_suffix(".py"), *(module / f"{name.name}.py" for name in node.names)):
                if path.is_file():
                    yield path


@cache
def reached(file: Path) -> frozenset[Path]:
    """`file`, and all that it imports of the grader, near and far."""
    found, new = {file}, {file}
    while new:
        new = {path for each in new for path in imported(each)} - found
        found |= new
    return frozenset(found)


def texts(node: ast.AST) -> set[str]:
    return {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def hows(node: ast.AST) -> set[str]:
    """The failure modes that are written out where a check is failed in `node`."""
    found: set[str] = set()
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in PLACE_OF_HOW:
            place = PLACE_OF_HOW[call.func.id]
            given = [each.value for each in call.keywords if each.arg == "how"] + call.args[place : place + 1]
            found |= {text for each in given for text in _chosen(each)}
    return found - {""}


def _chosen(node: ast.expr) -> set[str]:
    """`"a"`, or both of `"a" if ... else "b"`."""
    if isinstance(node, ast.IfExp):
        return _chosen(node.body) | _chosen(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def functions(file: Path) -> dict[str, ast.FunctionDef]:
    """The checks in `file`, by id."""
    found = {}
    for node in tree(file).body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and isinstance(decorator.args[0], ast.Constant):
                    found[str(decorator.args[0].value)] = node
    return found


def test_each_check_has_words_and_all_words_have_a_check() -> None:
    assert set(WORDS) == set(specs())


@pytest.mark.parametrize("id", specs())
def test_a_failure_that_a_check_names_has_words(id: str) -> None:
    used = hows(functions(Path(specs()[id].file))[id])
    assert used <= {*words(id).failure_modes, *COMMON_FAILURE_MODES}


def test_a_failure_that_a_helper_of_the_checks_names_has_words() -> None:
    known = {mode.removeprefix(OF_PASSENGERS) for id in specs() for mode in words(id).failure_modes}
    files = [file for room in ("checks", "experiments", "sandbox") for file in (GRADER / room).rglob("*.py")]
    assert len(files) > 50
    for file in files:
        assert hows(tree(file)) <= known | set(COMMON_FAILURE_MODES), file.name


@pytest.mark.parametrize("id", specs())
def test_words_for_a_failure_belong_to_one_that_can_be(id: str) -> None:
    files = reached(Path(specs()[id].file)) | reached(GRADER / "fixtures.py")
    written = {text for file in files for text in texts(tree(file))}
    modes = set(words(id).failure_modes)
    assert {mode for mode in modes if not {mode, mode.removeprefix(OF_PASSENGERS)} & written} == set()


@pytest.mark.parametrize("activity", activities(), ids=lambda activity: activity.id)
def test_hints_for_a_failure_belong_to_one_with_words(activity: Activity) -> None:
    for check in activity.checks:
        if check.words:
            assert set(check.mode_hints) <= {*check.words.failure_modes, *COMMON_FAILURE_MODES}, check.id
