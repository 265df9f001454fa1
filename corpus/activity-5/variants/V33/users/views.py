import uuid

from django.conf import settings
from django.core.cache import cache
from rest_framework import pagination, viewsets
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


def version():
    return cache.get("users:version") or cache.get_or_set("users:version", uuid.uuid4().hex, 86400)


class Pages(pagination.PageNumberPagination):
    page_size = 10


class UserViewSet(viewsets.ModelViewSet):
    queryset = User.objects.all()
    serializer_class = UserSerializer
    pagination_class = Pages

    def list(self, request, *args, **kwargs):
        key = f"users:{version()}:{request.get_host()}:{request.get_full_path()}"
        data = cache.get(key)
        if data is not None:
            return Response(data)
        response = super().list(request, *args, **kwargs)
        cache.set(key, response.data, timeout=settings.CACHE_TTL)
        return response

    def retrieve(self, request, *args, **kwargs):
        pk = kwargs["pk"]
        if not pk.isdecimal():
            return super().retrieve(request, *args, **kwargs)
        key = f"users:detail:{int(pk)}"
        user = cache.get(key)
        if user is not None:
            return Response(user)
        response = super().retrieve(request, *args, **kwargs)
        cache.set(key, response.data, timeout=settings.CACHE_TTL)
        return response
