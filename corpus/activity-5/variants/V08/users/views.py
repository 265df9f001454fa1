from rest_framework import viewsets

from .cached import cached
from .models import User
from .serializers import UserSerializer


def one_user(pk):
    return f"users:detail:{int(pk)}" if pk.isdecimal() else None


class UserViewSet(viewsets.ModelViewSet):
    queryset = User.objects.all()
    serializer_class = UserSerializer

    @cached(lambda: "users:list")
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    @cached(one_user)
    def retrieve(self, request, *args, **kwargs):
        return super().retrieve(request, *args, **kwargs)
