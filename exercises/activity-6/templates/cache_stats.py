from django.core.cache import cache
from rest_framework.decorators import api_view
from rest_framework.response import Response


@api_view(['GET'])
def cache_stats(request):
    # How would you check what's in cache?
    keys = _____
    # What statistics would be useful?
    return Response({
        'cache_keys': keys,  # List current cache keys
        'total_keys': _____,  # Count of cached items
        # Add more stats
    })
