import os
from .settings import *
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": os.environ["REDIS_URL"], "KEY_PREFIX": "boda-live",
    "OPTIONS": {"socket_timeout": 0.4, "socket_connect_timeout": 0.4}}}
DEBUG = False
