"""Cached values that are forgotten together, by tag.

Of each tag Redis keeps a sorted set, the index: the keys that carry the tag, each with the time at which it
expires. Adding to it is one command of Redis, so that nothing is lost between reading and writing.
"""

import logging
import time

from django.core.cache import cache
from django_redis import get_redis_connection
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

LONGEST = 24 * 60 * 60
"""Seconds that any tagged value may live. An index outlives them all, and expires after them."""

SKEW = 60
"""Seconds by which the clocks of two servers may differ."""


def cache_with_tags(key, data, tags, timeout=300):
    """Store `data` under `key` for `timeout` seconds, to be forgotten with each of `tags`.

    It is registered first and stored then: a value that no tag knows of could not be forgotten. If it
    cannot be registered, it is not stored.
    """
    timeout = min(timeout, LONGEST)
    now = time.time()
    try:
        with get_redis_connection().pipeline() as pipe:
            for tag in tags:
                index = _index(tag)
                pipe.zremrangebyscore(index, "-inf", now - SKEW)  # these have expired by themselves
                pipe.zadd(index, {key: now + timeout})
                pipe.expire(index, LONGEST + SKEW)
            pipe.execute()
    except RedisError:
        logger.warning("The tags of %s could not be stored, so it is not cached", key, exc_info=True)
        return
    cache.set(key, data, timeout)


def invalidate_by_tag(tag):
    """Forget every value that carries `tag`.

    The index stays: somebody may have registered a key just now and store it in a moment. It is bounded,
    since expired keys leave it.
    """
    try:
        keys = [key.decode() for key in get_redis_connection().zrange(_index(tag), 0, -1)]
    except RedisError:
        logger.exception("What carries the tag %s could not be forgotten", tag)
        return
    cache.delete_many(keys)


def _index(tag):
    return cache.make_key(f"tag:{tag}")
