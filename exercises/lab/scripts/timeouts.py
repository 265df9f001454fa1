"""Which keys does django-redis store for which timeouts? Prints nothing: the keys themselves are looked at."""

cache.set("a", 1)
cache.set("b", 1, timeout=None)
cache.set("c", 1, timeout=0)
cache.set("d", 1, timeout=-1)
