"""create file, append entry, require line and move file."""

from __future__ import annotations

import codecs

import pytest

from tests.workshop.scaffold.bench import KEY, Bench
from workshop.scaffold.edits import AppendEntry, CreateFile, MoveFile, Position, RequireLine, SetName
from workshop.scaffold.plan import EditState

REDIS = RequireLine("requirements.txt", "django-redis", "django-redis==5.4.0")
APP = AppendEntry("{settings}", "INSTALLED_APPS", '"caching"')
FIRST = AppendEntry("{settings}", "INSTALLED_APPS", '"caching"', Position.FIRST)


def test_create_file_with_its_folders(bench: Bench) -> None:
    bench.apply(CreateFile("users/management/commands/warm.py", "key.py"))
    assert bench.read("users/management/commands/warm.py") == KEY


def test_an_own_file_is_kept_or_replaced(bench: Bench) -> None:
    bench.write("users/new.py", "mine = 1\n")
    outcome = bench.one(CreateFile("users/new.py", "key.py"))
    assert outcome.state is EditState.BY_HAND
    assert "-mine = 1" in outcome.diff
    bench.apply(CreateFile("users/new.py", "key.py"), replace=True)
    assert bench.read("users/new.py") == KEY


def test_a_created_file_that_is_filled_in_is_present(bench: Bench) -> None:
    bench.fragment("signals.py", "def receive():\n    pass  # fill\n")
    bench.write("users/signals.py", "def receive():\n    cache.clear()\n    return 1\n")
    assert bench.one(CreateFile("users/signals.py", "signals.py")).state is EditState.PRESENT


def test_no_new_app_is_guessed(bench: Bench) -> None:
    assert "no folder accounts" in bench.by_hand(CreateFile("accounts/signals.py", "key.py"))
    bench.apply(CreateFile("load_test.py", "key.py"))


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ('["a"]', APP, '["a", "caching"]'),
        ('["a"]', FIRST, '["caching", "a"]'),
        ("[]", APP, '["caching"]'),
        ("[]", FIRST, '["caching"]'),
        ('["a", "b",]', APP, '["a", "b", "caching",]'),
        ('[\n    "a",\n    "b",\n]', APP, '[\n    "a",\n    "b",\n    "caching",\n]'),
        ('[\n    "a",\n    "b",\n]', FIRST, '[\n    "caching",\n    "a",\n    "b",\n]'),
        ('[\n    "a"\n]', APP, '[\n    "a",\n    "caching"\n]'),
        ('[\n  "a",  # one\n  # two\n]', APP, '[\n  "a",  # one\n  # two\n  "caching",\n]'),
        ('[  # one\n  # two\n  "a",\n]', FIRST, '[  # one\n  "caching",\n  # two\n  "a",\n]'),
    ],
)
def test_append_entry_keeps_the_lists_form(bench: Bench, before: str, edit: AppendEntry, after: str) -> None:
    bench.write("safeboda/settings.py", f"X = 1\nINSTALLED_APPS = {before}\n")
    bench.apply(edit)
    assert bench.read("safeboda/settings.py") == f"X = 1\nINSTALLED_APPS = {after}\n"


@pytest.mark.parametrize(
    "value",
    ['("a",)', 'DJANGO_APPS + ["a"]', 'list(["a"])', '["a"]\nINSTALLED_APPS += ["b"]', '["a"]; X = 1'],
)
def test_a_list_that_is_not_plain_is_left(bench: Bench, value: str) -> None:
    bench.write("safeboda/settings.py", f"INSTALLED_APPS = {value}\n")
    assert "INSTALLED_APPS" in bench.by_hand(APP)


def test_an_entry_brings_its_import_and_needs_its_names(bench: Bench) -> None:
    bench.write("safeboda/urls.py", "from django.urls import path\n\nurlpatterns = [\n    path('', x),\n]\n")
    entry = "path('stats/', cache_stats)"
    assert "cache_stats" in bench.by_hand(AppendEntry("safeboda/urls.py", "urlpatterns", entry))
    bench.apply(
        AppendEntry("safeboda/urls.py", "urlpatterns", entry, import_="from users.stats import cache_stats")
    )
    assert bench.read("safeboda/urls.py") == (
        "from django.urls import path\nfrom users.stats import cache_stats\n\n"
        "urlpatterns = [\n    path('', x),\n    path('stats/', cache_stats),\n]\n"
    )


def test_register_on_a_router(bench: Bench) -> None:
    bench.write(
        "safeboda/urls.py",
        "router = Router()\nrouter.register('users', V)\nurlpatterns = [path('', include(router.urls))]\n",
    )
    edit = AppendEntry("safeboda/urls.py", "router", "'p', P", import_="from users.views import P")
    bench.apply(edit)
    assert bench.read("safeboda/urls.py") == (
        "from users.views import P\n\nrouter = Router()\nrouter.register('users', V)\n"
        "router.register('p', P)\nurlpatterns = [path('', include(router.urls))]\n"
    )
    other = AppendEntry("safeboda/urls.py", "router", "'p', Q", import_="from users.views import Q")
    assert "its own entry for 'p'" in bench.by_hand(other)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, b"django-redis==5.4.0\n"),
        (b"", b"django-redis==5.4.0\n"),
        (b"Django\n", b"Django\ndjango-redis==5.4.0\n"),
        (b"Django", b"Django\ndjango-redis==5.4.0\n"),
        (b"Django\r\nredis\r\n", b"Django\r\nredis\r\ndjango-redis==5.4.0\r\n"),
        (b"# caf\xe9\nDjango\n", b"# caf\xe9\nDjango\ndjango-redis==5.4.0\n"),
        (codecs.BOM_UTF8 + b"Django\n", codecs.BOM_UTF8 + b"Django\ndjango-redis==5.4.0\n"),
    ],
)
def test_require_line_in_any_form(bench: Bench, before: bytes | None, after: bytes) -> None:
    if before is not None:
        bench.write("requirements.txt", before)
    bench.apply(REDIS)
    assert (bench.project / "requirements.txt").read_bytes() == after


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_require_line_in_utf_16(bench: Bench, encoding: str) -> None:
    mark = "\ufeff".encode(encoding)
    bench.write("requirements.txt", mark + "Django\r\n".encode(encoding))
    bench.apply(REDIS)
    raw = (bench.project / "requirements.txt").read_bytes()
    assert raw == mark + "Django\r\ndjango-redis==5.4.0\r\n".encode(encoding)


@pytest.mark.parametrize(
    "line",
    [
        "django-redis",
        "Django_Redis >= 4 ; python_version > '3'",
        "django.redis[hiredis]~=5.0  # mine",
        "django-redis @ https://example.org/x.zip",
        "-e git+https://example.org/x.git#egg=django-redis",
    ],
)
def test_a_version_of_ones_own_counts(bench: Bench, line: str) -> None:
    bench.write("requirements.txt", f"Django\n{line}\n")
    assert bench.one(REDIS).state is EditState.PRESENT


@pytest.mark.parametrize("line", ["# django-redis", "django-redis-cache", "-r django-redis", "django_redis2"])
def test_what_does_not_count(bench: Bench, line: str) -> None:
    bench.write("requirements.txt", f"{line}\n")
    bench.apply(REDIS)


@pytest.mark.parametrize("text", ["Django==5.2 --hash=sha256:00\n", "Django==5.2 \\\n"])
def test_a_requirements_file_that_a_line_would_break(bench: Bench, text: str) -> None:
    bench.write("requirements.txt", text)
    bench.by_hand(REDIS)


def test_packages_declared_elsewhere(bench: Bench) -> None:
    bench.write("pyproject.toml", '[project]\nname = "x"\ndependencies = ["Django", "Django-Redis>5"]\n')
    assert bench.one(REDIS).state is EditState.PRESENT
    other = RequireLine("requirements.txt", "redis", "redis==5.0.1")
    assert "pyproject.toml" in bench.by_hand(other)
    bench.write("requirements/base.txt", "redis\n")
    assert bench.one(other).state is EditState.PRESENT


def test_lines_of_env_and_gitignore(bench: Bench) -> None:
    bench.write(".env", "# REDIS_URL=old\nexport DEBUG=1")
    bench.apply(RequireLine(".env", "REDIS_URL", "REDIS_URL=redis://127.0.0.1:6379/1"))
    assert bench.read(".env") == "# REDIS_URL=old\nexport DEBUG=1\nREDIS_URL=redis://127.0.0.1:6379/1\n"
    assert bench.one(RequireLine(".env", "DEBUG", "DEBUG=0")).state is EditState.PRESENT
    bench.apply(RequireLine(".gitignore", "dump.rdb", "dump.rdb"))
    assert bench.read(".gitignore") == "dump.rdb\n"


SETTINGS_MOVE = MoveFile("{settings}", "safeboda/settings/base.py")


def test_move_settings_into_a_package(bench: Bench) -> None:
    path = bench.project / "safeboda/settings.py"
    path.chmod(0o640)
    planned = bench.plan(SETTINGS_MOVE, SetName("{settings}", "CACHES", "caches.py", after="DATABASES"))
    old, new = planned.changes
    assert (old.path, old.after) == ("safeboda/settings.py", None)
    assert (new.path, new.before, new.mode) == ("safeboda/settings/base.py", None, 0o640)
    assert new.after is not None
    assert b"CACHES = {" in new.after
    assert b"BASE_DIR = Path(__file__).resolve().parent.parent.parent\n" in new.after
    bench.apply(SETTINGS_MOVE)
    assert not path.exists()


def test_paths_made_with_os_path_lead_where_they_led(bench: Bench) -> None:
    bench.write("safeboda/settings.py", "B = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))\n")
    bench.apply(SETTINGS_MOVE)
    moved = bench.read("safeboda/settings/base.py")
    assert moved == "B = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))\n"


@pytest.mark.parametrize("line", ["HERE = __file__", "B = Path(__file__).parent"])
def test_a_file_that_would_not_survive_the_move(bench: Bench, line: str) -> None:
    bench.write("safeboda/settings.py", f"{line}\n")
    bench.by_hand(SETTINGS_MOVE)


def test_what_it_imports_from_beside_it_is_one_folder_up_now(bench: Bench) -> None:
    bench.write("safeboda/settings.py", "from .local import *\nfrom . import env\nimport os\n")
    bench.apply(SETTINGS_MOVE)
    moved = bench.read("safeboda/settings/base.py")
    assert moved == "from ..local import *\nfrom .. import env\nimport os\n"


def test_a_move_over_another_file(bench: Bench) -> None:
    bench.write("safeboda/settings/base.py", "X = 1\n")
    assert "settings.py and a safeboda/settings/base.py" in bench.by_hand(SETTINGS_MOVE)
    (bench.project / "safeboda/settings.py").unlink()
    assert bench.one(SETTINGS_MOVE).state is EditState.PRESENT


def test_a_move_of_what_is_not_there(bench: Bench) -> None:
    bench.by_hand(MoveFile("a.py", "b.py"))


def test_a_file_only_wanted_where_it_is_missing_is_never_replaced(bench: Bench) -> None:
    package = CreateFile("users/management/__init__.py", "key.py", if_missing=True)
    bench.write("users/management/__init__.py", "")
    for replace in (False, True):
        assert bench.one(package, replace=replace).state is EditState.PRESENT
    bench.apply(CreateFile("users/management/commands/__init__.py", "key.py", if_missing=True))


def test_a_new_folder_of_an_app_that_lies_elsewhere(bench: Bench) -> None:
    (bench.project / "apps").mkdir()
    (bench.project / "users").rename(bench.project / "apps/users")
    bench.write("apps/users/models.py", "class User: ...\n")
    bench.fragment("warm.py", "from users.models import User\n\nprint(User)\n")
    bench.apply(CreateFile("users/management/commands/warm.py", "warm.py"))
    assert bench.read("apps/users/management/commands/warm.py").startswith("from ...models import User\n")
