"""Does what happens beside a browser that is open: the worker's lists, and what others write meanwhile."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections
from procrastinate.contrib.django import app

Answer = TypeVar("Answer")


def work() -> None:
    """Do what waits in the queue of lists, as `microcities worker --once` does; Playwright's loop has this thread."""

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(queues=["lists"], wait=False, install_signal_handlers=False, listen_notify=False)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)


def apart(act: Callable[[], Answer]) -> Answer:
    """Do it over a connection of its own, so that the site sees it at once; a test's own writes are never committed."""

    def run() -> Answer:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(run).result(60)
