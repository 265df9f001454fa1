"""A project is one's own where one stands in it, or after `init`; no project can say that of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.state.own_projects import is_own, remember


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "boda" / "users").mkdir(parents=True)
    return tmp_path / "boda"


def test_it_is_ones_own_where_one_stands_in_it(root: Path) -> None:
    assert is_own(root, None)
    assert is_own(root, root)
    assert is_own(root, root / "users")
    assert not is_own(root, root.parent)


def test_it_is_remembered(root: Path) -> None:
    remember(root)
    assert is_own(root, root.parent)


def test_another_folder_in_its_place_is_another_project(root: Path) -> None:
    remember(root)
    root.rename(root.with_name("moved"))
    root.mkdir()
    assert not is_own(root, root.parent)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"/": 7}'])
def test_a_list_that_is_none_means_nothing(root: Path, tmp_path: Path, text: str) -> None:
    remember(root)
    (file,) = (tmp_path / "state").rglob("projects.json")
    file.write_text(text)
    assert not is_own(root, root.parent)
    remember(root)
    assert is_own(root, root.parent)


def test_where_nothing_can_be_written_nothing_is_remembered(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    remember(root)
    assert not is_own(root, root.parent)
