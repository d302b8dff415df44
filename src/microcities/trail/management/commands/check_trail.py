"""`microcities check trail`: did anybody touch the record or its history behind the platform's back?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from microcities.database.models import UpkeepKind
from microcities.database.upkeep import note_upkeep
from microcities.trail.checking import main
from microcities.trail.sealing import STREAMS


class Command(BaseCommand):
    """Computes the chain and every row's digest anew; exit code 1 when anything differs."""

    help = "Proves that records and their history are unchanged, or names the rows that somebody touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--known",
            action="append",
            default=[],
            metavar="STREAM=HASH",
            help="a last link that you wrote down earlier, for example change=3f5a...; it must still be in the chain",
        )

    def handle(self, *, known: list[str], **_: Any) -> None:
        known_heads = dict(_head(text) for text in known)
        self.stdout.ending = ""  # what is written here has its line ends already
        with translation.override("en"):
            code = main(self.stdout, known_heads)  # type: ignore[arg-type]  # OutputWrapper hands on to the stream
        note_upkeep(UpkeepKind.CHECK_TRAIL, good=not code)
        if code:
            sys.exit(code)


def _head(text: str) -> tuple[str, str]:
    stream, _equals, head = text.partition("=")
    names = [each.name for each in STREAMS]
    if stream not in names or len(head) != 64:
        raise CommandError(f"{text!r} is not STREAM=HASH. A stream is one of {', '.join(names)}; a hash has 64 signs.")
    return stream, head.lower()
