"""Does what waits in the background, as the worker does, while a browser is open."""

import threading

from procrastinate.contrib.django import app


def work() -> None:
    """Do what waits in the queue of lists, as `microcities worker --once` does; Playwright's loop has this thread."""

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(queues=["lists"], wait=False, install_signal_handlers=False, listen_notify=False)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
