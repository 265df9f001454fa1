"""Production settings are found where people put them, with the variables they ask for. Nothing is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.static_analysis.production_settings import Production, Server, find_production
from grader.submission import Submission, find, settings_file

SERVER = Server("127.0.0.1", 7000, "1")
URL = "redis://127.0.0.1:7000/1"


def made(root: Path, settings: str = "safeboda.settings", **files: str) -> Submission:
    """A project of these files; their names are dotted paths."""
    manage = f'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "{settings}")\n'
    for name, text in {"manage": manage, **files}.items():
        path = root / (name.replace("__init__", "init").replace(".", "/").replace("init", "__init__") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return find(root)


def found(submission: Submission, **options: str) -> Production:
    production = find_production(submission, options)
    assert production is not None
    return production


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("safeboda.settings.production", {"safeboda.settings.__init__": ""}),
        ("safeboda.settings.prod", {"safeboda.settings.__init__": "", "other.production": ""}),
        ("safeboda.production", {"safeboda.settings": ""}),
        ("safeboda.settings_production", {"safeboda.settings": ""}),
        ("settings.production", {"safeboda.settings": ""}),
        ("production", {"safeboda.settings": ""}),
    ],
)
def test_where_people_put_it(tmp_path: Path, name: str, more: dict[str, str]) -> None:
    assert found(made(tmp_path, **{name: ""}, **more)).module == name


def test_nothing_is_found_where_there_is_nothing(tmp_path: Path) -> None:
    settings = 'import os\nREDIS = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/1")\n'
    assert find_production(made(tmp_path, **{"safeboda.settings": settings}), {}) is None


def test_one_file_that_asks_where_it_is(tmp_path: Path) -> None:
    settings = (
        'import os\nif os.environ.get("DJANGO_ENV") == "production":\n    URL = os.environ["REDIS_URL"]\n'
    )
    production = found(made(tmp_path, **{"safeboda.settings": settings}))
    assert (production.module, production.addresses) == ("safeboda.settings", ("REDIS_URL",))
    assert production.variables("REDIS_URL", SERVER) == {"DJANGO_ENV": "production", "REDIS_URL": URL}
    assert production.variables("REDIS_URL", None) == {"DJANGO_ENV": "production", "REDIS_URL": None}
    assert production.variables("REDIS_URL", None, "staging")["DJANGO_ENV"] == "staging"


def test_what_workshop_toml_names_wins(tmp_path: Path) -> None:
    submission = made(tmp_path, **{"safeboda.settings": "", "safeboda.production": "", "live.conf": ""})
    named = {"production_settings": "live.conf", "production_variables.BODA_CACHE": "redis://cache/4"}
    production = found(submission, **named)
    assert (production.module, production.addresses) == ("live.conf", ("BODA_CACHE",))
    assert production.variables("BODA_CACHE", SERVER) == {"BODA_CACHE": URL}


def test_its_own_variables_come_before_those_of_the_base_and_a_clusters_last_for_one_server(
    tmp_path: Path,
) -> None:
    own = """\
import os
from .base import *
def required(name): ...
URL = os.environ.get("REDIS_CLUSTER_URL") or required("REDIS_URL")
PREFIX = os.environ.get("BODA_STAGE", "live")
PASSWORD = os.environ["MAIL_PASSWORD"]
"""
    base = 'import os\nSECRET_KEY = os.environ["SECRET_KEY"]\nOLD = os.environ.get("CACHE_LOCATION", "")\n'
    production = found(
        made(
            tmp_path,
            **{
                "safeboda.settings.__init__": "from .base import *\n",
                "safeboda.settings.base": base,
                "safeboda.settings.production": own,
            },
        )
    )
    assert production.addresses == ("REDIS_CLUSTER_URL", "REDIS_URL", "CACHE_LOCATION")
    assert production.single == ("REDIS_URL", "REDIS_CLUSTER_URL", "CACHE_LOCATION")
    assert production.has_environment_variable
    given = production.variables("REDIS_URL", SERVER)
    assert (given["REDIS_URL"], given["REDIS_CLUSTER_URL"], given["BODA_STAGE"]) == (URL, None, "production")
    assert given["SECRET_KEY"]
    assert given["MAIL_PASSWORD"]


def test_host_and_port_apart(tmp_path: Path) -> None:
    text = 'import os\nH = os.environ["REDIS_HOST"], os.environ["REDIS_PORT"], os.getenv("REDIS_PASSWORD")\n'
    production = found(made(tmp_path, **{"safeboda.settings": "", "safeboda.production": text}))
    assert production.addresses == ("REDIS_HOST",)
    given = production.variables("REDIS_HOST", Server("127.0.0.1", 7000, "1", "boda", "secret"))
    assert given == {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "7000", "REDIS_PASSWORD": "secret"}


@pytest.mark.parametrize(
    ("init", "stands_for"),
    [
        ('"""Ours."""\n\nfrom .base import *  # noqa\n', "base.py"),
        ("from safeboda.settings.base import *\n", "base.py"),
        ("from .base import *\nDEBUG = True\n", "__init__.py"),
        ("from .base import DEBUG\n", "__init__.py"),
        ("from .gone import *\n", "__init__.py"),
        ("", "__init__.py"),
    ],
)
def test_a_package_that_only_imports_its_base_is_its_base(tmp_path: Path, init: str, stands_for: str) -> None:
    made(tmp_path, **{"safeboda.settings.__init__": init, "safeboda.settings.base": "DEBUG = False\n"})
    assert settings_file(tmp_path, "safeboda.settings") == Path("safeboda/settings", stands_for)
