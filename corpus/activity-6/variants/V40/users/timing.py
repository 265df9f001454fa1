import logging
import time

logger = logging.getLogger(__name__)


def timing(get_response):
    def middleware(request):
        start = time.monotonic_ns()
        response = get_response(request)
        spent = (time.monotonic_ns() - start) // 1000
        response["Server-Timing"] = f"app;dur={spent / 1000:.2f}"
        view = request.resolver_match.view_name if request.resolver_match else "-"
        logger.info("%s %s status=%s us=%d", request.method, view, response.status_code, spent)
        return response

    return middleware
