# Without this Django shows warnings and errors only, and the lines of cache_performance would be lost.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"users": {"handlers": ["console"], "level": "INFO"}},
}
