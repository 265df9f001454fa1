# Add cache timeout setting
CACHE_TTL = ___  # How many seconds?
