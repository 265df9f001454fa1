import json

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from .models import User
from .serializers import UserSerializer


def read(pk=None):
    if pk is None:
        return UserSerializer(User.objects.all(), many=True).data
    user = User.objects.filter(pk=pk).first()
    return None if user is None else UserSerializer(user).data


def write(method, body, pk=None):
    user = None if pk is None else User.objects.filter(pk=pk).first()
    if pk is not None and user is None:
        return JsonResponse({}, status=404)
    if method == "DELETE":
        user.delete()
        return JsonResponse({}, status=204)
    serializer = UserSerializer(user, data=json.loads(body or "{}"), partial=method == "PATCH")
    if not serializer.is_valid():
        return JsonResponse(serializer.errors, status=400)
    serializer.save()
    return JsonResponse(serializer.data, status=201 if method == "POST" else 200)


async def kept(key, pk=None):
    data = await cache.aget(key)
    if data is None:
        data = await sync_to_async(read)(pk)
        if data is None:
            raise Http404
        await cache.aset(key, data, timeout=settings.CACHE_TTL)
    return JsonResponse(data, safe=False)


@csrf_exempt
async def users(request):
    if request.method == "GET":
        return await kept("users:list")
    return await sync_to_async(write)(request.method, request.body)


@csrf_exempt
async def user(request, pk):
    if request.method == "GET":
        return await kept(f"users:detail:{pk}", pk)
    return await sync_to_async(write)(request.method, request.body, pk)
