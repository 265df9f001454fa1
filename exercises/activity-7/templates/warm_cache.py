from django.conf import settings
from django.core.management.base import BaseCommand
from django.core.cache import cache
from users.models import User
from users.serializers import UserSerializer


class Command(BaseCommand):
    help = 'Warm up the cache with frequently accessed data'

    def handle(self, *args, **options):
        # Pre-cache user list
        users = User.objects.all()
        serializer = UserSerializer(users, many=True)
        cache.set('_____', serializer.data, timeout=_____)  # Which key does list() read?

        # Pre-cache individual users
        for user in users:
            user_data = UserSerializer(user).data
            cache.set(f'user_{_____}', user_data, timeout=_____)  # And which one retrieve()?

        self.stdout.write(
            self.style.SUCCESS(f'Successfully cached {len(users)} users')
        )
