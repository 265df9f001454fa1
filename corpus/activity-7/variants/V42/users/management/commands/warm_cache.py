from django.core.cache import cache
from django.core.management.base import BaseCommand
from django.test import Client

from users.models import User


class Command(BaseCommand):
    def handle(self, *args, **options):
        client = Client()
        client.get("/api/users/")
        for pk in User.objects.values_list("pk", flat=True):
            client.get(f"/api/users/{pk}/")
        if not cache.has_key("users:list"):
            self.stderr.write("the cache is not there")
            raise SystemExit(3)
