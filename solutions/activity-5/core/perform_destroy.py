from django.core.cache import cache


class UserViewSet:
    def perform_destroy(self, instance):
        # Clear both list and individual caches
        user_id = instance.id
        cache.delete('user_list')  # List cache
        cache.delete(f'user_{user_id}')  # Individual cache
        super().perform_destroy(instance)
