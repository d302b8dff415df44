"""Adds the events somebody registered for or came to, to the person's page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.events.models import Attendance, Attendee
from microcities.people.models import Account, Person
from microcities.people.person_parts import Line, PersonPart, adds_part
from microcities.ui.numbers import format_day

MOST_SHOWN = 50


@adds_part("events.events", order=20)
def events(account: Account, person: Person) -> PersonPart:
    """Events of the person, as far as the account may see them."""
    visible = Attendee.objects.visible_to(account).filter(person=person, cancelled_at__isnull=True)
    rows = visible.select_related("event", "registration").order_by("-event__starts_at", "-pk")[:MOST_SHOWN]
    return PersonPart(_("Events"), [_line(row) for row in rows], _("No event that you may see."))


def _line(row: Attendee) -> Line:
    known = row.attendance != Attendance.UNKNOWN
    word = row.get_attendance_display() if known else row.registration.get_state_display()
    href = reverse("events:registration", args=[row.registration_id])
    return Line(str(row.event), href, f"{format_day(row.event.starts_at)}, {word}")
