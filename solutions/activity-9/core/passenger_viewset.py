from django.core.cache import cache
from django.conf import settings
from rest_framework import viewsets
from rest_framework.response import Response

from .models import Passenger
from .serializers import PassengerSerializer


class PassengerViewSet(viewsets.ModelViewSet):
    """List, read, create, update and delete passengers."""

    queryset = Passenger.objects.all()
    serializer_class = PassengerSerializer

    def list(self, request, *args, **kwargs):
        # The steps of UserViewSet.list(), under a key of its own
        cache_key = 'passenger_list'
        cached_data = cache.get(cache_key)

        if cached_data is not None:
            return Response(cached_data)

        response = super().list(request, *args, **kwargs)
        cache.set(cache_key, response.data, timeout=settings.CACHE_TTL)

        return response

    def retrieve(self, request, *args, **kwargs):
        passenger_id = kwargs['pk']  # Which passenger is asked for?
        cache_key = f'passenger_{passenger_id}'
        cached_data = cache.get(cache_key)

        if cached_data is not None:
            return Response(cached_data)

        response = super().retrieve(request, *args, **kwargs)
        cache.set(cache_key, response.data, timeout=settings.CACHE_TTL)

        return response
