import re

from django.core.cache import cache


class ForgetAfterWrites:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            from .models import User

            pks = set(re.findall(r"/([0-9]+)/", request.path)) | set(request.POST.getlist("_selected_action"))
            cache.delete_many(["users:list", *(f"users:detail:{pk}" for pk in pks)])
        return response
