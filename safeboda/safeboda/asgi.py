"""Where an ASGI server enters the project."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeboda.settings")

application = get_asgi_application()
