"""Cached answers about passengers, and how they are forgotten.

They show the user as well. So each is stored under the version of the users: whoever changes any user, in
whatever way, leaves all of them behind, and they expire.
"""

from collections.abc import Callable, Iterable
from typing import Any

from . import user_cache

LIST = "passengers:list"
"""The group of all list answers."""


def detail(pk: int) -> str:
    """The group of the answers about one passenger."""
    return f"passengers:detail:{pk}"


def answer(key: str, group: str, build: Callable[[], Any]) -> Any:
    """The answer stored under `key`, or what `build` returns, which is stored for CACHE_TTL seconds."""
    users = user_cache.version()
    if users is None:
        return build()
    return user_cache.answer(f"{key}:{users}", group, build)


def forget_passengers(pks: Iterable[int]) -> None:
    """Forget what shows these passengers, lists included, after the commit; never if it is rolled back."""
    user_cache.forget([LIST, *map(detail, pks)])
