"""`microcities serve`: the web server."""

import socket
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from granian import Granian
from granian.constants import Interfaces


class Command(BaseCommand):
    """Collects static files when that has not been done and runs granian until it is stopped."""

    help = "Runs the web server until it is stopped (Ctrl-C)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument("--workers", type=int, default=1, help="processes")
        parser.add_argument("--threads", type=int, default=8, help="requests at the same time in each process")

    def handle(self, *, host: str, port: int, workers: int, threads: int, **_: Any) -> None:
        refuse_taken_port(host, port)
        call_command("collectstatic", interactive=False, verbosity=0)
        Granian(
            "microcities.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            log_access=False,
        ).serve()


def refuse_taken_port(host: str, port: int) -> None:
    """Say so before anything else is done when another program listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} of {host} cannot be used ({error.strerror}). Another program may be listening there. "
                f"Stop it, or choose another port with --port {port + 1}."
            ) from error
