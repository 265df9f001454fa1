from django.apps import AppConfig


class UsersConfig(AppConfig):
    """The people of SafeBoda."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "users"
