import os

CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/1"),
        # Several projects may share one server: each has a prefix of its own.
        "KEY_PREFIX": "safeboda",
        # Whatever is stored without a timeout of its own lives this long, in seconds.
        "TIMEOUT": 300,
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.DefaultClient",
            # Text, not pickle: reading a pickle that somebody else wrote would run their code.
            "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
            # The cache makes us faster; it must not make us fail. A server that is away is a miss,
            # and one that hangs is a miss after half a second.
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 0.5,
            "SOCKET_TIMEOUT": 0.5,
        },
    }
}
