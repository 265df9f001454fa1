"""As in "handout", but a deleted user is cleared from the list only."""

from django.conf import settings
from django.core.cache import cache
from rest_framework import viewsets
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


def get_cache_key(prefix, identifier=None):
    if identifier:
        return f"{prefix}_{identifier}"
    return prefix


class UserViewSet(viewsets.ModelViewSet):
    queryset = User.objects.all()
    serializer_class = UserSerializer

    def list(self, request, *args, **kwargs):
        return self._cached(get_cache_key("user_list"), super().list, request, *args, **kwargs)

    def retrieve(self, request, *args, **kwargs):
        return self._cached(get_cache_key("user", kwargs["pk"]), super().retrieve, request, *args, **kwargs)

    def _cached(self, key, answer, request, *args, **kwargs):
        data = cache.get(key)
        if data is not None:
            return Response(data)
        response = answer(request, *args, **kwargs)
        cache.set(key, response.data, timeout=settings.CACHE_TTL)
        return response

    def perform_create(self, serializer):
        cache.delete("user_list")
        super().perform_create(serializer)

    def perform_update(self, serializer):
        cache.delete("user_list")
        cache.delete(f"user_{serializer.instance.id}")
        super().perform_update(serializer)

    def perform_destroy(self, instance):
        super().perform_destroy(instance)
        cache.delete("user_list")
