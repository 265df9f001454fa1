"""What experiments run on: a private Redis, Django's cache on it, and a small project of our own.

Nothing of the learner's is used: neither the code nor the server. What is started ends with the
laboratory.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.errors import MachineError
from grader.servers.client import Client
from grader.servers.private import PrivateServer
from workshop.course.load import content_root

if TYPE_CHECKING:
    from grader.sandbox.check_environment import CheckEnvironment
    from grader.sandbox.exploring.api import Api
    from grader.sandbox.hosting.sandbox import Sandbox

SECONDS = 20.0
"""A script that takes longer than this is ended."""

_PREPARE = """
import json, os, sys
from django.conf import settings
settings.configure(CACHES={"default": json.loads(os.environ["WORKSHOP_CACHE"])})
from django.core.cache import cache
exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"))
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """The small project, hosted: requests to it, and the environment that they go to."""

    environment: CheckEnvironment
    api: Api


class Laboratory:
    """A context manager. Each thing is made when an experiment first asks for it.

    In the folder `snapshots` migrated databases are kept for the next time.
    """

    def __init__(self, snapshots: Path | None = None) -> None:
        self._snapshots = snapshots
        self._things = ExitStack()
        self._server: PrivateServer | None = None
        self._sandboxes: dict[str, Sandbox] = {}

    @property
    def server(self) -> PrivateServer:
        """The private server, emptied."""
        if self._server is None:
            self._server = self._things.enter_context(PrivateServer())
        with self._server.client() as client:
            client.call("FLUSHALL")
        return self._server

    def django(self, script: str, **more: object) -> tuple[Client, str]:
        """Run one of our scripts with Django's `cache` on the emptied server, in its database 1.

        Returns a connection to the server and what was printed. `more` goes into CACHES.
        """
        server = self.server
        said = self.script(script, {"LOCATION": f"unix://{server.address.path}?db=1", **more})
        return self._things.enter_context(server.client(SECONDS)), said

    def script(self, name: str, cache: Mapping[str, object], **environment: str) -> str:
        """Run one of our scripts with Django's `cache` at the LOCATION in `cache`; what it printed."""
        file = content_root() / "exercises" / "lab" / "scripts" / f"{name}.py"
        settings = {"BACKEND": "django_redis.cache.RedisCache", "TIMEOUT": 300, **cache}
        return _python(file, {"WORKSHOP_CACHE": json.dumps(settings), **environment})

    @contextmanager
    def project(self, kind: str = "handout") -> Iterator[Trial]:
        """The small project of that kind with three users, on a server and a database of its own."""
        from grader.sandbox.check_environment import CheckEnvironment
        from grader.sandbox.exploring.api import Api
        from grader.sandbox.hosting.sandbox import Sandbox
        from grader.submission import find

        if kind not in self._sandboxes:
            folder = Path(self._things.enter_context(tempfile.TemporaryDirectory(prefix="workshop-lab-")))
            submission = find(built(kind, folder / "safeboda"), Path(sys.executable))
            sandbox = Sandbox(submission, jail=False, snapshots=self._snapshots)
            self._sandboxes[kind] = self._things.enter_context(sandbox)
        with CheckEnvironment(self._sandboxes[kind].project) as environment:
            yield Trial(environment, Api(environment.worker, environment.timeline, {}))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._things.close()


def built(kind: str, folder: Path) -> Path:
    """The starter with the views and settings of a `kind` of experiment, in `folder`."""
    leavings = shutil.ignore_patterns("__pycache__", "db.sqlite3*", ".workshop", ".venv")
    shutil.copytree(content_root() / "safeboda", folder, ignore=leavings)
    lab = content_root() / "exercises" / "lab"

    def of(name: str) -> str:
        own = lab / kind / name
        return (own if own.is_file() else lab / "handout" / name).read_text(encoding="utf-8")

    (folder / "users" / "views.py").write_text(of("views.py"), encoding="utf-8")
    with (folder / "safeboda" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write(of("settings.py"))
    return folder


def _python(file: Path, environment: Mapping[str, str]) -> str:
    try:
        ran = subprocess.run(
            [sys.executable, "-c", _PREPARE, str(file)],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise MachineError(
            f"The experiment could not be run: {error}.", "Go on with the next question, and try it later."
        ) from error
    return ran.stdout.strip()
