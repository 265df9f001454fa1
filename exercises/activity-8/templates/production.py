# settings/production.py
import os

from .____ import *  # Fill this: which module has the settings that production inherits?

DEBUG = ____  # Fill this: an error page with DEBUG shows your settings to everybody

if os.environ.get('REDIS_CLUSTER_URL'):
    CACHES = {
        'default': {
            'BACKEND': 'django_redis.cache.RedisCache',
            'LOCATION': os.environ.get('____'),  # Fill this: who says where Redis is?
            'OPTIONS': {
                'CONNECTION_POOL_KWARGS': {
                    'max_connections': ____,  # Fill this: at a time, for each process
                    'retry_on_timeout': True,
                },
            }
        }
    }
