"""Adds a person's participations to the person's page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.participation.models import Participation
from microcities.participation.rules import may_change_own_people
from microcities.people.models import Account, Person
from microcities.people.person_parts import Line, PersonPart, adds_part
from microcities.ui.numbers import format_day


@adds_part("participation.records", order=10)
def records(account: Account, person: Person) -> PersonPart:
    """What the person took part in, as far as the account may see it."""
    rows = Participation.objects.visible_to(account).filter(person=person).select_related("activity").order_by("-pk")
    deeds = []
    if may_change_own_people(account) and person.merged_into_id is None and person.erased_at is None:
        deeds = [(_("Enter a participation"), reverse("participation:enrol", args=[person.public_id]))]
    return PersonPart(
        _("Participations"), [_line(row) for row in rows],
        _("No participation that you may see."), deeds,
    )


def _line(row: Participation) -> Line:
    day = row.started_on or row.applied_on
    detail = ", ".join(filter(None, (format_day(day) if day else "", row.get_verification_display())))
    return Line(str(row.activity), reverse("participation:record", args=[row.pk]), detail)
