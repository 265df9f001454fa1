import json
import logging

import redis
from django.conf import settings

client = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=0.2)
logger = logging.getLogger(__name__)


class Store:
    def get(self, key):
        try:
            found = client.get(key)
        except redis.RedisError:
            logger.warning("no Redis")
            return None
        return None if found is None else json.loads(found)

    def set(self, key, value, timeout):
        try:
            client.set(key, json.dumps(value), ex=timeout)
        except redis.RedisError:
            logger.warning("no Redis")

    def delete_many(self, keys):
        try:
            client.delete(*keys)
        except redis.RedisError:
            logger.warning("no Redis")


cache = Store()
