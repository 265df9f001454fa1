from django.core.cache import cache
from django.conf import settings
from rest_framework import viewsets
from rest_framework.response import Response

from .models import Passenger
from .serializers import PassengerSerializer


class PassengerViewSet(viewsets.ModelViewSet):
    queryset = Passenger.objects.all()
    serializer_class = PassengerSerializer

    def list(self, request, *args, **kwargs):
        # Step 1: Create cache key
        cache_key = get_cache_key('passenger_list')

        # Step 2: Try to get from cache
        cached_data = cache.get(cache_key)

        if cached_data is not None:
            return Response(cached_data)

        # Step 3: Get fresh data
        response = super().list(request, *args, **kwargs)

        # Step 4: Store in cache
        cache.set(cache_key, response.data, timeout=settings.CACHE_TTL)

        return response

    def retrieve(self, request, *args, **kwargs):
        cache_key = get_cache_key('passenger', kwargs['pk'])
        cached_data = cache.get(cache_key)

        if cached_data is not None:
            return Response(cached_data)

        response = super().retrieve(request, *args, **kwargs)
        cache.set(cache_key, response.data, timeout=settings.CACHE_TTL)

        return response

    def perform_create(self, serializer):
        # Clear relevant caches
        cache.delete('passenger_list')
        super().perform_create(serializer)

    def perform_update(self, serializer):
        super().perform_update(serializer)

        # Write-through: immediately update cache
        passenger_data = self.get_serializer(serializer.instance).data
        cache_key = f"passenger_{serializer.instance.id}"
        cache.set(cache_key, passenger_data, timeout=settings.CACHE_TTL)

    def perform_destroy(self, instance):
        # Clear both list and individual caches
        passenger_id = instance.id
        cache.delete('passenger_list')  # List cache
        cache.delete(f'passenger_{passenger_id}')  # Individual cache
        super().perform_destroy(instance)
