"""How users look from outside."""

from typing import Any

from rest_framework import serializers

from .models import User


class UserSerializer(serializers.ModelSerializer):
    """A user as the API shows it. The password never leaves the database."""

    class Meta:
        model = User
        fields = ["id", "email", "first_name", "last_name", "phone_number", "user_type"]

    def create(self, validated_data: dict[str, Any]) -> User:
        """A user made through the API has no password yet, so nobody can log in with it."""
        return User.objects.create_user(**validated_data)
