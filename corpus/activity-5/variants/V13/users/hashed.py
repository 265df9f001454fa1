import json
import logging

from django.conf import settings
from django_redis import get_redis_connection
from redis.exceptions import RedisError

NAME = "users:rows"
logger = logging.getLogger(__name__)


def careful(function):
    def call(*args):
        try:
            return function(get_redis_connection("default"), *args)
        except (RedisError, OSError) as error:
            logger.warning("The cache does not answer: %s", error)
            return None

    return call


@careful
def read(redis):
    found = redis.hgetall(NAME)
    if not found:
        return None
    return [json.loads(found[field]) for field in sorted(found) if field != b"+"]


@careful
def write(redis, rows):
    pipe = redis.pipeline()
    pipe.delete(NAME)
    # A hash without fields is not there: one that is no user tells that the list was kept, though empty.
    pipe.hset(NAME, "+", "kept")
    for place, row in enumerate(rows):
        pipe.hset(NAME, f"{place:06}", json.dumps(row))
    pipe.expire(NAME, settings.CACHE_TTL)
    pipe.execute()


@careful
def forget(redis):
    redis.delete(NAME)
