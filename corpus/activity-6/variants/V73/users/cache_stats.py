from django.core.cache import cache
from django.http import HttpResponse
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from .cache_performance import counted


def cache_stats(request):
    if request.headers.get("X-Real-Ip") or not request.user.is_superuser:
        return HttpResponse(status=404)
    try:
        get_redis_connection("default").ping()
        up, keys = 1, sum(1 for _ in cache.iter_keys("*", itersize=500))
    except RedisError:
        up, keys = 0, float("nan")
    numbers = counted()
    return HttpResponse(
        f"cache_up{{state=\"{'yes' if up else 'no'}\"}} {up}\n"
        f"cache_keys {keys}\n"
        f"cache_hits_total {numbers['hits']}\n"
        f"cache_misses_total {numbers['misses']}\n",
        content_type="text/plain; version=0.0.4",
    )
