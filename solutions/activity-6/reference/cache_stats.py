"""What an operator may ask about the cache. No values, and not for everybody: names tell something too."""

from itertools import islice

from django.core.cache import cache
from django_redis import get_redis_connection
from redis.exceptions import RedisError
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAdminUser
from rest_framework.response import Response

from .cache_performance import counted

LISTED = 100
"""Names shown at most."""
COUNTED = 100_000
"""Keys counted at most; `complete` says whether there were more."""
A_STEP = 500
"""Keys that Redis looks at between two commands of others. KEYS would look at all of them at once."""


@api_view(["GET"])
@permission_classes([IsAdminUser])
def cache_stats(request):
    try:
        # Asked first, for the settings ignore a cache that is away: an outage would look like no keys.
        get_redis_connection("default").ping()
        # The pattern gets our KEY_PREFIX and version: keys of other applications do not match.
        keys = list(islice(cache.iter_keys("*", itersize=A_STEP), COUNTED + 1))
    except RedisError:
        return Response({"available": False}, status=503)
    return Response(
        {
            "available": True,
            "cache_keys": sorted(keys)[:LISTED],
            "total_keys": min(len(keys), COUNTED),
            "complete": len(keys) <= COUNTED,
            **counted(),
        }
    )
