import os
from .base import *
SECURE_SSL_REDIRECT = True
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": os.environ["BODA_REDIS_URL"],
        "KEY_PREFIX": os.environ.get("BODA_PREFIX", "boda"),
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.4, "SOCKET_TIMEOUT": 0.4},
    }
}
DEBUG = False
