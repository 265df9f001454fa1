"""Cached answers about users, and how they are forgotten.

An answer is stored together with the *stamp* of its group: a random word that has a key of its own.
Forgetting a group deletes its stamp. The next reader makes a new one, and whatever carries the old stamp
counts as missing. This holds even for a reader who read the database before a change, was slow, and
stores its answer after it: the answer carries the stamp that was there before the reader looked.
"""

import logging
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

logger = logging.getLogger(__name__)

LIST = "users:list"
"""The group of all list answers."""

_owed: set[str] = set()
"""Stamps that could not be deleted because the server did not answer. Known to this process only:
other processes are at most CACHE_TTL seconds behind."""


def detail(pk: int) -> str:
    """The group of the answers about one user."""
    return f"users:detail:{pk}"


def answer(key: str, group: str, build: Callable[[], Any]) -> Any:
    """The answer stored under `key`, or what `build` returns, which is stored for CACHE_TTL seconds."""
    stamp = _stamp(group)
    if stamp is None:
        return build()
    stored = cache.get(key)
    if stored is not None and stored[0] == stamp:
        return stored[1]
    data = build()
    cache.set(key, [stamp, data], timeout=settings.CACHE_TTL)
    return data


def shows(fields: Iterable[str]) -> bool:
    """Whether a change of these fields of a user can be seen in an answer."""
    from .serializers import UserSerializer  # not above: the models import this module

    return not set(UserSerializer.Meta.fields).isdisjoint(fields)


def forget_users(pks: Iterable[int]) -> None:
    """Forget what shows these users, lists included, after the commit; never if it is rolled back."""
    stamps = [_stamp_key(group) for group in (LIST, *map(detail, pks))]
    # Robust: an error here must not make a write look undone that was done.
    transaction.on_commit(partial(_delete_stamps, stamps), robust=True)


def _stamp_key(group: str) -> str:
    return f"stamp:{group}"


def _stamp(group: str) -> str | None:
    """The stamp of the group, made now if it has none. None while the server does not answer."""
    if _owed and not _delete_stamps(list(_owed)):
        return None
    key, fresh = _stamp_key(group), uuid.uuid4().hex
    stamp: str | None = cache.get(key)
    if stamp is not None:
        return stamp
    # Only one of several readers can add it, and the others take that one's. None: no server.
    added = cache.add(key, fresh, timeout=settings.CACHE_TTL)
    if added is None:
        return None
    return fresh if added else cache.get(key)


def _delete_stamps(keys: list[str]) -> bool:
    """Delete them, or remember that it is owed. django-redis says None where it ignored an error."""
    if cache.delete_many(keys) is None:
        logger.warning("The cache did not answer: %d stamps are deleted later", len(keys))
        _owed.update(keys)
        return False
    _owed.difference_update(keys)
    return True
