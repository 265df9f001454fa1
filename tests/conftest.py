"""What any test may ask for."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.servers.private import PrivateServer
from workshop.author.trees import TreeKind, build

MakeProject = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def _own_projects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Which projects are whose is remembered in a folder of the tests."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, TreeKind], Path]:
    """Each tree is built once a run; tests get copies."""
    folder = tmp_path_factory.mktemp("trees")
    return functools.cache(lambda upto, kind: build(folder / f"{kind}-{upto}", upto, kind))


@pytest.fixture
def make_project(tmp_path: Path, _built: Callable[[int, TreeKind], Path]) -> MakeProject:
    """`make_project(4, TreeKind.LETTER)`: a fresh project of one's own, with Activities 2 to 4 done that way.

    Without arguments the bare starter. `name` is the folder's name, to have several in one test.
    """

    def make(upto: int = 0, kind: TreeKind = TreeKind.CORE, name: str = "project") -> Path:
        return shutil.copytree(_built(upto, kind), tmp_path / name)

    return make


@pytest.fixture
def project(make_project: MakeProject) -> Path:
    """The bare starter, fresh."""
    return make_project()


@pytest.fixture
def private_server() -> Iterator[PrivateServer]:
    """A Redis server of this test's own."""
    with PrivateServer() as server:
        yield server
