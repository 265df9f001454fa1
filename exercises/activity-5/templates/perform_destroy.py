from django.core.cache import cache


class UserViewSet:
    def perform_destroy(self, instance):
        # Not in the handout: users are deleted, too
        # Clear both list and individual caches
        user_id = instance.id
        cache.delete('_____')  # List cache
        cache.delete(f'user_{user_id}')  # Individual cache
        super().perform_destroy(instance)
