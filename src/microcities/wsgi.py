"""The WSGI entry that granian serves."""

import multiprocessing
import os

from django.core.wsgi import get_wsgi_application

from microcities.database import vigil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "microcities.settings")
application = get_wsgi_application()

if multiprocessing.parent_process() is not None:  # one of granian's workers
    vigil.end_with(os.getppid())
    vigil.keep_server(os.environ)
