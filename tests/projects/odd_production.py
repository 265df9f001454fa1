"""Production settings that are laid out in an odd way, and right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.projects.build import Variant
from tests.projects.control import Control
from tests.projects.faults_production import package
from tests.projects.handout import HONEST

CORE = ("R1", "R2", "R4")
ALL = (*CORE, "R3", "R5", "R6", "R9")

_CAREFUL = """\
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": %s,
        "KEY_PREFIX": %s,
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.4, "SOCKET_TIMEOUT": 0.4},
    }
}
DEBUG = False
"""
_FROM_URL = _CAREFUL % ('os.environ["BODA_REDIS_URL"]', 'os.environ.get("BODA_PREFIX", "boda")')

_LIKE_ENVIRON = '''\
"""Reads the environment with a type, as django-environ does."""
import os


class Env:
    def __call__(self, name, default=None):
        value = os.environ.get(name, default)
        if value is None:
            raise LookupError(f"Set {name}")
        return value

    def bool(self, name, default=False):
        return os.environ.get(name, str(default)).lower() in ("1", "true", "yes")

    def cache_url(self, name):
        return {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": self(name),
            "KEY_PREFIX": self("BODA_STAGE", "live"),
            "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.4, "SOCKET_TIMEOUT": 0.4},
        }
'''

_ENTRY = """\
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "%s")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
"""


def _beside(file: str, text: str, **more: str) -> Variant:
    """The honest project with a file of production settings beside its own."""
    return replace(HONEST, files={file: text, **{f"{name}.py": each for name, each in more.items()}})


ODD_PRODUCTION: Mapping[str, Control] = {
    "base, dev, prod": Control(
        replace(
            base := package("", init="", dev="from .base import *\nDEBUG = True\n"),
            files={
                **{name: text for name, text in base.files.items() if not name.endswith("production.py")},
                "safeboda/settings/prod.py": f"import os\n\nfrom .base import *\n\n{_FROM_URL}",
                "manage.py": _ENTRY % "safeboda.settings.dev",
            },
        ),
        (),
        {},
        ALL,
    ),
    "a file beside settings.py": Control(
        _beside("safeboda/production.py", f"import os\nfrom safeboda.settings import *\n{_FROM_URL}"),
        (),
        {},
        ALL,
    ),
    "settings_production": Control(
        _beside("safeboda/settings_production.py", f"import os\nfrom .settings import *\n{_FROM_URL}"),
        (),
        {},
        ALL,
    ),
    "a small library for the environment": Control(
        _beside(
            "safeboda/production.py",
            "from .settings import *\nfrom .env import Env\nenv = Env()\n"
            'CACHES = {"default": env.cache_url("REDIS_URL")}\nDEBUG = env.bool("DJANGO_DEBUG")\n',
            **{"safeboda/env": _LIKE_ENVIRON},
        ),
        (),
        {},
        ALL,
    ),
    "one file that reads the environment": Control(
        replace(
            HONEST,
            settings=HONEST.settings
            + 'if os.environ.get("DJANGO_ENV") in ("production", "staging"):\n'
            + '    PREFIX = os.environ["DJANGO_ENV"]\n'
            + "".join(
                f"    {line}\n" for line in (_CAREFUL % ('os.environ["REDIS_URL"]', "PREFIX")).splitlines()
            ),
        ),
        (),
        {},
        ALL,
    ),
    "one file, named in workshop.toml": Control(
        replace(
            HONEST,
            settings=HONEST.settings
            + "if os.environ.get('ON_SERVER'):\n"
            + "".join(
                f"    {line}\n"
                for line in (
                    _CAREFUL % ('os.environ["CACHE_SERVER"]', 'os.environ["CACHE_PREFIX"]')
                ).splitlines()
            ),
        ),
        (),
        {},
        ALL,
        options={
            id: {
                "production_settings": "safeboda.settings",
                "production_variables.ON_SERVER": "yes",
                "production_variables.CACHE_SERVER": "redis://cache.example.com:6379/3",
            }
            for id in ("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9")
        },
    ),
    "host and port apart": Control(
        _beside(
            "safeboda/production.py",
            "import os\nfrom .settings import *\n"
            + _CAREFUL
            % (
                "f\"redis://{os.environ['REDIS_HOST']}:{os.environ.get('REDIS_PORT', '6379')}/2\"",
                '"boda-live"',
            ),
        ),
        (),
        {},
        ALL,
    ),
    "django's own backend": Control(
        _beside(
            "safeboda/production.py",
            "import os\nfrom .settings import *\n"
            'CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache",\n'
            '    "LOCATION": os.environ["REDIS_URL"], "KEY_PREFIX": "boda-live",\n'
            '    "OPTIONS": {"socket_timeout": 0.4, "socket_connect_timeout": 0.4}}}\nDEBUG = False\n',
        ),
        (),
        {},
        ALL,
    ),
    "everything to https": Control(
        package(f"import os\nfrom .base import *\nSECURE_SSL_REDIRECT = True\n{_FROM_URL}"), (), {}, ALL
    ),
    "a database server": Control(
        package(
            f"import os\nfrom .base import *\n{_FROM_URL}"
            'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "boda",\n'
            '    "PASSWORD": os.environ["DB_PASSWORD"]}}\n'
        ),
        (),
        {},
        ALL,
    ),
}
