from django.core.cache import cache


class UserViewSet:
    def perform_create(self, serializer):
        # Clear relevant caches
        cache.delete('user_list')
        super().perform_create(serializer)
