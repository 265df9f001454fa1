from django.core.cache import cache


class UserViewSet:
    def perform_create(self, serializer):
        # The handout's order: first forget, then write. Who may read in between? (Challenge I10)
        # Clear relevant caches
        cache.delete('_____')  # What key?
        super().perform_create(serializer)
