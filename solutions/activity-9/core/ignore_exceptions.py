# A cache that is down is a miss, not an error.
DJANGO_REDIS_IGNORE_EXCEPTIONS = True
