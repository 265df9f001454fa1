from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max
from rest_framework import viewsets
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


class UserViewSet(viewsets.ModelViewSet):
    queryset = User.objects.all()
    serializer_class = UserSerializer

    def list(self, request, *args, **kwargs):
        # One small statement for each hit; nothing has to be deleted, ever.
        state = User.objects.aggregate(count=Count("pk"), last=Max("pk"), changed=Max("updated_at"))
        key = f"users:{state['count']}:{state['last']}:{state['changed']:%s.%f}" if state["count"] else "users:0"
        data = cache.get(key)
        if data is None:
            data = super().list(request, *args, **kwargs).data
            cache.set(key, data, timeout=settings.CACHE_TTL)
        return Response(data)
