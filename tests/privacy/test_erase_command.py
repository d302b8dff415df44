"""Erasing from the command line says what was done or why not."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from microcities.people.models import Person
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
