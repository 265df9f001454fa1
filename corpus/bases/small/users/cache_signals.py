from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .models import User


def forget(pk):
    keys = ["users:list", f"users:detail:{pk}"]
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)


@receiver(post_save, sender=User)
def forget_saved(sender, instance, created, update_fields=None, **kwargs):
    if update_fields is None or set(update_fields) != {"last_login"}:
        forget(instance.pk)


@receiver(post_delete, sender=User)
def forget_deleted(sender, instance, **kwargs):
    forget(instance.pk)
