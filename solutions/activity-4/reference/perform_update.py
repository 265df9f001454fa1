from . import user_cache


class UserViewSet:
    def perform_update(self, serializer):
        # Without this the detail cached above would be old after a PATCH. Activity 5 does it for
        # every other door, too.
        super().perform_update(serializer)
        user_cache.forget_users([serializer.instance.pk])
