from django.conf import settings
from django.core.cache import cache
from django.shortcuts import get_object_or_404
from rest_framework.decorators import api_view
from rest_framework.response import Response

from .models import Passenger
from .passenger_serializers import PassengerSerializer


def _all():
    return PassengerSerializer(Passenger.objects.select_related("user"), many=True).data


@api_view(["GET", "POST"])
def passengers(request):
    if request.method == "GET":
        return Response(cache.get_or_set("passengers:list", _all, settings.CACHE_TTL))
    serializer = PassengerSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    serializer.save()
    return Response(serializer.data, status=201)


@api_view(["GET", "PUT", "PATCH", "DELETE"])
def passenger(request, number):
    one = lambda: get_object_or_404(Passenger.objects.select_related("user"), pk=number)
    if request.method == "GET":
        key = f"passengers:detail:{number}"
        data = cache.get(key)
        if data is None:
            data = PassengerSerializer(one()).data
            cache.set(key, data, settings.CACHE_TTL)
        return Response(data)
    if request.method == "DELETE":
        one().delete()
        return Response(status=204)
    serializer = PassengerSerializer(one(), data=request.data, partial=request.method == "PATCH")
    serializer.is_valid(raise_exception=True)
    serializer.save()
    return Response(serializer.data)
