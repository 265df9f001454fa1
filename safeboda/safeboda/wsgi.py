"""Where a WSGI server enters the project."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeboda.settings")

application = get_wsgi_application()
