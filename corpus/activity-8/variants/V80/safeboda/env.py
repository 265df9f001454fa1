"""Reads the environment with a type, as django-environ does."""
import os


class Env:
    def __call__(self, name, default=None):
        value = os.environ.get(name, default)
        if value is None:
            raise LookupError(f"Set {name}")
        return value

    def bool(self, name, default=False):
        return os.environ.get(name, str(default)).lower() in ("1", "true", "yes")

    def cache_url(self, name):
        return {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": self(name),
            "KEY_PREFIX": self("BODA_STAGE", "live"),
            "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.4, "SOCKET_TIMEOUT": 0.4},
        }
