from rest_framework import serializers

from .models import Passenger, User


class PassengerSerializer(serializers.ModelSerializer):
    """A passenger as the API shows it, with the user behind it."""

    # Read: the whole user. Write: only which one.
    user = UserSerializer(read_only=True)
    user_id = serializers.PrimaryKeyRelatedField(
        source="user", queryset=User.objects.all(), write_only=True
    )

    class Meta:
        model = Passenger
        fields = ["id", "user", "user_id", "passenger_id", "preferred_payment_method", "home_address"]

    def validate_user_id(self, user):
        # The model refuses a rider as well, but with an error that is a 500 here.
        if user.user_type != User.UserType.PASSENGER:
            raise serializers.ValidationError("Only a user of type passenger can be a passenger.")
        return user
