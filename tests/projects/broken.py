"""Projects that stop, hang, flood or miss something, and one sentence that each must get."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.sandbox.hosting.launch import Limits
from tests.projects.build import STARTER, Variant
from tests.projects.handout import HONEST, LIST, instead, with_list

_FLOOD = "for _ in range(100):\n    print('x' * 1_000_000)\n"


@dataclass(frozen=True, slots=True)
class Broken:
    """`says` stands in the verdicts of `fails`; what needs those is blocked, and all else passes.

    `where` is the file that the verdict names, and `environment` tells that the machine is at fault.
    """

    variant: Variant
    says: str
    fails: tuple[str, ...] = ("B3",)
    limits: Limits | None = None
    where: str = ""
    environment: bool = False


def in_settings(text: str) -> Variant:
    """The honest project with `text` at the end of its settings."""
    return replace(HONEST, settings=HONEST.settings + text)


def _models(old: str, new: str) -> Variant:
    text = (STARTER / "users/models.py").read_text()
    assert old in text
    return replace(HONEST, files={"users/models.py": text.replace(old, new)})


BROKEN: dict[str, Broken] = {
    "a loop in the settings": Broken(
        in_settings("while True:\n    pass\n"),
        "no answer within 2 s while it was loading",
        limits=Limits(load=2),
    ),
    "a thread, and a loop when it is loaded a second time": Broken(
        in_settings(
            "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
            'again = (BASE_DIR / "once").exists()\nwhile again:\n    pass\n(BASE_DIR / "once").touch()\n'
        ),
        "no answer within 6 s while it was loading",
        limits=Limits(load=6),
    ),
    "a loop in a view": Broken(
        with_list("while True:\n    pass"),
        "no answer within 2 s while answering GET /api/users/",
        limits=Limits(response=2),
    ),
    "a loop on a hit": Broken(
        instead("return Response(cached_data)", "while True:\n        pass"),
        "no answer within 2 s while answering GET /api/users/",
        ("L1", "L2"),
        limits=Limits(response=2),
    ),
    "sys.exit in the settings": Broken(
        in_settings("import sys\nsys.exit(0)\n"),
        "the project ended itself while it was loading (exit status 0)",
        where="safeboda/settings.py",
    ),
    "a variable that only a shell has": Broken(
        in_settings('TOKEN = os.environ["MAPS_TOKEN"]\n'),
        "the project does not start: KeyError: 'MAPS_TOKEN'",
        where="safeboda/settings.py",
    ),
    "os._exit in the settings": Broken(
        in_settings("print('no Redis today')\nos._exit(0)\n"),
        "the project's process ended while it was loading; the last thing it said: no Redis today",
    ),
    "os._exit in a view": Broken(
        with_list("import os\nos._exit(0)"), "the project's process ended while answering GET /api/users/"
    ),
    "a flood at import": Broken(in_settings(_FLOOD), "more than 10 MB were printed while it was loading"),
    "a flood in a view": Broken(
        with_list(_FLOOD + LIST), "more than 10 MB were printed while answering GET /api/users/"
    ),
    "a flood on a hit": Broken(
        instead("return Response(cached_data)", "print('x' * 100_000_000)"),
        "more than 10 MB were printed while answering GET /api/users/",
        ("L1", "L2"),
    ),
    "a missing package": Broken(
        in_settings("import boda_payments\n"),
        "needs the package 'boda_payments'",
        environment=True,
        where="safeboda/settings.py",
    ),
    "a syntax error": Broken(
        in_settings("CACHES = {\n"), "SyntaxError: '{' was never closed", where="safeboda/settings.py"
    ),
    "a column without a migration": Broken(
        _models("is_active =", 'nickname = models.CharField(default="", max_length=9)\n    is_active ='),
        "no column named nickname",
    ),
    "a redis.py of its own": Broken(
        replace(HONEST, files={"redis.py": "HOST = 'localhost'\n"}),
        "No module named 'redis.exceptions'",
        where="users/views.py",
    ),
}

RUNS: dict[str, Variant] = {
    "a pool of threads at import": with_list(
        "_pool.submit(int).result()\n" + LIST.strip("\n"),
        top="from concurrent.futures import ThreadPoolExecutor\n\n"
        "_pool = ThreadPoolExecutor(1)\n_pool.submit(int).result()",
    ),
    "a log in its own folder": in_settings(
        'LOGGING = {"version": 1, "disable_existing_loggers": False,\n'
        '"handlers": {"file": {"class": "logging.FileHandler", "filename": BASE_DIR / "boda.log"}},\n'
        '"root": {"handlers": ["file"], "level": "DEBUG"}}\n'
    ),
    "a secret key from the environment alone": in_settings('SECRET_KEY = os.environ["SECRET_KEY"]\n'),
    "no .env": replace(HONEST, files={".env": None}),
}
