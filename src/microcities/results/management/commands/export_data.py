"""`microcities export`: all results, or one person's own data, as JSON on standard output."""

import json
import uuid
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import Http404
from django.utils import translation

from microcities.access.guards import read_only
from microcities.people.models import Person
from microcities.privacy.export import export_json
from microcities.results.exports.whole import export_results
from microcities.results.views.asking import the_programme, usual_day


class Command(BaseCommand):
    """Writes JSON to standard output and nothing else; reads in one transaction that cannot write."""

    help = "Writes all results, or a person's own data, as JSON to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        results = kinds.add_parser("results", help="all results with breakdown, outside figures and approved reports")
        results.add_argument("--as-of", type=date.fromisoformat, help="facts up to this day, YYYY-MM-DD")
        person = kinds.add_parser("person", help="everything on record about one person")
        person.add_argument("id", type=uuid.UUID, help="the person's public number (UUID)")
        person.add_argument("--language", choices=["lv", "en"], default="lv", help="language of the words in it")

    def handle(self, *, kind: str, **options: Any) -> None:
        with read_only():
            text = self._person(options["id"], options["language"]) if kind == "person" else self._results(options["as_of"])
        self.stdout.write(text)

    def _results(self, as_of: date | None) -> str:
        try:
            programme = the_programme()
        except Http404 as error:
            raise CommandError(str(error)) from error
        document = export_results(programme, as_of or usual_day(programme))
        return json.dumps(document, ensure_ascii=False, indent=2)

    def _person(self, number: uuid.UUID, language: str) -> str:
        person = Person.objects.filter(public_id=number).first()
        if person is None:
            raise CommandError(f"There is no person {number}.")
        with translation.override(language):
            return export_json(person).decode()
