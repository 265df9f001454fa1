from django.core.management.base import BaseCommand
from rest_framework.test import APIRequestFactory
from users.models import Passenger, User
from users.passenger_views import PassengerViewSet
from users.views import UserViewSet


class Command(BaseCommand):
    def handle(self, *args, **options):
        request = APIRequestFactory().get("/")
        for view, model in ((UserViewSet, User), (PassengerViewSet, Passenger)):
            view.as_view({"get": "list"})(request)
            for one in model.objects.all():
                view.as_view({"get": "retrieve"})(request, pk=str(one.pk))
