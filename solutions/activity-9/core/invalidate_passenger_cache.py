from django.core.cache import cache
from django.db.models.signals import post_save, post_delete
from django.dispatch import receiver
from .models import Passenger


@receiver(post_save, sender=Passenger)
@receiver(post_delete, sender=Passenger)
def invalidate_passenger_cache(sender, instance, **kwargs):
    # Saved or deleted, by whomever: what shows this passenger?
    cache.delete('passenger_list')
    cache.delete(f'passenger_{instance.id}')
