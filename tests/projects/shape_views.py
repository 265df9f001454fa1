"""Views and addresses of users in other styles than the handout's."""

from __future__ import annotations

FUNCTIONS = '''\
"""The API of the users, as functions."""

from django.shortcuts import get_object_or_404
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.response import Response

from .models import User
from .serializers import UserSerializer


@api_view(["GET", "POST"])
def user_list(request):
    if request.method == "GET":
        return Response(UserSerializer(User.objects.all(), many=True).data)
    serializer = UserSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    serializer.save()
    return Response(serializer.data, status=status.HTTP_201_CREATED)


@api_view(["GET", "DELETE"])
def user_detail(request, pk):
    user = get_object_or_404(User, pk=pk)
    if request.method == "DELETE":
        user.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
    return Response(UserSerializer(user).data)
'''

FUNCTION_URLS = """\
from django.urls import path

from . import views

urlpatterns = [
    path("users/", views.user_list),
    path("users/<int:pk>/", views.user_detail),
]
"""

GENERIC = '''\
"""The API of the users, as generic views."""

from rest_framework import generics

from .models import User
from .serializers import UserSerializer


class UserList(generics.ListCreateAPIView):
    queryset = User.objects.all()
    serializer_class = UserSerializer


class UserDetail(generics.RetrieveUpdateDestroyAPIView):
    queryset = User.objects.all()
    serializer_class = UserSerializer
'''

GENERIC_URLS = """\
from django.urls import path

from .views import UserDetail, UserList

urlpatterns = [
    path("users/", UserList.as_view()),
    path("users/<int:pk>/", UserDetail.as_view()),
]
"""

OWN_LIST = """
    def list(self, request):
        users = self.get_queryset().order_by("-created_at")
        return Response(self.get_serializer(users, many=True).data)
"""

TRIPS = {
    "trips/__init__.py": "",
    "trips/apps.py": """\
from django.apps import AppConfig


class TripsConfig(AppConfig):
    name = "trips"
""",
    "trips/views.py": """\
from rest_framework import viewsets
from rest_framework.response import Response


class TripViewSet(viewsets.ViewSet):
    def list(self, request):
        return Response([])
""",
}
"""Files of a second app."""
