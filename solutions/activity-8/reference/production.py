"""Production: the base, and what differs. Whatever belongs to one machine comes from its environment."""

import os

from django.core.exceptions import ImproperlyConfigured

from .base import *


def required(name):
    """The value of a variable. Without it the server does not start, and says which one is missing."""
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


DEBUG = False
SECRET_KEY = required("DJANGO_SECRET_KEY")

# Staging and production may share a server: not one key has the same name in both. A user of the server
# can be limited to keys that begin like this.
ENVIRONMENT = os.environ.get("SAFEBODA_ENV", "production")

CACHES = {
    "default": {
        **CACHES["default"],
        "KEY_PREFIX": f"safeboda-{ENVIRONMENT}",
        "OPTIONS": {
            **CACHES["default"]["OPTIONS"],
            # A request may need several commands, and each may wait: short, and asked once only.
            "SOCKET_CONNECT_TIMEOUT": 0.5,
            "SOCKET_TIMEOUT": 0.5,
            # For one process. A pool that is used up raises, and does not wait: more than there are threads.
            "CONNECTION_POOL_KWARGS": {"max_connections": 50},
        },
    }
}

if os.environ.get("REDIS_CLUSTER_URL"):
    CACHES["default"]["LOCATION"] = os.environ["REDIS_CLUSTER_URL"]
    CACHES["default"]["OPTIONS"]["CONNECTION_FACTORY"] = "safeboda.redis_cluster.ClusterConnectionFactory"
else:
    CACHES["default"]["LOCATION"] = required("REDIS_URL")
