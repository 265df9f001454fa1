from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from users.models import User
from users.serializers import UserSerializer


class Command(BaseCommand):
    def handle(self, *args, **options):
        rows = UserSerializer(User.objects.all(), many=True).data
        cache.set("users:list", rows, settings.CACHE_TTL)
        for start in range(0, len(rows), 500):
            some = {f"users:detail:{row['id']}": row for row in rows[start : start + 500]}
            cache.set_many(some, settings.CACHE_TTL)
        if cache.get("users:list") is None:
            raise CommandError("Nothing is in the cache.")
