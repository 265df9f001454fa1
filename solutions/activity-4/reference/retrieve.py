from rest_framework.response import Response

from . import user_cache


class UserViewSet:
    def retrieve(self, request, *args, **kwargs):
        # One row, one key: "01" and "+1" are user 1 as well, and "list" is nobody.
        try:
            pk = int(kwargs["pk"])
        except ValueError:
            return super().retrieve(request, *args, **kwargs)
        fresh = super().retrieve
        return Response(
            user_cache.answer(
                key=get_cache_key("detail", pk),
                group=user_cache.detail(pk),
                build=lambda: fresh(request, *args, **kwargs).data,
            )
        )
