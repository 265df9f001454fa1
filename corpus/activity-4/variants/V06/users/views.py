
from django.conf import settings
from django.core.cache import caches
from django.shortcuts import get_object_or_404
from rest_framework.decorators import api_view
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


@api_view(["GET"])
def user_list(request):
    return Response(caches["default"].get_or_set("user_list", _rows, settings.CACHE_TTL))


def _rows():
    return UserSerializer(User.objects.all(), many=True).data


@api_view(["GET"])
def user_detail(request, pk):
    return Response(UserSerializer(get_object_or_404(User, pk=pk)).data)
