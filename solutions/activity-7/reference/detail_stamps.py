import uuid
from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache


def detail_stamps(pks: Iterable[int]) -> dict[int, str]:
    """The stamps of the answers about these users, made now where there is none: two round trips.

    To be asked for before the rows are read. An answer stored under them counts as missing if the user
    was changed after that.
    """
    keys = {pk: _stamp_key(detail(pk)) for pk in pks}
    found = cache.get_many(keys.values())
    fresh = {key: uuid.uuid4().hex for key in keys.values() if key not in found}
    # Another reader may have made one in between: then that reader's answer counts as missing.
    cache.set_many(fresh, timeout=settings.CACHE_TTL)
    stamps = fresh | found
    return {pk: stamps[key] for pk, key in keys.items()}
