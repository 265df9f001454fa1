"""The project's own settings, with the server of the bench and the fast password hasher."""

import os

from safeboda.settings import *  # noqa: F403
from safeboda.settings import CACHES

CACHES["default"]["LOCATION"] = os.environ["BENCH_REDIS"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
