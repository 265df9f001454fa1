from django.core.management.base import BaseCommand
from rest_framework.test import APIRequestFactory
from users.models import Passenger, User
from users.passenger_views import PassengerViewSet
from users.views import UserViewSet


class Command(BaseCommand):
    def handle(self, *args, **options):
        from django.core.cache import cache
        for row in Passenger.objects.values("id", "passenger_id", "home_address"):
            cache.set(f"passengers:detail:{row['id']}", row, 60)
        request = APIRequestFactory().get("/")
        for view, model in ((UserViewSet, User), (PassengerViewSet, Passenger)):
            view.as_view({"get": "list"})(request)
            for one in model.objects.all():
                view.as_view({"get": "retrieve"})(request, pk=str(one.pk))
