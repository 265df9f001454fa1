"""manage.py warm_cache: after it the first reader finds what all others find."""

import uuid
from itertools import islice

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from rest_framework.test import APIRequestFactory

from users import user_cache
from users.views import UserViewSet, get_cache_key

CHUNK = 1000
"""Users that are held in memory, and sent to Redis, at a time."""


class Command(BaseCommand):
    help = "Store the list of users and every single user in the cache, as the API answers them"

    def handle(self, *args, **options):
        self.insist_on_the_cache()
        UserViewSet.as_view({"get": "list"})(APIRequestFactory().get("/"))
        count = self.warm_every_user()
        # Once more: failures in between were ignored, as they must be for readers.
        self.insist_on_the_cache()
        self.stdout.write(self.style.SUCCESS(f"{count} users are in the cache"))

    def insist_on_the_cache(self):
        """Raise CommandError unless a value can be stored and read."""
        token = uuid.uuid4().hex
        cache.set("users:warm", token, timeout=60)
        if cache.get("users:warm") != token:
            raise CommandError("The cache does not answer, so it was not warmed.")

    def warm_every_user(self):
        """Store each user under the key of the view, in the shape of the view; how many there were."""
        users = UserViewSet.queryset.all()
        pks = list(users.values_list("pk", flat=True))
        stamps = {}
        for start in range(0, len(pks), CHUNK):
            stamps |= user_cache.detail_stamps(pks[start : start + CHUNK])
        # The rows are read after the stamps, in one query: what changes from here on is not overwritten.
        rows = users.iterator(chunk_size=CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            # One serializer for all of them: to make one for each user takes longer than all the rest.
            answers = UserViewSet.serializer_class(chunk, many=True).data
            user_cache.store_many(
                {
                    get_cache_key("detail", user.pk): (stamps[user.pk], answer)
                    for user, answer in zip(chunk, answers, strict=True)
                    if user.pk in stamps
                }
            )
        return len(pks)
