"""Erasing is a dry run until somebody says yes."""

import io

import pytest
from django.core.management import CommandError, call_command

from microcities.people.models import Person
from microcities.trail.models import Action
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db


def test_without_yes_the_reach_is_printed_and_nothing_is_changed(world: World) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    out, actions = io.StringIO(), Action.objects.count()
    call_command("erase_person", str(world.peteris.public_id), reason="letter 7", stdout=out)
    assert out.getvalue().splitlines() == [
        "1 records of the person.",
        "  participation.Participation: 1 rows",
        "  participation.ParticipationFunding: 1 rows",
        "  people.Account: 1 rows",
        "  people.Person: 1 rows",
        "  people.Registration: 1 rows",
        "Nothing has been changed. Repeat with --yes to erase; this cannot be undone.",
    ]
    peteris = Person.objects.get(pk=world.peteris.pk)
    assert (peteris.given_name, peteris.erased_at, Action.objects.count()) == ("Pēteris", None, actions)


def test_dry_run_says_why_a_record_must_stay() -> None:
    person = factories.make_person()
    call_command("erase_person", str(person.pk), reason="letter 7", yes=True, stdout=io.StringIO())
    with pytest.raises(CommandError, match="erased already"):
        call_command("erase_person", str(person.pk), reason="letter 7")
