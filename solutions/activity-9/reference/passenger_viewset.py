import hashlib

from django.db import transaction
from rest_framework import viewsets
from rest_framework.response import Response

from . import passenger_cache
from .models import Passenger
from .serializers import PassengerSerializer


class PassengerViewSet(viewsets.ModelViewSet):
    """List, read, create, update and delete passengers."""

    # With the user of each, who is shown too: one query and not one for each passenger.
    queryset = Passenger.objects.select_related("user")
    serializer_class = PassengerSerializer

    def list(self, request, *args, **kwargs):
        query = sorted(request.query_params.lists())
        digest = hashlib.sha256(repr(query).encode()).hexdigest()[:16]
        fresh = super().list
        return Response(
            passenger_cache.answer(
                key=f"passengers:list:{digest}",
                group=passenger_cache.LIST,
                build=lambda: fresh(request, *args, **kwargs).data,
            )
        )

    def retrieve(self, request, *args, **kwargs):
        # One row, one key: "01" and "+1" are passenger 1 as well, and "list" is nobody.
        try:
            pk = int(kwargs["pk"])
        except ValueError:
            return super().retrieve(request, *args, **kwargs)
        fresh = super().retrieve
        return Response(
            passenger_cache.answer(
                key=f"passengers:detail:{pk}",
                group=passenger_cache.detail(pk),
                build=lambda: fresh(request, *args, **kwargs).data,
            )
        )

    # What is cached is forgotten after the commit, in cache_signals.py, as it is for the admin pages.

    def perform_create(self, serializer):
        with transaction.atomic():
            super().perform_create(serializer)

    def perform_update(self, serializer):
        with transaction.atomic():
            super().perform_update(serializer)

    def perform_destroy(self, instance):
        with transaction.atomic():
            super().perform_destroy(instance)
