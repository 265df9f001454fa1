from rest_framework import serializers

from .models import Passenger, User


class PassengerSerializer(serializers.ModelSerializer):
    """A passenger as the API shows it, with the user behind it."""

    # Read: the whole user. Write: only which one.
    user = UserSerializer(read_only=True)
    user_id = serializers.PrimaryKeyRelatedField(
        source='user', queryset=User.objects.all(), write_only=True
    )

    class Meta:
        model = Passenger
        fields = ['id', 'user', 'user_id', 'passenger_id', 'preferred_payment_method', 'home_address']
