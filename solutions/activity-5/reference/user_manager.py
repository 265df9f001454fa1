from django.contrib.auth.base_user import BaseUserManager

from .user_queryset import UserQuerySet


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Makes users that log in by e-mail. Its bulk writes forget cached answers."""

    def create_user(self, email, password=None, **fields):
        """A new user. Without a password the account cannot log in."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """A new user who may do everything, the admin pages included."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})
