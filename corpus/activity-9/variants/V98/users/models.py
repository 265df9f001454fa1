"""The people of SafeBoda: every user is a passenger or a rider."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

phone_number_validator = RegexValidator(
    r"^\+?[0-9]{9,15}$", "Enter 9 to 15 digits, with an optional + before them."
)


class UserManager(BaseUserManager["User"]):
    """Makes users that log in by e-mail."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user. Without a password the account cannot log in."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user who may do everything, the admin pages included."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can log in."""

    class UserType(models.TextChoices):
        PASSENGER = "passenger", "Passenger"
        RIDER = "rider", "Rider"

    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    phone_number = models.CharField(max_length=16, blank=True, validators=[phone_number_validator])
    user_type = models.CharField(max_length=10, choices=UserType, default=UserType.PASSENGER)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """First and last name, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """The first name."""
        return self.first_name


class Passenger(models.Model):
    """What we know of a user who takes rides."""

    class PaymentMethod(models.TextChoices):
        MOMO = "momo", "Mobile money"
        CARD = "card", "Card"
        CASH = "cash", "Cash"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="passenger", primary_key=True)
    passenger_id = models.CharField(max_length=20, unique=True)
    preferred_payment_method = models.CharField(
        max_length=10, choices=PaymentMethod, default=PaymentMethod.MOMO
    )
    home_address = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.passenger_id

    def clean(self) -> None:
        """Refuse a user who is not a passenger."""
        if self.user_id and self.user.user_type != User.UserType.PASSENGER:
            raise ValidationError({"user": "Only a user of type passenger can be a passenger."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)


class Rider(models.Model):
    """What we know of a user who drives a boda."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="rider")
    rider_id = models.CharField(max_length=20, unique=True)
    plate_number = models.CharField(max_length=12, blank=True)
    is_available = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.rider_id

    def clean(self) -> None:
        """Refuse a user who is not a rider."""
        if self.user_id and self.user.user_type != User.UserType.RIDER:
            raise ValidationError({"user": "Only a user of type rider can be a rider."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)
