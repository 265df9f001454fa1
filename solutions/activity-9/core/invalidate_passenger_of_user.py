from django.core.cache import cache
from django.db.models.signals import post_save
from django.dispatch import receiver
from .models import Passenger, User


@receiver(post_save, sender=User)
def invalidate_passenger_of_user(sender, instance, **kwargs):
    # A passenger's answer shows the user, too. Whose answers are old now?
    for passenger in Passenger.objects.filter(user=instance):
        cache.delete('passenger_list')
        cache.delete(f'passenger_{passenger.id}')
