from django.core.cache import cache
from django_redis import get_redis_connection


class Tags:
    def __init__(self):
        self.redis = get_redis_connection("default")

    def key(self, tag):
        return f"boda:tag:{tag}"


def remember(key, data, tags, timeout=300):
    index = Tags()
    for tag in tags:
        index.redis.sadd(index.key(tag), key)
        if index.redis.ttl(index.key(tag)) < timeout:
            index.redis.expire(index.key(tag), timeout)
    cache.set(key, data, timeout)


def forget(tag):
    index = Tags()
    keys = [key.decode() for key in index.redis.smembers(index.key(tag))]
    cache.delete_many(keys)
    index.redis.srem(index.key(tag), *keys)
