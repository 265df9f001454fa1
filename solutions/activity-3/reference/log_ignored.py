# An ignored failure leaves a line in the log, so that an outage is seen.
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
