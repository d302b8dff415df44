"""Watches, inside a process that serves or works for weeks, over what it stands on: its parent and its database server.

A parent killed outright takes nobody with it, and its orphans would hold the port against the next start; and a killed
embedded server has nobody who starts it anew but those who use it.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping

from microcities.database.embedded import ensure_running, running_server
from microcities.database.errors import DatabaseProblemError
from microcities.database.layout import layout_from
from microcities.database.settings import tcp_port

PARENT = "MICROCITIES_PARENT"
EVERY = 1.0  # seconds

log = logging.getLogger(__name__)


def end_with(parent: int, *, every: float = EVERY) -> threading.Thread:
    """Ends this process as SIGTERM does, soon after `parent` (a process id) is no longer its parent."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(every)
        os.kill(os.getpid(), signal.SIGTERM)

    return _in_background(watch, "microcities-parent")


def keep_server(environ: Mapping[str, str], *, every: float = EVERY) -> threading.Thread | None:
    """Starts the embedded server anew when it was killed; None with DATABASE_URL, whose server has its own keeper."""
    if environ.get("DATABASE_URL"):
        return None
    data, port = layout_from(environ).data, tcp_port(environ)

    def watch() -> None:
        while True:
            time.sleep(every)
            if data.exists() and running_server(data) is None:
                log.warning("The database server of %s is gone; starting it again.", data)
                try:
                    ensure_running(data, port=port)
                except DatabaseProblemError as problem:
                    log.error("%s", problem)
                    time.sleep(10 * every)

    return _in_background(watch, "microcities-server")


def _in_background(target: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread
