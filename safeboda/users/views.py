"""The API of the users."""

from rest_framework import viewsets

from .models import User
from .serializers import UserSerializer


class UserViewSet(viewsets.ModelViewSet):
    """List, read, create, update and delete users."""

    queryset = User.objects.all()
    serializer_class = UserSerializer
