from __future__ import annotations

from pathlib import Path

import pytest

from grader.servers.configured_url import configured_url, environment_lookups, settings_tree
from grader.servers.url import DEFAULT_URL

HERE = Path("settings.py")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.delenv("CACHE_URL", raising=False)


def caches(location: str) -> str:
    other = '"other": {"LOCATION": "redis://o/9"}'
    return f'import os\nCACHES = {{{other}, "default": {{"LOCATION": {location}}}}}\n'


@pytest.mark.parametrize(
    ("settings", "dotenv", "url"),
    [
        (caches('"redis://a:1/0"'), "REDIS_URL=redis://b:2/0", "redis://a:1/0"),
        (caches('["redis://a:1/0", "redis://b:2/0"]'), "", "redis://a:1/0"),
        (caches('os.environ["CACHE_URL"]'), "CACHE_URL='redis://b:2/0' # mine", "redis://b:2/0"),
        (caches('os.environ.get("CACHE_URL", "redis://c:3/0")'), "", "redis://c:3/0"),
        (caches('os.environ.get("CACHE_URL") or "redis://c:3/0"'), "", "redis://c:3/0"),
        (caches('f"redis://{HOST}:1/0"'), "REDIS_URL=redis://b:2/0", "redis://b:2/0"),
        ('URL = "redis://d:4/0"\nCACHES = make(URL)\n', "", "redis://d:4/0"),
        ("", "\ufeffREDIS_URL=redis://b:2/0", "redis://b:2/0"),
        ("CACHES = {'default': {'LOCATION': '_______________'}}", "", DEFAULT_URL),
        ("this is no Python", "", DEFAULT_URL),
        ("", "", DEFAULT_URL),
    ],
)
def test_the_address_a_project_uses_is_read_from_its_files(
    tmp_path: Path, settings: str, dotenv: str, url: str
) -> None:
    (tmp_path / "settings.py").write_text(settings)
    (tmp_path / ".env").write_text(dotenv)
    found = configured_url(tmp_path, HERE)
    assert found.url == url
    assert found.is_default == (url == DEFAULT_URL)


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("REDIS_URL=redis://b:2/0")
    monkeypatch.setenv("REDIS_URL", "redis://e:5/0")
    found = configured_url(tmp_path, None)
    assert (found.url, found.origin) == ("redis://e:5/0", "REDIS_URL in the environment")


def test_nothing_of_the_settings_is_run(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(
        f"open({str(tmp_path / 'ran')!r}, 'w')\n" + caches('"redis://a:1/0"')
    )
    assert configured_url(tmp_path, HERE).url == "redis://a:1/0"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("code", "name", "default", "required"),
    [
        ('X = os.environ["A"]', "A", "", True),
        ('X = os.getenv("A")', "A", "", False),
        ('X = os.environ.get("A", "").split(",")', "A", "", False),
        ('X = os.environ.get("A", "b")', "A", "b", False),
        ('X = os.environ.get("A") or "b"', "A", "b", False),
        ('X = env_list("A", default="b")', "A", "b", False),
        ('X = config("A", cast=bool)', "A", "", True),
        ('X = env.str("A", None)', "A", "", False),
        ('X = config("A", default=5)', "A", "5", False),
    ],
)
def test_what_settings_ask_the_environment_for(
    tmp_path: Path, code: str, name: str, default: str, required: bool
) -> None:
    (tmp_path / "settings.py").write_text(code)
    tree = settings_tree(tmp_path, HERE)
    assert tree is not None
    (variable,) = environment_lookups(tree)
    assert (variable.name, variable.default, variable.required) == (name, default, required)


def test_an_env_file_brings_no_secret_of_the_environment_into_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "s3cret")
    (tmp_path / ".env").write_text("REDIS_URL=redis://:${DEPLOY_TOKEN}@b:2/0\n", encoding="utf-8")
    assert "s3cret" not in configured_url(tmp_path, None).url
