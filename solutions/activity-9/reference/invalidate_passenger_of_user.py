from django.db.models.signals import post_save
from django.dispatch import receiver

from . import passenger_cache
from .models import Passenger, User


@receiver(post_save, sender=User)
def invalidate_passenger_of_user(sender, instance, update_fields=None, **kwargs):
    # The version of the users does this too, and for bulk writes. Said here, so that it is seen.
    if update_fields is None or set(update_fields) != {"last_login"}:
        pks = Passenger.objects.filter(user=instance).values_list("pk", flat=True)
        passenger_cache.forget_passengers(pks)
