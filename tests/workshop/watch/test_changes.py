"""What counts as a save."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from workshop.watch.changes import changes
from workshop.watch.messages import Gone, Saved

PATIENCE = 20.0

Next = Callable[[], Awaitable[Saved | Gone]]


async def _following(root: Path, story: Callable[[Next], Awaitable[None]]) -> None:
    found = changes(root)
    pending = asyncio.ensure_future(anext(found))
    await asyncio.sleep(0)  # now the folder is watched

    async def following() -> Saved | Gone:
        nonlocal pending
        change = await asyncio.wait_for(pending, PATIENCE)
        pending = asyncio.ensure_future(anext(found))
        await asyncio.sleep(0)
        return change

    try:
        await story(following)
    finally:
        pending.cancel()


def follow(root: Path, story: Callable[[Next], Awaitable[None]]) -> None:
    """Run `story` with a function that gives the next change."""
    asyncio.run(_following(root, story))


def test_a_save_is_told_by_its_path(project: Path) -> None:
    async def story(following: Next) -> None:
        (project / "users" / "views.py").write_text("# saved")
        assert await following() == Saved(("users/views.py",))
        (project / ".env").write_text("CACHE_TTL=5")
        assert await following() == Saved((".env",))

    follow(project, story)


def test_an_editor_that_writes_in_steps_has_saved_once(project: Path) -> None:
    async def story(following: Next) -> None:
        new = project / "users" / "views.py~"
        new.write_text("# half")
        (project / "users" / "views.py").write_text("")
        new.replace(project / "users" / "views.py")
        assert await following() == Saved(("users/views.py",))
        (project / "users" / "urls.py").write_text("# the end")
        assert await following() == Saved(("users/urls.py",))  # and nothing in between

    follow(project, story)


@pytest.mark.parametrize(
    "file",
    [
        ".workshop/state.db",
        ".git/index",
        "venv/lib/x.py",
        ".venv/x.py",
        "env/x.py",
        "users/__pycache__/views.cpython-311.pyc",
        "db.sqlite3",
        "db.sqlite3-journal",
        "django.log",
        "users/.views.py.swp",
    ],
)
def test_what_is_not_the_learners_own_is_no_save(project: Path, file: str) -> None:
    (project / file).parent.mkdir(parents=True, exist_ok=True)

    async def story(following: Next) -> None:
        (project / file).write_text("changed")
        (project / "users" / "views.py").write_text("# saved")
        assert await following() == Saved(("users/views.py",))

    follow(project, story)


def test_a_project_in_a_folder_that_is_called_env_is_watched(project: Path) -> None:
    moved = project.parent / "env" / "boda"
    moved.parent.mkdir()
    project.rename(moved)

    async def story(following: Next) -> None:
        (moved / "manage.py").write_text("# saved")
        assert await following() == Saved(("manage.py",))

    follow(moved, story)


def test_a_folder_that_goes_and_another_that_takes_its_place(project: Path) -> None:
    away = project.parent / "away"

    async def story(following: Next) -> None:
        project.rename(away)
        assert await following() == Gone()
        away.rename(project)
        assert await following() == Saved(("manage.py",))
        (project / "users" / "views.py").write_text("# saved")
        assert await following() == Saved(("users/views.py",))

    follow(project, story)
