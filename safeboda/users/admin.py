"""The users in Django's admin pages."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm

from .models import Passenger, Rider, User


class UserAddForm(AdminUserCreationForm):
    """A new user needs an e-mail address, not a user name."""

    class Meta:
        model = User
        fields = ["email", "user_type"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = UserAddForm
    list_display = ["email", "first_name", "last_name", "user_type", "is_staff"]
    list_filter = ["user_type", "is_staff", "is_active"]
    search_fields = ["email", "first_name", "last_name", "phone_number"]
    ordering = ["id"]
    readonly_fields = ["last_login", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        ("Person", {"fields": ["first_name", "last_name", "phone_number", "user_type"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Dates", {"fields": ["last_login", "created_at", "updated_at"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "user_type", "usable_password", "password1", "password2"]}),
    ]


@admin.register(Passenger)
class PassengerAdmin(admin.ModelAdmin):
    list_display = ["passenger_id", "user", "preferred_payment_method"]
    search_fields = ["passenger_id", "user__email"]


@admin.register(Rider)
class RiderAdmin(admin.ModelAdmin):
    list_display = ["rider_id", "user", "plate_number", "is_available"]
    search_fields = ["rider_id", "user__email"]
