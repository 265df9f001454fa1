import functools
import time
import logging

logger = logging.getLogger(__name__)


def cache_performance(cache_name):
    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            start_time = _____  # Which clock?
            result = func(*args, **kwargs)
            end_time = _____

            logger.info(_____)  # The name of the cache, and the seconds
            return result
        return wrapper
    return decorator
