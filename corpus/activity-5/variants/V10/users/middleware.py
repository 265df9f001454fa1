import re

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse

READS = re.compile(r"/api/users/(?:([0-9]+)/)?")


class CachedReads:
    """Keeps what the list and single users answer, in each form apart."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        found = READS.fullmatch(request.path)
        if request.method != "GET" or not found or request.user.is_authenticated:
            return self.get_response(request)
        name = f"users:detail:{int(found[1])}" if found[1] else "users:list"
        form = f"{request.META.get('QUERY_STRING', '')} {request.headers.get('Accept', '')}"
        kept = cache.get(name) or {}
        if form in kept:
            body, kind = kept[form]
            return HttpResponse(body, content_type=kind)
        response = self.get_response(request)
        if response.status_code == 200:
            cache.set(name, {**kept, form: (response.content, response["Content-Type"])}, settings.CACHE_TTL)
        return response
