from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache


def store_many(answers: Mapping[str, tuple[str, Any]]) -> None:
    """Store answers by key, each with the stamp that was read before its rows: one round trip."""
    stamped = {key: [stamp, data] for key, (stamp, data) in answers.items()}
    cache.set_many(stamped, timeout=settings.CACHE_TTL)
