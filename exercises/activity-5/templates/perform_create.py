from django.core.cache import cache


class UserViewSet:
    def perform_create(self, serializer):
        # The handout's order: first forget, then write. Who may read in between? (I10, I11)
        # Clear relevant caches
        cache.delete('_____')  # What key?
        super().perform_create(serializer)
