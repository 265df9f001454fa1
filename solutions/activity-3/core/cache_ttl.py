# Add cache timeout setting
CACHE_TTL = 300  # Five minutes: how old may a user's name be?
