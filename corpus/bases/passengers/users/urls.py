from django.urls import include, path
from rest_framework.routers import DefaultRouter

from .passenger_views import PassengerViewSet
from .views import UserViewSet

router = DefaultRouter()
router.register("passengers", PassengerViewSet)
router.register("users", UserViewSet)

urlpatterns = [path("", include(router.urls))]
