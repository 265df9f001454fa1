from django.db import transaction


class UserViewSet:
    def perform_create(self, serializer):
        # In one transaction with whatever its signals do. What is cached is forgotten after the
        # commit, in cache_signals.py, as it is for the admin pages and the shell.
        with transaction.atomic():
            super().perform_create(serializer)
