"""WSGI entry point, for granian, gunicorn or any other server."""

import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.core.wsgi import get_wsgi_application  # noqa: E402

from core import memory  # noqa: E402

application = get_wsgi_application()
memory.settle()
