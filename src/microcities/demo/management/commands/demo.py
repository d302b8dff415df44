"""`microcities demo`: the demo programme, built when it is not there, and running."""

import os
import signal
import subprocess
import sys
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from microcities.database.management.commands.serve import refuse_taken_port, whole
from microcities.database.vigil import PARENT
from microcities.demo.building import build_demo, demo_accounts
from microcities.demo.foundations import PASSWORD
from microcities.demo.scale import gather_statistics, scale_up
from microcities.people.roles import ROLES


class Command(BaseCommand):
    """Brings the database up to date, builds the demo, prints the accounts, serves."""

    help = "Builds the demo programme (real facts, synthetic people) and runs it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=whole(1, 65535), default=8000, help="port to listen on")
        parser.add_argument(
            "--scale", type=whole(1, 70), default=1, help="multiplies the population for measurements (1 to 70)"
        )
        parser.add_argument("--no-serve", action="store_true", help="build only")

    def handle(self, *, port: int, scale: int, no_serve: bool, **_: Any) -> None:
        begun = time.monotonic()
        if not no_serve:
            refuse_taken_port("127.0.0.1", port)
        self.stdout.write("Bringing the database up to date ...")
        call_command("migrate", verbosity=0)
        self.stdout.write("Building the demo programme ...")
        built = build_demo()
        if scale > 1:
            self.stdout.write(f"Multiplying the population by {scale} ...")
            scale_up(scale, report=self.stdout.write)
            gather_statistics()
        words = "built" if built else "was there already"
        self.stdout.write(f"The demo {words} in {time.monotonic() - begun:.0f} s.\n")
        self.print_accounts(port)
        if not no_serve:
            self.stdout.write("Stop with Ctrl-C.\n")
            self.stdout.flush()
            raise SystemExit(run_both(port))

    def print_accounts(self, port: int) -> None:
        """Address, accounts and the one password; all people of the demo are synthetic."""
        self.stdout.write(f"Address:   http://127.0.0.1:{port}/ (Latvian), http://127.0.0.1:{port}/en/ (English)")
        self.stdout.write(f"Password:  {PASSWORD}")
        for account in demo_accounts():
            role = ROLES[account["role"]].slug.replace("_", " ")
            self.stdout.write(f"  {account['email']:32} {role}")


def run_both(port: int) -> int:
    """Run web server and background worker until the server ends or we are stopped; returns the server's exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server, worker = start("serve", "--port", str(port)), start("worker")
    try:
        while server.poll() is None:
            time.sleep(0.5)
            if worker.poll() is not None:  # it ends when the database breaks off; pages need no worker meanwhile
                time.sleep(1)
                worker = start("worker")
    except KeyboardInterrupt:
        pass
    finally:
        for process in (server, worker):
            process.terminate()
        for process in (server, worker):
            process.wait(20)
    return server.returncode


def start(command: str, *options: str) -> subprocess.Popen[bytes]:
    """Start one of our own commands as the kind of process it is (pool and time limits follow from that)."""
    return subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, "-m", "microcities.cli", command, *options],
        env={**os.environ, "MICROCITIES_PROCESS": command, PARENT: str(os.getpid())},
    )
