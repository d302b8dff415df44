"""`microcities erase PERSON --reason TEXT`: make a person unreadable; `--again` after a restore, all who were erased."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from microcities.privacy.erasure import ErasureRefusedError, erase_person, erase_persons
from microcities.privacy.ledger import erased_references
from microcities.privacy.reach import persons_as_one, rows_about
from microcities.privacy.rules import may_be_erased
from microcities.privacy.walk import models_about_person
from microcities.trail.context import System


class Command(BaseCommand):
    """Says what an erasure would reach; with --yes erases, or says why the record must stay."""

    help = "Erases a person everywhere; what was counted stays counted. Without --yes it only says what it would reach."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "person", nargs="?", default="", help="the person's reference (a UUID, on the page of the request) or number"
        )
        parser.add_argument("--reason", required=True, help="why; kept for ever, so it must not name the person")
        parser.add_argument(
            "--again", action="store_true", help="instead of one person: all who were erased here before a backup was restored"
        )
        parser.add_argument("--yes", action="store_true", help="do it; this cannot be undone")

    def handle(self, *, person: str, reason: str, again: bool, yes: bool, **_: Any) -> None:
        model: Any = apps.get_model("people.Person")
        if again == bool(person):
            raise CommandError("Name one person, or give --again.")
        if again:
            self.erase_again(model, reason, yes)
            return
        found = model.objects.filter(**_key(person)).first()
        if found is None:
            raise CommandError(f"There is no person {person}.")
        with translation.override("en"):
            self.erase(found, reason) if yes else self.preview(found)

    def erase_again(self, model: Any, reason: str, yes: bool) -> None:
        """Erase whom the ledger names and the restored database holds again."""
        back = model.objects.filter(public_id__in=erased_references(), erased_at__isnull=True)
        numbers = list(back.filter(merged_into__isnull=True).values_list("pk", flat=True))
        if not yes:
            self.stdout.write(f"{len(numbers)} erased persons are there again. Repeat with --yes to erase them.")
            return
        with translation.override("en"):
            _erased, refused = erase_persons(actor=System("command line"), numbers=numbers, reason=reason)
        for number, why in refused:
            self.stderr.write(f"person {number}: {why}")
        self.stdout.write(f"Erased again: {len(numbers) - len(refused)} persons.")

    def preview(self, person: Any) -> None:
        """What is there to erase, table by table; nothing is changed."""
        if not (answer := may_be_erased(person, timezone.localdate())):
            raise CommandError(str(answer.reason))
        persons = persons_as_one(person)
        rows = Counter({model._meta.label: rows_about(model, persons).count() for model in models_about_person()})
        self.stdout.write(f"{len(persons)} records of the person.")
        for label, number in sorted((+rows).items()):
            self.stdout.write(f"  {label}: {number} rows")
        self.stdout.write("Nothing has been changed. Repeat with --yes to erase; this cannot be undone.")

    def erase(self, person: Any, reason: str) -> None:
        """Erase, and say what that did."""
        try:
            erased = erase_person(actor=System("command line"), person=person, reason=reason)
        except ErasureRefusedError as refusal:
            raise CommandError(str(refusal.reason)) from refusal
        rows = sum(erased.rows.values())
        self.stdout.write(
            f"Erased: {len(erased.persons)} records of the person, {rows} rows, {erased.files} files, "
            f"{erased.changes} entries of the history emptied."
        )


def _key(person: str) -> dict[str, Any]:
    if person.isdigit():
        return {"pk": int(person)}
    try:
        return {"public_id": UUID(person)}
    except ValueError:
        raise CommandError(f"{person!r} is neither a reference nor a number.") from None
