"""Finds the view with statistics of the cache, and reads its numbers in any format."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.experiments.timings import read
from grader.result import SourceLocation
from grader.sandbox import errors
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.api import Api, describe_response
from grader.sandbox.exploring.login import log_in
from grader.sandbox.exploring.route_discovery import discover_routes
from grader.sandbox.observing.http import Response
from grader.spec import CheckFailed
from grader.static_analysis.python_source import function_named

Numbers = dict[str, float]

FIVE = 5
MOST_ROUTES = 50
MOST_NUMBERS = 500
_DEEP = 6
_WORDS = ("stat", "cache", "metric", "monitor", "health", "status", "redis")
_REFUSED = frozenset({301, 302, 401, 403, 404})
_KEYS_IN_SHELL = """
from django.core.cache import cache
for name in {names!r}:
    cache.{deed}
"""


@dataclass(frozen=True, slots=True)
class View:
    """The statistics view. `api` sends requests of a client with access; `public` needs no login."""

    path: str
    api: Api
    public: bool
    where: SourceLocation | None

    def get(self) -> Response:
        """GET the view. Fails the check if the status is 400 or more."""
        response = self.api.get(self.path)
        if response.status >= 400:
            raise CheckFailed(
                describe_response("GET", self.path, response),
                "server_error",
                errors.source_location(response.error) or self.where,
            )
        return response


def find_statistics_view(environment: CheckEnvironment, options: Mapping[str, str]) -> View:
    """Return the view in workshop.toml, or the one whose path or numbers are about the cache.

    Fails the check if there is none.
    """
    anybody = Api(environment.worker, environment.timeline, {})
    superuser = Api(environment.worker, environment.timeline, log_in(environment.worker))
    if named := options.get("statistics_url"):
        view = _view(named, anybody, superuser, None)
        response = view.api.get(named)
        if response.status >= 400:
            raise CheckFailed(
                describe_response("GET", named, response),
                "named_wrong",
                errors.source_location(response.error),
            )
        return view
    found: list[View] = []
    broken: CheckFailed | None = None
    for route in _routes(environment):
        path = str(route["path"])
        about = _about_cache(path, route)
        view = _view(path, anybody, superuser, errors.source_location(route))
        response = view.api.get(path)
        if response.status >= 500 and about and broken is None:
            broken = CheckFailed(
                describe_response("GET", path, response),
                "server_error",
                errors.source_location(response.error) or view.where,
            )
        if response.status == 200 and (about or numbers(response)):
            found.append(view)
    likely = [view for view in found if _about_cache(view.path, {"view": ""})] or found
    if len(likely) == 1 and likely[0] and _about_cache(likely[0].path, {"view": ""}):
        return likely[0]
    if follows := _that_follow(environment, found):
        return follows[0]
    if likely and _about_cache(likely[0].path, {"view": ""}):
        return likely[0]
    raise broken or _not_found(environment)


def numbers(response: Response) -> Numbers:
    """Return every number in a response by its place; the length of a list counts as a number."""
    if response.json is None:
        text = response.body.decode(errors="replace")
        return {
            f"{line.shape} {index}": number.value
            for line in map(read, text.splitlines()[:MOST_NUMBERS])
            for index, number in enumerate(line.numbers)
        }
    found: Numbers = {}
    for path, value in _walk(response.json, "", _DEEP):
        if len(found) < MOST_NUMBERS:
            found[path] = value
    return found


def make_keys(environment: CheckEnvironment, count: int = FIVE, beginning: str = "workshop") -> list[str]:
    """Store `count` keys by the project's own cache, as in a shell; return their names."""
    names = [f"{beginning}-{secrets.token_hex(4)}" for _ in range(count)]
    code = _KEYS_IN_SHELL.format(names=names, deed="set(name, 'Muraho', 600)")
    environment.run(code, says=f"cache.set() for {count} keys")
    return names


def delete_keys(environment: CheckEnvironment, names: Sequence[str]) -> None:
    """Delete the keys `names` by the project's own cache."""
    code = _KEYS_IN_SHELL.format(names=list(names), deed="delete(name)")
    environment.run(code, says=f"cache.delete() for {len(names)} of them")


def rose(before: Numbers, after: Numbers, by: float) -> list[str]:
    """Return the places where a number has risen by exactly `by`."""
    return [path for path in after if path in before and after[path] - before[path] == by]


def _routes(environment: CheckEnvironment) -> list[Mapping[str, Any]]:
    lists = discover_routes(environment.project).list
    plain = [route for route in environment.project.report()["routes"] if not route["names"]]
    others = [route for route in plain if route["path"] != lists]
    return sorted(others, key=lambda route: not _about_cache(str(route["path"]), route))[:MOST_ROUTES]


def _about_cache(path: str, route: Mapping[str, Any]) -> bool:
    words = f"{path} {route.get('view', '')}".lower()
    return any(word in words for word in _WORDS)


def _view(path: str, anybody: Api, superuser: Api, where: SourceLocation | None) -> View:
    response = anybody.get(path)
    public = response.status not in _REFUSED
    return View(path, anybody if public else superuser, public, where)


def _that_follow(environment: CheckEnvironment, found: Sequence[View]) -> list[View]:
    before = [numbers(view.get()) for view in found]
    names = make_keys(environment)
    following = [
        view for view, old in zip(found, before, strict=True) if rose(old, numbers(view.get()), FIVE)
    ]
    delete_keys(environment, names)
    return following


def _not_found(environment: CheckEnvironment) -> CheckFailed:
    where = function_named(environment.submission.root, re.compile(r"stat|metric|cache_(info|keys|view)"))
    if where:
        return CheckFailed(f"{where.file} has such a view, and no URL leads to it", "not_routed", where)
    return CheckFailed("no URL of the project tells how many keys the cache has", "no_view")


def _walk(value: Any, path: str, deep: int) -> Iterator[tuple[str, float]]:
    if isinstance(value, bool) or deep == 0:
        return
    text = value if isinstance(value, str) else ""
    if isinstance(value, (int, float)) or re.fullmatch(r"\d{1,15}(\.\d+)?", text):
        yield path, float(value)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _walk(part, f"{path}.{name}".lstrip("."), deep - 1)
    elif isinstance(value, list):
        yield f"length of {path or 'the list'}", float(len(value))
        for index, part in enumerate(value[:20]):
            yield from _walk(part, f"{path}[{index}]", deep - 1)


def asked_by_anybody(environment: CheckEnvironment, view: View) -> View:
    """Return the same view for a client without a login."""
    return replace(view, api=Api(environment.worker, environment.timeline, {}, "a stranger"))
