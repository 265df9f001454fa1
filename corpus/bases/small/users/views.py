from django.conf import settings
from django.core.cache import cache
from rest_framework import viewsets
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


class UserViewSet(viewsets.ModelViewSet):
    queryset = User.objects.all()
    serializer_class = UserSerializer

    def list(self, request, *args, **kwargs):
        key = "users:list"
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
