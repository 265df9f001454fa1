from django.conf import settings
from django.core.cache import cache

FIELDS = ["id", "email", "first_name", "last_name", "phone_number", "user_type"]


class Cached:
    def rows(self, users):
        found = cache.get("users:list")
        if found is None:
            found = list(users.values(*FIELDS))
            cache.set("users:list", found, settings.CACHE_TTL)
        return found


cached = Cached()
