# Add cache timeout setting
CACHE_TTL = 300
