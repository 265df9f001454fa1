import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def careful(method):
    def call(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except RedisError as error:
            logger.warning("The cache does not answer: %s", error)
            return None

    return call


class CarefulCache(RedisCache):
    get = careful(RedisCache.get)
    set = careful(RedisCache.set)
    delete_many = careful(RedisCache.delete_many)
