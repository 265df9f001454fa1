from django.core.cache import cache


class UserViewSet:
    def perform_update(self, serializer):
        # Clear both list and individual caches
        user_id = serializer.instance.id
        cache.delete('user_list')  # List cache
        cache.delete(f'user_{user_id}')  # Individual cache
        super().perform_update(serializer)
