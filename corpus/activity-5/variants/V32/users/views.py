from django.conf import settings
from django.core.cache import cache
from django.shortcuts import get_object_or_404
from rest_framework.decorators import api_view
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


@api_view(["GET", "POST"])
def users(request):
    if request.method == "POST":
        return save(UserSerializer(data=request.data), 201)
    return Response(
        cache.get_or_set(
            "users:list", lambda: UserSerializer(User.objects.all(), many=True).data, settings.CACHE_TTL
        )
    )


@api_view(["GET", "PUT", "PATCH", "DELETE"])
def user(request, number):
    if request.method == "GET":
        return Response(
            cache.get_or_set(
                f"users:detail:{number}",
                lambda: UserSerializer(get_object_or_404(User, pk=number)).data,
                settings.CACHE_TTL,
            )
        )
    found = get_object_or_404(User, pk=number)
    if request.method == "DELETE":
        found.delete()
        return Response(status=204)
    return save(UserSerializer(found, data=request.data, partial=request.method == "PATCH"), 200)


def save(serializer, status):
    serializer.is_valid(raise_exception=True)
    serializer.save()
    return Response(serializer.data, status=status)
