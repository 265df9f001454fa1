from django.core.cache import cache
from django.conf import settings
from rest_framework.response import Response


class UserViewSet:
    def retrieve(self, request, *args, **kwargs):
        # The steps of list(), for one user
        cache_key = f"user_{_____}"  # Which user? The URL says it
        cached_data = cache.get(cache_key)

        if cached_data is not None:
            return Response(cached_data)

        response = super().retrieve(request, *args, **kwargs)
        cache.set(cache_key, response.data, timeout=settings.CACHE_TTL)

        return response
