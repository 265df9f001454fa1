from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from rest_framework.test import APIRequestFactory

from users.models import User
from users.views import UserViewSet


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=10_000)

    def handle(self, *args, limit, **options):
        request = APIRequestFactory().get("/")
        UserViewSet.as_view({"get": "list"})(request)
        for pk in User.objects.values_list("pk", flat=True)[:limit]:
            UserViewSet.as_view({"get": "retrieve"})(request, pk=str(pk))
        if cache.get("users:list") is None:
            raise CommandError("Nothing is in the cache.")
