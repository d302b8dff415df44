"""`microcities worker`: mail, lists, forecasts and the nightly work."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app


class Command(BaseCommand):
    """Runs procrastinate's worker for all queues, periodic work included, until it is stopped."""

    help = "Does background work until it is stopped (Ctrl-C): what is under way is finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is waiting, then stop")
        parser.add_argument("--queue", action="append", help="this queue only; may be repeated")

    def handle(self, *, once: bool, queue: list[str] | None, **_: Any) -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            working.run_worker(queues=queue, wait=not once, listen_notify=not once)
