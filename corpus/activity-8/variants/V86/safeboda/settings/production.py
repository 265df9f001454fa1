import os
from .base import *
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": os.environ["BODA_REDIS_URL"],
        "KEY_PREFIX": os.environ.get("BODA_PREFIX", "boda"),
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.4, "SOCKET_TIMEOUT": 0.4},
    }
}
DEBUG = False
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "boda",
    "PASSWORD": os.environ["DB_PASSWORD"]}}
