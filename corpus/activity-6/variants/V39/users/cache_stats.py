"""Statistics from a register that the views keep: no look at all keys, and no names but our own."""

from django.core.cache import cache
from django_redis import get_redis_connection
from redis.exceptions import RedisError
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAdminUser
from rest_framework.response import Response

from .cache_performance import counted


def stamp_of(name):
    return "stamp:" + name.removeprefix("known:")


@api_view(["GET"])
@permission_classes([IsAdminUser])
def cache_stats(request):
    try:
        names = get_redis_connection("default").smembers(cache.make_key("register"))
    except RedisError as error:
        return Response({"error": type(error).__name__}, status=503)
    known = sorted(name.decode() for name in names)
    there = cache.get_many(known)
    live = [name for name in known if name in there and cache.get(stamp_of(name)) == there[name][0]]
    return Response({"names": live[:100], "count": len(live), **counted()})
