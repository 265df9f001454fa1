from django.core.cache import cache
from django.http import JsonResponse
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from .cache_performance import counted


def cache_stats(request):
    if not request.user.is_staff:
        return JsonResponse({"detail": "not for you"}, status=403)
    try:
        size = get_redis_connection("default").dbsize()
    except RedisError:
        return JsonResponse({"redis": "down", "keys": None})
    return JsonResponse({"redis": "up", "keys": size, **counted()})
