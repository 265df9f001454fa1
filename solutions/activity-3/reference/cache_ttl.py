# One number in one place: every timeout in the views comes from here.
CACHE_TTL = CACHES["default"]["TIMEOUT"]
