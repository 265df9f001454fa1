"""The shapes that projects come in: the starter, laid out or written in another way.

Each says what the workshop is expected to leave to the learner's hand when Activities 2 to 6 are started.
"""

from __future__ import annotations

import shutil
import sysconfig
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.projects.build import STARTER
from tests.projects.git import commit_all
from tests.projects.shape_views import FUNCTION_URLS, FUNCTIONS, GENERIC, GENERIC_URLS, OWN_LIST, TRIPS

WRITES = frozenset({"perform_create", "perform_update", "perform_destroy"})
DECORATED = frozenset({"UserViewSet.list"})
NO_VIEWSET = {4: frozenset({"list"}), 5: WRITES, 6: DECORATED}
"""What is left to the hand where there is no class UserViewSet, or not one."""

Change = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Shape:
    """A project. `change` makes it from a copy of the starter.

    `by_hand` names, by activity, the edits left to the learner: the name, key or file of each. `refused`
    are activities that cannot be started, by no fault of the shape's code. `path` is where manage.py lies
    and `typed_in` where the command is typed, both within the folder of the shape.
    """

    name: str
    change: Change
    by_hand: Mapping[int, frozenset[str]] = field(default_factory=dict)
    refused: frozenset[int] = frozenset()
    path: str = "project"
    typed_in: str = ""

    @property
    def automatic(self) -> bool:
        """Whether nothing is left to the hand."""
        return not self.by_hand and not self.refused

    def make(self, folder: Path) -> Path:
        """Make the project within `folder`; the folder where the learner types."""
        root = folder / self.path
        shutil.copytree(STARTER, root, ignore=shutil.ignore_patterns("__pycache__", "*.sqlite3", ".workshop"))
        self.change(root)
        return folder / (self.typed_in or self.path)


def edit(path: Path, *swaps: tuple[str, str]) -> None:
    """Replace words in a file; each must be there."""
    text = path.read_text()
    for old, new in swaps:
        assert old in text, f"{path} has no {old!r}"
        text = text.replace(old, new)
    path.write_text(text)


def every_file(change: Callable[[bytes], bytes], pattern: str = "*.py") -> Change:
    """A change of the bytes of all files of a kind."""

    def changed(root: Path) -> None:
        for path in [each for each in root.rglob(pattern) if each.is_file()]:
            path.write_bytes(change(path.read_bytes()))

    return changed


def written(files: Mapping[str, str], settings: str = "") -> Change:
    """Files written anew, and lines at the end of the settings."""

    def changed(root: Path) -> None:
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        with (root / "safeboda/settings.py").open("a") as file:
            file.write(settings)

    return changed


def settings_package(root: Path) -> None:
    folder = root / "safeboda/settings"
    folder.mkdir()
    (root / "safeboda/settings.py").rename(folder / "__init__.py")
    edit(folder / "__init__.py", (".parent.parent", ".parent.parent.parent"))


def base_and_dev(root: Path) -> None:
    settings_package(root)
    folder = root / "safeboda/settings"
    (folder / "__init__.py").rename(folder / "base.py")
    (folder / "__init__.py").touch()
    (folder / "dev.py").write_text("from .base import *  # noqa: F403\n\nDEBUG = True\n")
    for name in ("manage.py", "safeboda/wsgi.py", "safeboda/asgi.py"):
        edit(root / name, ("safeboda.settings", "safeboda.settings.dev"))


def apps_folder(root: Path) -> None:
    (root / "apps").mkdir()
    (root / "apps/__init__.py").touch()
    (root / "users").rename(root / "apps/users")
    edit(root / "apps/users/apps.py", ('"users"', '"apps.users"'))
    edit(root / "safeboda/settings.py", ("users.apps", "apps.users.apps"))
    edit(root / "safeboda/urls.py", ("users.urls", "apps.users.urls"))


def another_app_name(root: Path) -> None:
    (root / "users").rename(root / "people")
    edit(root / "people/apps.py", ("UsersConfig", "PeopleConfig"), ('"users"', '"people"'))
    edit(root / "people/apps.py", ('"people"', '"people"\n    label = "users"'))
    edit(root / "safeboda/settings.py", ("users.apps.UsersConfig", "people.apps.PeopleConfig"))
    edit(root / "safeboda/urls.py", ("users.urls", "people.urls"))


def several_apps(root: Path) -> None:
    written(TRIPS)(root)
    edit(root / "safeboda/settings.py", ('"users.apps', '"trips",\n    "users.apps'))


def views_package(root: Path) -> None:
    (root / "users/views").mkdir()
    (root / "users/views.py").rename(root / "users/views/users.py")
    (root / "users/views/__init__.py").write_text(
        'from .users import UserViewSet\n\n__all__ = ["UserViewSet"]\n'
    )
    edit(root / "users/views/users.py", ("from .", "from .."))


def renamed_class(root: Path) -> None:
    for name in ("users/views.py", "users/urls.py"):
        edit(root / name, ("UserViewSet", "PeopleViewSet"))


_PACKAGES = (
    "django",
    "rest_framework",
    "redis",
    "dotenv",
    "asgiref",
    "sqlparse",
    "typing_extensions",
    "async_timeout",
)


def virtual_environment(root: Path) -> None:
    venv.create(root / ".venv", symlinks=True, with_pip=False)
    (site,) = (root / ".venv").glob("lib/python*/site-packages")
    # Copied, and no .pth file: a jail shows a project its own environment, and not that of these tests.
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if path.name.startswith(_PACKAGES) and path.is_dir():
            shutil.copytree(path, site / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif path.name.startswith(_PACKAGES):
            shutil.copy(path, site)


def git_work_tree(root: Path) -> None:
    commit_all(root)
    with (root / "users/views.py").open("a") as file:
        file.write("\n    # unfinished\n")
    (root / "notes.txt").write_text("not added yet\n")


def linked_views(to: str) -> Change:
    def changed(root: Path) -> None:
        views, target = root / "users/views.py", (root / to).resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        views.rename(target)
        views.symlink_to(Path("..", to))

    return changed


def latin_1(raw: bytes) -> bytes:
    return b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + raw


def utf_16(root: Path) -> None:
    path = root / "requirements.txt"
    path.write_bytes(path.read_text().replace("\n", "\r\n").encode("utf-16"))


def own_list(root: Path) -> None:
    path = root / "users/views.py"
    edit(path, ("import viewsets\n", "import viewsets\nfrom rest_framework.response import Response\n"))
    path.write_text(path.read_text() + OWN_LIST)


def two_classes(root: Path) -> None:
    """An old copy of the class was left in the file."""
    path = root / "users/views.py"
    copy = path.read_text().partition("class UserViewSet")[2]
    path.write_text(f"{path.read_text()}\n\nclass UserViewSet{copy}")


def two_files(root: Path) -> None:
    """The views in two versions, neither where the handout has them."""
    (root / "users/v1").mkdir()
    (root / "users/v1/__init__.py").touch()
    edit(root / "users/views.py", ("from .", "from .."))
    shutil.copy(root / "users/views.py", root / "users/v1/views.py")
    shutil.copytree(root / "users/v1", root / "users/v2")
    (root / "users/views.py").unlink()
    edit(root / "users/urls.py", ("from .views", "from .v2.views"))


def same(root: Path) -> None:
    """The starter as it is."""


STAR = "\nfrom .local import *  # noqa: E402, F403\n"
CACHES = 'CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}\n'
BY_HAND_CACHES = {3: frozenset({"CACHES"})}
BY_HAND_SETTINGS = {3: frozenset({"CACHES", "CACHE_TTL"})}

SHAPES = (
    Shape("settings-package", settings_package),
    Shape("base-and-dev", base_and_dev, BY_HAND_SETTINGS),
    Shape("two-settings", written({"safeboda/production.py": "from .settings import *  # noqa: F403\n"})),
    Shape("apps-folder", apps_folder),
    Shape("several-apps", several_apps),
    Shape("another-app-name", another_app_name, {5: frozenset({"ready"}), 6: frozenset({"urlpatterns"})}),
    Shape("functions", written({"users/views.py": FUNCTIONS, "users/urls.py": FUNCTION_URLS}), NO_VIEWSET),
    Shape("generic-views", written({"users/views.py": GENERIC, "users/urls.py": GENERIC_URLS}), NO_VIEWSET),
    Shape("views-package", views_package),
    Shape("class-renamed", renamed_class, NO_VIEWSET),
    Shape("class-twice", two_classes, NO_VIEWSET),
    Shape(
        "class-in-two-files", two_files, {4: frozenset({"get_cache_key", "list"}), 5: WRITES, 6: DECORATED}
    ),
    Shape("own-list", own_list, {4: frozenset({"list"})}),
    Shape("another-prefix", lambda root: edit(root / "safeboda/urls.py", ('"api/"', '"v2/people/"'))),
    Shape("own-venv", virtual_environment),
    Shape("git", git_work_tree),
    Shape("crlf", every_file(lambda raw: raw.replace(b"\n", b"\r\n"), "*")),
    Shape("bom", every_file(lambda raw: b"\xef\xbb\xbf" + raw)),
    Shape("tabs", every_file(lambda raw: raw.replace(b"    ", b"\t"))),
    Shape("latin-1", every_file(latin_1)),
    Shape("non-ascii-path", same, path="Übung für Amélie/çà"),
    Shape("spaces", same, path="my first project/safe boda"),
    Shape("link-inside", linked_views("shared/user_views.py")),
    Shape(
        "link-outside",
        linked_views("../other/views.py"),
        {4: frozenset({"get_cache_key", "list"}), 5: WRITES, 6: DECORATED},
    ),
    Shape("caches-twice", written({}, f"\n{CACHES}\n{CACHES}"), BY_HAND_CACHES),
    Shape("caches-in-if", written({}, f"\nif DEBUG:\n    {CACHES}"), BY_HAND_CACHES),
    Shape("star-import", written({"safeboda/local.py": "DEBUG = True\n"}, STAR), BY_HAND_SETTINGS),
    Shape("utf-16", utf_16),
    Shape("no-requirements", lambda root: (root / "requirements.txt").unlink()),
    Shape(
        "read-only",
        lambda root: (root / "users/views.py").chmod(0o444),
        {6: DECORATED},
        refused=frozenset({4, 5}),
    ),
    Shape("one-folder-below", same, typed_in="."),
    Shape("no-last-newline", every_file(lambda raw: raw.rstrip(b"\n"))),
)
