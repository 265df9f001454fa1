from rest_framework import serializers

from .models import Passenger, User
from .serializers import UserSerializer


class PassengerSerializer(serializers.ModelSerializer):
    user = UserSerializer(read_only=True)
    user_id = serializers.PrimaryKeyRelatedField(source="user", queryset=User.objects.all(), write_only=True)

    class Meta:
        model = Passenger
        fields = ["id", "user", "user_id", "passenger_id", "preferred_payment_method", "home_address"]

    def validate_user_id(self, user):
        if user.user_type != User.UserType.PASSENGER:
            raise serializers.ValidationError("Only a passenger.")
        return user
