from .settings import *
from .env import Env
env = Env()
CACHES = {"default": env.cache_url("REDIS_URL")}
DEBUG = env.bool("DJANGO_DEBUG")
