"""How long cached views take, and how often they find what they look for."""

import functools
import logging
import time

from django.core.cache import cache

logger = logging.getLogger(__name__)

HITS, MISSES = "users:hits", "users:misses"


def cache_performance(cache_name):
    """Log the seconds of each call under `cache_name`, those of a failing call as well.

    What is timed is the view. REST framework makes the JSON after it has returned.
    """

    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            start_time = time.perf_counter()  # a clock that nobody sets back
            try:
                return func(*args, **kwargs)
            finally:
                logger.info("%s: %.4fs", cache_name, time.perf_counter() - start_time)

        return wrapper

    return decorator


def count(hit):
    """Count a hit or a miss, in Redis: there all processes count together, and nobody else does.

    Counters have no expiry. They hold a number and nobody's data.
    """
    cache.incr(HITS if hit else MISSES, ignore_key_check=True)


def counted():
    """How many hits and misses there were, and which share the hits have; None before the first."""
    found = cache.get_many([HITS, MISSES])
    hits, misses = found.get(HITS, 0), found.get(MISSES, 0)
    ratio = hits / (hits + misses) if hits or misses else None
    return {"hits": hits, "misses": misses, "hit_ratio": ratio}
