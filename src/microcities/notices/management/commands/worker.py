"""`microcities worker`: mail, lists, forecasts and the nightly work."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app

from microcities.database.readiness import require_ready
from microcities.database.upkeep import noting_failures
from microcities.database.vigil import keep_server


class Command(BaseCommand):
    """Runs procrastinate's worker for all queues, periodic work included, until it is stopped."""

    help = "Does background work until it is stopped (Ctrl-C): what is under way is finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is waiting, then stop")
        parser.add_argument("--queue", action="append", help="this queue only; may be repeated")

    def handle(self, *, once: bool, queue: list[str] | None, **_: Any) -> None:
        require_ready()
        keep_server(os.environ)
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            working.run_worker(
                queues=queue, wait=not once, listen_notify=not once, task_middleware=[noting_failures]
            )
