from django.conf import settings
from django.core.cache import cache
from rest_framework import viewsets
from rest_framework.response import Response

from .models import Passenger
from .passenger_serializers import PassengerSerializer


class PassengerViewSet(viewsets.ModelViewSet):
    queryset = Passenger.objects.select_related("user")
    serializer_class = PassengerSerializer

    def list(self, request, *args, **kwargs):
        data = cache.get("passengers:list")
        if data is not None:
            return Response(data)
        response = super().list(request, *args, **kwargs)
        cache.set("passengers:list", response.data, timeout=settings.CACHE_TTL)
        return response

    def retrieve(self, request, *args, **kwargs):
        pk = kwargs["pk"]
        if not pk.isdecimal():
            return super().retrieve(request, *args, **kwargs)
        data = cache.get(f"passengers:detail:{int(pk)}")
        if data is not None:
            return Response(data)
        response = super().retrieve(request, *args, **kwargs)
        cache.set(f"passengers:detail:{int(pk)}", response.data, timeout=settings.CACHE_TTL)
        return response
