"""Writes to many users at once. Django sends no signal for them, so what is cached is forgotten here."""

from django.db import models, transaction

from . import user_cache


class UserQuerySet(models.QuerySet):
    """A QuerySet whose bulk writes forget the cached answers about the users they touch."""

    def update(self, **changes):
        if not user_cache.shows(changes):
            return super().update(**changes)
        with transaction.atomic(using=self.db):
            # Before the change, since after it the filter may find others. A sliced QuerySet is
            # refused by update() itself.
            touched = [] if self.query.is_sliced else list(self.values_list("pk", flat=True))
            count = super().update(**changes)
            user_cache.forget_users(touched)
        return count

    # Said again, since an override loses it: templates must not call this.
    update.alters_data = True

    def bulk_create(self, objs, *args, **kwargs):
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, *args, **kwargs)
            # With update_conflicts some of them are changed users rather than new ones.
            user_cache.forget_users([user.pk for user in created if user.pk is not None])
        return created

    bulk_create.alters_data = True

    # bulk_update() ends in update(), and delete() sends a signal for each user.
