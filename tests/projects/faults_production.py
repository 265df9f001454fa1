"""Faults of production settings: what Activity 8 is about."""

from __future__ import annotations

from dataclasses import replace

from tests.projects.build import STARTER, Variant
from tests.projects.control import VIEWS, Change, Control
from tests.projects.handout import HONEST
from tests.trees import Kind

PRODUCTION = "safeboda/settings/production.py"
BASE = "safeboda/settings/base.py"
INIT = "safeboda/settings/__init__.py"

SNIPPET = """\
if os.environ.get('REDIS_CLUSTER_URL'):
    CACHES = {
        'default': {
            'BACKEND': 'django_redis.cache.RedisCache',
            'LOCATION': os.environ.get('REDIS_CLUSTER_URL'),
            'OPTIONS': {
                'CONNECTION_POOL_KWARGS': {
                    'max_connections': 20,
                    'retry_on_timeout': True,
                },
            }
        }
    }
"""
"""The handout's own."""

_OF_ITS_OWN = (STARTER / "safeboda/settings.py").read_text() + HONEST.settings
_NAMED_PREFIX = 'f"safeboda-{ENVIRONMENT}"'
_FACTORY = (
    '    CACHES["default"]["OPTIONS"]["CONNECTION_FACTORY"] = '
    '"safeboda.redis_cluster.ClusterConnectionFactory"\n'
)
_DEBUG = "DEBUG = False\n"


def with_files(**files: str) -> Variant:
    """The honest project with further files in safeboda/settings, which need not be a package."""
    return replace(HONEST, files={f"safeboda/settings/{name}.py": text for name, text in files.items()})


def package(production: str, init: str = "from .base import *\n", **files: str) -> Variant:
    """The honest project with its settings in a package: base, production, and whatever more."""
    base = _OF_ITS_OWN.replace(".parent.parent", ".parent.parent.parent")
    moved = with_files(base=base, __init__=init, production=production, **files)
    return replace(moved, settings="", files={**moved.files, "safeboda/settings.py": None})


def _reference(*changes: Change, fails: dict[str, str], passes: tuple[str, ...]) -> Control:
    return Control(Kind.REFERENCE, changes, fails, passes, upto=8)


def _below(text: str) -> Change:
    """Further lines of the production settings, above those of the cache."""
    return Change(PRODUCTION, _DEBUG, f"{_DEBUG}{text}\n")


FAULTS_PRODUCTION: dict[str, Control] = {
    "no settings for production": Control(Kind.LETTER, (), {"R1": "not_found"}, ("B3", "F1")),
    "one file that may be meant for all machines": Control(
        Kind.CORE, (), {"R1": "one_file"}, ("B3", "F1"), upto=7
    ),
    "a file and a folder of one name": Control(
        with_files(production=f"import os\nfrom .base import *\n{SNIPPET}"),
        (),
        {"R1": "not_a_package"},
        ("B3", "F1", "L2"),
    ),
    "an empty __init__ empties the project": Control(
        with_files(__init__="", production=f"import os\nfrom ..settings import *\n{SNIPPET}"),
        (),
        {"R1": "emptied"},
        ("B2",),
    ),
    "the snippet without import os": Control(package(SNIPPET), (), {"R1": "not_imported"}, ("B3", "F1")),
    "a base that is not there": Control(
        package(f"import os\nfrom .bases import *\n{SNIPPET}"), (), {"R1": "no_such_base"}, ("B3", "F1")
    ),
    "the old door is shut": Control(
        package(f"import os\nfrom .base import *\n{SNIPPET}", init="raise RuntimeError('moved')\n"),
        (),
        {"R1": "old_entry"},
        ("B2",),
    ),
    "a variable that nobody knows of": _reference(
        _below('LICENCE = required("BODA_LICENCE")'), fails={"R1": "variable_missing"}, passes=("B3", "F1")
    ),
    "the snippet without a base": Control(
        package(f"import os\n{SNIPPET}"), (), {"R2": "no_base"}, ("R1", "B3", "F1")
    ),
    "other apps": _reference(
        _below('INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]'),
        fails={"R2": "not_inherited"},
        passes=("R1", "B3"),
    ),
    "other URLs": _reference(
        _below('ROOT_URLCONF = "safeboda.wsgi"\nurlpatterns = []'),
        fails={"R2": "not_inherited"},
        passes=("R1", "B3"),
    ),
    "a database of its own, in the wrong folder": _reference(
        _below(
            'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", '
            '"NAME": BASE_DIR / "safeboda" / "db.sqlite3"}}'
        ),
        fails={"R2": "other_database"},
        passes=("R1", "R3", "R4"),
    ),
    "BASE_DIR one folder off": _reference(
        Change(BASE, ".parent.parent.parent", ".parent.parent"),
        fails={"R2": "other_database"},
        passes=("R1", "R3", "R4"),
    ),
    "an address that is written in": Control(
        package(
            "import os\nfrom .base import *\n"
            + SNIPPET.replace("'LOCATION': os.environ.get('REDIS_CLUSTER_URL')", "'LOCATION': 'redis://r/1'")
        ),
        (),
        {"R4": "written_in"},
        ("R1", "R2"),
    ),
    "a variable for nothing": Control(
        package(
            "import os\nfrom .base import *\n"
            + SNIPPET.replace(
                "django_redis.cache.RedisCache", "django.core.cache.backends.locmem.LocMemCache"
            )
        ),
        (),
        {"R4": "nobody_asked"},
        ("R1", "R2"),
    ),
    "no variable at all": Control(
        package("from .base import *\nDEBUG = False\n"), (), {"R4": "not_asked"}, ("R1", "R2", "R9")
    ),
    "without the variable, process memory": _reference(
        Change(
            PRODUCTION,
            'CACHES["default"]["LOCATION"] = required("REDIS_URL")',
            'CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}\n'
            'if os.environ.get("REDIS_URL"):\n'
            '    CACHES["default"]["BACKEND"] = "django_redis.cache.RedisCache"\n'
            '    CACHES["default"]["LOCATION"] = os.environ["REDIS_URL"]\n',
        ),
        fails={"R3": "process_memory"},
        passes=("R1", "R2", "R4", "R9"),
    ),
    "three seconds for a reader": _reference(
        Change(PRODUCTION, '"SOCKET_TIMEOUT": 0.5', '"SOCKET_TIMEOUT": 3'),
        fails={"R5": "no_timeout"},
        passes=("R1", "R2", "R4", "R6"),
    ),
    "three seconds for a caller": _reference(
        Change(PRODUCTION, '"SOCKET_CONNECT_TIMEOUT": 0.5', '"SOCKET_CONNECT_TIMEOUT": 3'),
        fails={"R5": "no_timeout"},
        passes=("R1", "R2", "R4", "R6"),
    ),
    "one prefix for staging and production": _reference(
        Change(PRODUCTION, _NAMED_PREFIX, '"safeboda"'),
        fails={"R6": "shared"},
        passes=("R1", "R4", "R7"),
    ),
    "no prefix": _reference(
        Change(PRODUCTION, _NAMED_PREFIX, '""'),
        fails={"R6": "shared", "R7": "no_prefix"},
        passes=("R1", "R3", "R4", "R9"),
    ),
    "a client of its own that adds no prefix": _reference(
        Change(
            VIEWS,
            "        # The query string belongs to the key",
            "        from django_redis import get_redis_connection\n"
            '        get_redis_connection("default").incr("visitors")\n'
            "        # The query string belongs to the key",
        ),
        fails={"R7": "refused"},
        passes=("R1", "R3", "R4", "R5", "R6", "L1", "L2"),
    ),
    "a cluster and a client for one server": _reference(
        Change(PRODUCTION, _FACTORY, ""), fails={"R8": "moved"}, passes=("R3", "R4", "R6", "R9")
    ),
    "a database number for a cluster": _reference(
        Change(PRODUCTION, 'os.environ["REDIS_CLUSTER_URL"]', 'os.environ["REDIS_CLUSTER_URL"] + "/1"'),
        fails={"R8": "silent"},
        passes=("R3", "R4", "R6", "R9"),
    ),
    "DEBUG in production": _reference(
        Change(PRODUCTION, _DEBUG, "DEBUG = True\n"), fails={"R9": "debug"}, passes=("R1", "R2", "R3", "R4")
    ),
    "a password in the code": _reference(
        _below('MAIL_PASSWORD = "uburyohe"'), fails={"R9": "password"}, passes=("R1", "R2", "R3", "R4")
    ),
    "a password in an address": _reference(
        Change(BASE, "redis://127.0.0.1:6379/1", "redis://boda:uburyohe@127.0.0.1:6379/1"),
        fails={"R9": "password"},
        passes=("R1", "R2", "R3", "R4"),
    ),
}
