"""`workshop author ...`, as an author types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workshop.cli.conftest import Ran

Run = Callable[..., Ran]


@pytest.mark.parametrize(
    ("tree", "through", "has", "lacks"),
    [
        ("starter", "5", "class UserViewSet", "cache"),
        ("letter", "4", "get_cache_key('user_list')", "perform_create"),
        ("reference", "5", "user_cache.answer(", "_____"),
    ],
)
def test_a_tree_is_written_out(
    run: Run, tmp_path: Path, tree: str, through: str, has: str, lacks: str
) -> None:
    ran = run(tmp_path, "author", "build", "here", "--tree", tree, "--through", through)
    assert ran.status == 0, ran.err
    views = (tmp_path / "here/users/views.py").read_text()
    assert has in views
    assert lacks not in views


def test_a_folder_that_is_there_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    ran = run(tmp_path, "author", "build", "here")
    assert (ran.status, ran.out) == (2, "")
    assert list((tmp_path / "here").iterdir()) == []
