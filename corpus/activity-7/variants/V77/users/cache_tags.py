from django.core.cache import cache

DAY = 86400


def cache_with_tags(key, data, tags, timeout=300):
    for tag in tags:
        with cache.lock(f"lock:{tag}", timeout=30, sleep=0.005):
            known = cache.get(f"tag:{tag}", [])
            cache.set(f"tag:{tag}", sorted({*known, key}), DAY)
    cache.set(key, data, timeout)


def invalidate_by_tag(tag):
    with cache.lock(f"lock:{tag}", timeout=30, sleep=0.005):
        cache.delete_many(cache.get(f"tag:{tag}", []))
        cache.delete(f"tag:{tag}")
