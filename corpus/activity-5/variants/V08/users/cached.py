import functools

from django.conf import settings
from django.core.cache import cache
from rest_framework.response import Response


def cached(name_of):
    """Keep the data of a view's answer under the name that `name_of` makes of its arguments; None: do not."""

    def decorate(method):
        @functools.wraps(method)
        def wrapper(self, request, *args, **kwargs):
            name = name_of(**kwargs)
            if name is None:
                return method(self, request, *args, **kwargs)
            data = cache.get(name)
            if data is None:
                data = method(self, request, *args, **kwargs).data
                cache.set(name, data, settings.CACHE_TTL)
            return Response(data)

        return wrapper

    return decorate
