from django.core.cache import cache
from django.conf import settings


class UserViewSet:
    def perform_update(self, serializer):
        super().perform_update(serializer)

        # Write-through: immediately update cache
        user_data = self.get_serializer(serializer.instance).data
        cache_key = f"user_{serializer.instance.id}"
        cache.set(cache_key, user_data, timeout=settings.CACHE_TTL)
