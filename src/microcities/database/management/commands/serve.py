"""`microcities serve`: the web server."""

import argparse
import errno
import socket
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from granian import Granian
from granian.constants import Interfaces

from microcities.database.readiness import require_ready


class Command(BaseCommand):
    """Collects static files when that has not been done and runs granian until it is stopped."""

    help = "Runs the web server until it is stopped (Ctrl-C)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=whole(1, 65535), default=8000, help="port to listen on")
        parser.add_argument("--workers", type=whole(1, 64), default=1, help="processes")
        parser.add_argument(
            "--threads", type=whole(1, 256), default=8, help="requests at the same time in each process"
        )

    def handle(self, *, host: str, port: int, workers: int, threads: int, **_: Any) -> None:
        refuse_taken_port(host, port)
        require_ready()
        call_command("collectstatic", interactive=False, verbosity=0)
        Granian(
            "microcities.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            log_access=False,
            respawn_failed_workers=True,
        ).serve()


def whole(least: int, most: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number from `least` to `most`."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return read


def refuse_taken_port(host: str, port: int) -> None:
    """Say so before anything else is done when another program listens there."""
    try:
        family, kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        remedy = "Give an address of this machine with --host."
        if error.errno == errno.EADDRINUSE:
            remedy = (
                f"Another program is listening there. Stop it, or choose another port, for example --port {port % 65535 + 1}."
            )
        elif error.errno == errno.EACCES:
            remedy = "Ports below 1024 belong to the administrator. Choose another with --port, and a proxy in front."
        raise CommandError(f"Port {port} of {host} cannot be used ({error.strerror}). {remedy}") from error
