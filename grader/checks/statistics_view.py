"""Finds the view that tells of the cache, and reads its numbers: whatever its address, names and format."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.checks.timings import read
from grader.result import Where
from grader.source import function_named
from grader.spec import CheckFailed
from grader.stand import trouble
from grader.stand.api import Api, answered
from grader.stand.http import Answer
from grader.stand.login import log_in
from grader.stand.search import routes_of
from grader.stand.stand import Stand

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
    """The statistics view. `api` is whoever may see it; `public` tells that this is anybody."""

    path: str
    api: Api
    public: bool
    where: Where | None

    def get(self) -> Answer:
        """What it says now. Fails the check if that is an error."""
        answer = self.api.get(self.path)
        if answer.status >= 400:
            raise CheckFailed(
                answered("GET", self.path, answer), "server_error", trouble.where(answer.error) or self.where
            )
        return answer


def find_view(stand: Stand, options: Mapping[str, str]) -> View:
    """The view: as workshop.toml names it, or a URL whose words or numbers are about the cache.

    Fails the check if no URL is.
    """
    anybody = Api(stand.child, stand.timeline, {})
    superuser = Api(stand.child, stand.timeline, log_in(stand.child))
    if named := options.get("statistics_url"):
        view = _view(named, anybody, superuser, None)
        answer = view.api.get(named)
        if answer.status >= 400:
            raise CheckFailed(answered("GET", named, answer), "named_wrong", trouble.where(answer.error))
        return view
    found: list[View] = []
    broken: CheckFailed | None = None
    for route in _routes(stand):
        path = str(route["path"])
        about = _about_cache(path, route)
        view = _view(path, anybody, superuser, trouble.where(route))
        answer = view.api.get(path)
        if answer.status >= 500 and about and broken is None:
            broken = CheckFailed(
                answered("GET", path, answer), "server_error", trouble.where(answer.error) or view.where
            )
        if answer.status == 200 and (about or numbers(answer)):
            found.append(view)
    likely = [view for view in found if _about_cache(view.path, {"view": ""})] or found
    if len(likely) == 1 and likely[0] and _about_cache(likely[0].path, {"view": ""}):
        return likely[0]
    if follows := _that_follow(stand, found):
        return follows[0]
    if likely and _about_cache(likely[0].path, {"view": ""}):
        return likely[0]
    raise broken or _not_found(stand)


def numbers(answer: Answer) -> Numbers:
    """Every number in an answer, by where it stands; how long a list is counts as one."""
    if answer.json is None:
        text = answer.body.decode(errors="replace")
        return {
            f"{line.shape} {index}": number.value
            for line in map(read, text.splitlines()[:MOST_NUMBERS])
            for index, number in enumerate(line.numbers)
        }
    found: Numbers = {}
    for path, value in _walk(answer.json, "", _DEEP):
        if len(found) < MOST_NUMBERS:
            found[path] = value
    return found


def make_keys(stand: Stand, count: int = FIVE, beginning: str = "workshop") -> list[str]:
    """Let the project's own cache make `count` keys, as in a shell; their names."""
    names = [f"{beginning}-{secrets.token_hex(4)}" for _ in range(count)]
    code = _KEYS_IN_SHELL.format(names=names, deed="set(name, 'Muraho', 600)")
    stand.run(code, says=f"cache.set() for {count} keys")
    return names


def delete_keys(stand: Stand, names: Sequence[str]) -> None:
    """Let the project's own cache delete `names`."""
    code = _KEYS_IN_SHELL.format(names=list(names), deed="delete(name)")
    stand.run(code, says=f"cache.delete() for {len(names)} of them")


def rose(before: Numbers, after: Numbers, by: float) -> list[str]:
    """Where a number went up by exactly this."""
    return [path for path in after if path in before and after[path] - before[path] == by]


def _routes(stand: Stand) -> list[Mapping[str, Any]]:
    lists = routes_of(stand.host).list
    plain = [route for route in stand.host.description()["routes"] if not route["names"]]
    others = [route for route in plain if route["path"] != lists]
    return sorted(others, key=lambda route: not _about_cache(str(route["path"]), route))[:MOST_ROUTES]


def _about_cache(path: str, route: Mapping[str, Any]) -> bool:
    words = f"{path} {route.get('view', '')}".lower()
    return any(word in words for word in _WORDS)


def _view(path: str, anybody: Api, superuser: Api, where: Where | None) -> View:
    answer = anybody.get(path)
    public = answer.status not in _REFUSED
    return View(path, anybody if public else superuser, public, where)


def _that_follow(stand: Stand, found: Sequence[View]) -> list[View]:
    before = [numbers(view.get()) for view in found]
    names = make_keys(stand)
    following = [
        view for view, old in zip(found, before, strict=True) if rose(old, numbers(view.get()), FIVE)
    ]
    delete_keys(stand, names)
    return following


def _not_found(stand: Stand) -> CheckFailed:
    where = function_named(stand.host.submission.root, re.compile(r"stat|metric|cache_(info|keys|view)"))
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


def asked_by_anybody(stand: Stand, view: View) -> View:
    """The same view, for somebody who has not logged in."""
    return replace(view, api=Api(stand.child, stand.timeline, {}, "a stranger"))
