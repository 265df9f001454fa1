from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from . import passenger_cache
from .models import Passenger


@receiver(post_save, sender=Passenger)
@receiver(post_delete, sender=Passenger)
def invalidate_passenger_cache(sender, instance, **kwargs):
    # The number is read now: after the delete the instance has none.
    passenger_cache.forget_passengers([instance.pk])
