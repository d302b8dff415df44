"""The WSGI entry that granian serves."""

import gc
import multiprocessing
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from microcities.database import vigil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "microcities.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - loads every view now, and not while the first visitor waits
# All that is loaded stays. Looking through it for rubbish would stop every page of this worker for 150 ms at a time.
gc.collect()
gc.freeze()

if multiprocessing.parent_process() is not None:  # one of granian's workers
    vigil.end_with(os.getppid())
    vigil.keep_server(os.environ)
