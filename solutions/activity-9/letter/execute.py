from django.core.cache import cache
from django.core.management.base import BaseCommand
from users.models import Passenger
from users.serializers import PassengerSerializer


class Command(BaseCommand):
    def execute(self, *args, **options):
        output = super().execute(*args, **options)

        # Pre-cache passenger list
        passengers = Passenger.objects.all()
        serializer = PassengerSerializer(passengers, many=True)
        cache.set('passenger_list', serializer.data, timeout=3600)

        # Pre-cache individual passengers
        for passenger in passengers:
            passenger_data = PassengerSerializer(passenger).data
            cache.set(f'passenger_{passenger.id}', passenger_data, timeout=3600)

        return output
