import functools
import logging
import time

logger = logging.getLogger(__name__)


def timed(name):
    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            start = time.perf_counter()
            try:
                return func(*args, **kwargs)
            finally:
                logger.info("%s: %.4fs", name, time.perf_counter() - start)

        return wrapper

    return decorator
