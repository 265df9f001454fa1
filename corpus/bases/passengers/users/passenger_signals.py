from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .models import Passenger, User


def forget_passenger(pk):
    keys = ["passengers:list", f"passengers:detail:{pk}"]
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


@receiver(post_save, sender=Passenger)
def forget_saved_passenger(sender, instance, **kwargs):
    forget_passenger(instance.pk)


@receiver(post_delete, sender=Passenger)
def forget_deleted_passenger(sender, instance, **kwargs):
    forget_passenger(instance.pk)


@receiver(post_save, sender=User)
def forget_passenger_of_user(sender, instance, update_fields=None, **kwargs):
    if update_fields is None or set(update_fields) != {"last_login"}:
        for pk in Passenger.objects.filter(user=instance).values_list("pk", flat=True):
            forget_passenger(pk)
