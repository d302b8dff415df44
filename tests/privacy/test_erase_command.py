"""Erasing from the command line says what was done or why not."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from microcities.people.models import Person
from microcities.privacy.ledger import erased_references
from microcities.trail.models import Action
from tests import factories

pytestmark = pytest.mark.django_db


def test_command_erases_by_reference_or_number_and_keeps_the_reason() -> None:
    first, second = factories.make_person("Anna", "Ozola"), factories.make_person("Juris", "Ozols")
    out = io.StringIO()
    call_command("erase_person", str(first.public_id), reason="letter 7", yes=True, stdout=out)
    call_command("erase_person", str(second.pk), reason="letter 8", yes=True, stdout=out)
    done = "Erased: 1 records of the person, 1 rows, 0 files, 3 entries of the history emptied.\n"
    assert out.getvalue() == done * 2
    assert Person.objects.filter(erased_at__isnull=True).count() == 0
    lines = Action.objects.filter(verb="privacy.erase_person").order_by("id").values_list("reason", "system")
    assert list(lines) == [("letter 7", "command line"), ("letter 8", "command line")]


def test_command_says_why_not() -> None:
    person = factories.make_person("Anna", "Ozola")
    for wrong, message in (("nobody", "neither a reference nor a number"), ("987654321", "There is no person")):
        with pytest.raises(CommandError, match=message):
            call_command("erase_person", wrong, reason="x")
    call_command("erase_person", str(person.pk), reason="x", yes=True, stdout=io.StringIO())
    with translation.override("en"), pytest.raises(CommandError, match="erased already"):
        call_command("erase_person", str(person.pk), reason="x")


def test_whoever_was_erased_is_erased_again_after_a_restore(
    settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DATA = tmp_path
    person, other = factories.make_person("Anna", "Ozola"), factories.make_person("Juris", "Ozols")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("erase_person", str(person.pk), reason="letter 7", yes=True, stdout=io.StringIO())
    assert erased_references() == [person.public_id]
    assert (tmp_path / "erased-persons.txt").stat().st_mode & 0o777 == 0o600
    assert "Anna" not in (tmp_path / "erased-persons.txt").read_text()
    # What a restored backup would bring back.
    Person.objects.filter(pk=person.pk).update(erased_at=None, given_name="Anna", family_name="Ozola")
    out = io.StringIO()
    call_command("erase_person", again=True, reason="restored", stdout=out)
    assert Person.objects.get(pk=person.pk).given_name == "Anna"
    call_command("erase_person", again=True, reason="restored", yes=True, stdout=out)
    assert out.getvalue() == (
        "1 erased persons are there again. Repeat with --yes to erase them.\nErased again: 1 persons.\n"
    )
    assert Person.objects.get(pk=person.pk).erased_at is not None
    assert Person.objects.get(pk=other.pk).erased_at is None
    call_command("erase_person", again=True, reason="restored", yes=True, stdout=out)
    assert out.getvalue().endswith("Erased again: 0 persons.\n")


def test_command_wants_one_person_or_all_again() -> None:
    for arguments in ({}, {"person": "1", "again": True}):
        with pytest.raises(CommandError, match="Name one person, or give --again"):
            call_command("erase_person", reason="x", **arguments)
