"""The trees are what they say: other tests stand on them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.author.trees import TreeKind
from workshop.scaffold.blanks import find_blanks


@pytest.mark.parametrize("kind", list(TreeKind))
def test_each_tree_is_python_and_only_the_template_has_blanks(
    make_project: Callable[..., Path], kind: TreeKind
) -> None:
    project = make_project(5, kind)
    for file in project.rglob("*.py"):
        ast.parse(file.read_bytes())
    assert bool(find_blanks(project)) is (kind is TreeKind.TEMPLATE)
    assert "CACHES" in (project / "safeboda/settings.py").read_text()


def test_the_starter_has_nothing_of_caching(project: Path) -> None:
    text = "".join(file.read_text() for file in project.rglob("*") if file.suffix in {".py", ".txt"})
    assert "CACHES" not in text
    assert "redis" not in text.lower()


def test_a_project_is_ones_own(make_project: Callable[..., Path]) -> None:
    first, second = make_project(name="first"), make_project(name="second")
    (first / "manage.py").unlink()
    assert (second / "manage.py").is_file()
