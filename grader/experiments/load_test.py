"""Finds and runs the learner's load test, and records its requests on the side of the server."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.http import Response
from grader.sandbox.script import RunMode, run
from grader.spec import CheckFailed, fail
from grader.static_analysis.python_source import imports, scripts

MOST_REQUESTS = 2_000
"""Most requests of one run; the server answers further ones with status 429."""
USERS = 20

_CLIENTS = frozenset({"requests", "httpx", "urllib", "http", "aiohttp", "urllib3", "locust", "subprocess"})
_NAMES = ("test_cache_performance", "load_test", "loadtest", "load", "perf", "bench", "speed", "stress")
_TIMING = re.compile(
    r"(?<![\w.])(\d+\.\d+(?:e-?\d+)?|\d+(?=\s*(?:ns|[µμu]s|ms|s|sec\w*|milli\w*)\b))(?!\s*[x×%\d])"
)


@dataclass(frozen=True, slots=True)
class ServedRequest:
    """A request with a response. `cached` tells that the response is older than the row.

    `cached` is None if the response cannot show that: an error, a write, another URL.
    """

    method: str
    status: int
    seconds: float
    cached: bool | None


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """One run of the script: its exit status, output and requests, and whether pytest ran it.

    The exit status and the output come from untrusted code; never use them as evidence of caching.
    """

    status: int
    output: str
    asked: tuple[ServedRequest, ...]
    by_pytest: bool = False

    @property
    def good(self) -> list[ServedRequest]:
        """The requests with a status below 400."""
        return [each for each in self.asked if each.status < 400]

    @property
    def well(self) -> bool:
        """Whether the script reports success. A test that pytest skipped reports nothing."""
        return self.status == 0 and not (self.by_pytest and " passed" not in self.output)

    @property
    def timings(self) -> list[str]:
        """The numbers in the output that can be durations."""
        return [match[1] for match in _TIMING.finditer(self.output)]

    @property
    def last_words(self) -> str:
        """The last line of the output, for sentences."""
        lines = self.output.strip().splitlines()
        return lines[-1][:200] if lines else "(it printed nothing)"


@dataclass
class LoadTest:
    """The learner's script and the project that it requests. Users have the primary keys 1 to 20."""

    environment: CheckEnvironment
    users: Collection
    database: Database
    script: Path
    _asked: list[ServedRequest] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def play(
        self,
        how: RunMode = RunMode.RUN,
        instead: Response | None = None,
        up: bool = True,
        slow: Callable[[bool | None], float] | None = None,
    ) -> ScriptRun:
        """Run the script against the project.

        `instead` replaces every response of the project. Without `up` no server listens. `slow` maps `cached`
        to the delay of a response in seconds. Raises NoResponse if the script does not end in time.
        """
        self._asked = []
        self._texts = [self.database.users.get(self.users.table.rows[0])]
        name = self.script.as_posix()
        command = {
            RunMode.RUN: f"python {name}",
            RunMode.IMPORT: f"import of {name}",
            RunMode.TEST: f"pytest {name}",
        }
        self.environment.timeline.note(f"{command[how]} begins" + ("" if up else "; no server is running"))

        def handle(method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Response:
            with self._lock:
                return self._answer(method, path, body, headers, instead, slow)

        ended = run(self.environment, self.script, how, handle if up else None)
        self.environment.timeline.note(f"{command[how]} ended: exit status {ended.status}")
        return ScriptRun(ended.status, ended.output, tuple(self._asked), how is RunMode.TEST)

    def _answer(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        instead: Response | None,
        slow: Callable[[bool | None], float] | None,
    ) -> Response:
        if len(self._asked) >= MOST_REQUESTS:
            return Response(429, {}, b"")
        if method == "GET":
            self._texts.append(self.database.users.change(self.users.table.rows[0]))
        began = time.monotonic()
        api = self.users.api.called("load test")
        response = instead or api.request(method, path, body, headers=self._sent(headers))
        if instead:
            self.environment.timeline.request(method, path, began, instead, "load test")
        cached = self._cached(response) if method == "GET" else None
        if slow and (late := slow(cached)):
            threading.Event().wait(late)
        self._asked.append(ServedRequest(method, response.status, time.monotonic() - began, cached))
        return response

    def _cached(self, response: Response) -> bool | None:
        """Whether a response shows an old text of the row, which the judge has just changed."""
        *old, new = self._texts
        if response.status >= 400:
            return None
        if response.shows(new):
            return False
        return True if any(response.shows(text) for text in old) else None

    def _sent(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers for the project: none for compression, and the judge's login if one is required."""
        ours = {"accept-encoding"} | ({"authorization", "cookie"} if self.users.routes.login else set())
        return {name: text for name, text in headers.items() if name.lower() not in ours}


def find_load_test(
    environment: CheckEnvironment, users: Collection, database: Database, options: Mapping[str, str]
) -> LoadTest:
    """The learner's script, beside a server with some users. Fails the check if there is none."""
    database.users.start_anew(USERS)
    return LoadTest(environment, users, database, find_script(environment, options))


def find_script(environment: CheckEnvironment, options: Mapping[str, str]) -> Path:
    """Return the path of the load test: the one in workshop.toml, or the likeliest with an HTTP client.

    Fails the check if there is none.
    """
    root = environment.submission.root
    if named := options.get("load_test"):
        if not (environment.project.sandbox.paths.copy / named).is_file():
            fail(f"workshop.toml names {named}, and there is no such file", "no_script")
        return Path(named)
    found = sorted(_candidates(root), key=lambda path: (_rank(path), len(path.parts), path))
    if not found:
        fail("no script of the project asks a server anything", "no_script")
    return found[0]


def _candidates(root: Path) -> Iterator[Path]:
    for path in scripts(root):
        if imports(root / path) & _CLIENTS and _rank(path) < len(_NAMES):
            yield path


def _rank(path: Path) -> int:
    name = path.stem.lower()
    return next((paths for paths, word in enumerate(_NAMES) if word in name), len(_NAMES))


def missing_module(played: ScriptRun) -> str:
    """Return the module that the script could not import, if that ended the script, or an empty text."""
    match = re.search(r"ModuleNotFoundError: No module named '([\w.]+)'", played.last_words)
    return match[1].partition(".")[0] if match and played.status else ""


def end_of(played: ScriptRun) -> CheckFailed:
    """Return the failure of a check for a script that ended with an error."""
    return CheckFailed(f"the script ended with status {played.status}: {played.last_words}", "crashed")
