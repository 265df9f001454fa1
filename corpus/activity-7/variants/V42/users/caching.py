import hashlib

from django.core.cache import cache


def _generation(tag):
    return cache.get_or_set(f"generation:{tag}", 1, None)


def _name(key, tags):
    words = [f"{tag}={_generation(tag)}" for tag in sorted(tags)]
    return f"{key}:" + hashlib.sha256(",".join(words).encode()).hexdigest()[:16]


def cache_with_tags(key, data, tags, timeout=300):
    cache.set(f"{key}:tags", sorted(tags), timeout)
    cache.set(_name(key, tags), data, timeout)


def read_with_tags(key):
    tags = cache.get(f"{key}:tags")
    return None if tags is None else cache.get(_name(key, tags))


def invalidate_by_tag(tag):
    _generation(tag)
    cache.incr(f"generation:{tag}")
