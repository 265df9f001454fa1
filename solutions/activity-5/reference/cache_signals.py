"""Forgets cached answers when a user changes, whoever makes the change."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from . import user_cache
from .models import User


@receiver(post_save, sender=User)
def forget_saved_user(sender, instance, update_fields=None, **kwargs):
    # A login saves the user, too, but only its last_login, which no answer shows.
    if update_fields is None or user_cache.shows(update_fields):
        user_cache.forget_users([instance.pk])


@receiver(post_delete, sender=User)
def forget_deleted_user(sender, instance, **kwargs):
    # The number is read now: after the delete the instance has none.
    user_cache.forget_users([instance.pk])
