"""What a project declares is read from every file people use for it, and nothing is run."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from grader.static_analysis.requirements import declared


def test_the_lines_of_a_requirements_file(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(
        "# redis-lock\n"
        "Django>=5.2,<5.3  # the framework\n"
        "\n"
        "-r more.txt\n"
        "--hash=sha256:00\n"
        "./wheels/boda.whl\n"
        "git+https://example.com/boda.git\n"
        "Redis[hiredis] == 5.0.1 ; python_version > '3.8'\n"
        "django_redis==5.4.0 \\\n"
        "    --hash=sha256:00\n"
        "not a requirement!\n"
    )
    assert declared(tmp_path) == {"django", "redis", "django-redis"}


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF8, "utf-8")],
)
def test_what_an_editor_on_windows_saves(tmp_path: Path, mark: bytes, encoding: str) -> None:
    (tmp_path / "requirements.txt").write_bytes(mark + "redis==5.0.1\r\ndjango\r\n".encode(encoding))
    assert declared(tmp_path) == {"redis", "django"}


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements/base.txt", "requirements.in"]
)
def test_every_usual_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("redis\n")
    assert declared(tmp_path) == {"redis"}


@pytest.mark.parametrize(
    ("name", "text", "names"),
    [
        (
            "pyproject.toml",
            '[project]\ndependencies = ["redis>=5"]\n'
            '[project.optional-dependencies]\ncache = ["django_redis"]\n'
            '[dependency-groups]\ndev = ["pytest", {include-group = "x"}]\n',
            {"redis", "django-redis", "pytest"},
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\npython = "^3.11"\nredis = "*"\n'
            '[tool.poetry.group.dev.dependencies]\nDjango = "*"\n',
            {"python", "redis", "django"},
        ),
        ("Pipfile", '[packages]\nredis = "*"\n[dev-packages]\nipython = "*"\n', {"redis", "ipython"}),
        (
            "Pipfile.lock",
            json.dumps({"default": {"redis": {}}, "develop": {"ipython": {}}}),
            {"redis", "ipython"},
        ),
        ("poetry.lock", '[[package]]\nname = "redis"\nversion = "5.0.1"\n', {"redis"}),
        ("uv.lock", '[[package]]\nname = "django-redis"\n', {"django-redis"}),
        ("pylock.toml", '[[packages]]\nname = "redis"\n', {"redis"}),
    ],
)
def test_every_kind_of_project_file(tmp_path: Path, name: str, text: str, names: set[str]) -> None:
    (tmp_path / name).write_text(text)
    assert declared(tmp_path) == names


@pytest.mark.parametrize(
    "text", ["[project\n", 'project = "x"\n', "tool = 3\n", "[[tool.poetry.group]]\n", "package = 3\n"]
)
def test_a_file_that_makes_no_sense_declares_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "Pipfile").write_text(text)
    (tmp_path / "Pipfile.lock").write_text('{"default": 3}' if "3" in text else "[")
    assert declared(tmp_path) == set()


def test_a_project_without_any_declares_nothing(tmp_path: Path) -> None:
    assert declared(tmp_path) == set()
