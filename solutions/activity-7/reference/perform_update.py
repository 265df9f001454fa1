from functools import partial

from django.db import transaction

from . import user_cache


class UserViewSet:
    def perform_update(self, serializer):
        with transaction.atomic():
            super().perform_update(serializer)
            pk = serializer.instance.pk
            # The receivers do this, too. Said here, the method is right by itself.
            user_cache.forget_users([pk])
            # After the commit, and after what was there has been forgotten.
            transaction.on_commit(partial(self.store_anew, pk), robust=True)
