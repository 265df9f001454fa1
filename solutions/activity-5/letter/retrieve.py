from django.core.cache import cache
from django.conf import settings
from rest_framework.response import Response


class UserViewSet:
    def retrieve(self, request, *args, **kwargs):
        # Step 1: Create cache key
        cache_key = get_cache_key('user', kwargs['pk'])

        # Step 2: Try to get from cache
        cached_data = cache.get(cache_key)

        if cached_data is not None:
            return Response(cached_data)

        # Step 3: Get fresh data
        response = super().retrieve(request, *args, **kwargs)

        # Step 4: Store in cache
        cache.set(cache_key, response.data, timeout=settings.CACHE_TTL)

        return response
