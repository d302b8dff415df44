"""Tables of registrations and of the people who come."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.database.expressions import LatvianKey
from microcities.events.models import Attendance, Attendee, Event, Registration, RegistrationState
from microcities.events.wording import when_words
from microcities.events.words import ATTENDANCE_KINDS, REGISTRATION_KINDS
from microcities.people.models import Account
from microcities.privacy.looks import log_download
from microcities.ui.components import status
from microcities.ui.filters import ChoiceFilter
from microcities.ui.tables import Column, Table, worded


def registration_table(rows: QuerySet[Registration], params: QueryDict, account: Account) -> Table:
    """Registrations, the latest event first, each with those people on it whom the account may see."""
    people = Attendee.objects.visible_to(account).filter(cancelled_at__isnull=True).select_related("person")
    shown = Prefetch("attendees", people.order_by("pk"), to_attr="shown")
    return Table(
        rows=rows.select_related("event__city", "event__room").prefetch_related(shown),
        columns=[
            Column("event", _("Event"), value=lambda row: str(row.event), order_by=LatvianKey("event__name"), heading=True,
                   link=lambda row: reverse("events:registration", args=[row.pk])),
            Column("when", _("When"), value=lambda row: when_words(row.event), order_by="event__starts_at"),
            Column("people", _("Who comes"), value=_names),
            Column("state", _("State"), value=worded(RegistrationState, "state"), order_by="state",
                   filter=ChoiceFilter("state", choices=RegistrationState.choices),
                   cell=lambda row: status(row.get_state_display(), REGISTRATION_KINDS.get(row.state, "neutral"))),
        ],
        params=params, caption=_("My registrations"), default_sort="-when", headed=True,
        empty=_("You have not registered for any event"), empty_hint=_("See on the page “Events” what is open now."),
        on_export=log_download(_("registration for an event"), people_of),
    )


def people_table(event: Event, params: QueryDict) -> Table:
    """Who is registered for an event, for its organiser."""
    questions = list(event.questions.all())
    people = Attendee.objects.filter(event=event, cancelled_at__isnull=True)
    return Table(
        rows=people.select_related("person", "registration__organisation"),
        columns=[
            Column("person", _("Person"), value=lambda row: row.person.name, heading=True,
                   order_by=(LatvianKey("person__family_name"), LatvianKey("person__given_name"))),
            Column("by", _("Registered by"), value=_by),
            Column("state", _("Registration"), value=worded(RegistrationState, "registration.state"),
                   order_by="registration__state",
                   filter=ChoiceFilter("registration__state", choices=RegistrationState.choices),
                   cell=lambda row: status(row.registration.get_state_display(),
                                           REGISTRATION_KINDS.get(row.registration.state, "neutral"))),
            *[Column(f"q{each.pk}", str(each), value=_answer_to(str(each.pk))) for each in questions],
            Column("code", _("Code"), on_screen=False),
            Column("attendance", _("Attendance"), value=worded(Attendance, "attendance"), order_by="attendance",
                   filter=ChoiceFilter("attendance", choices=Attendance.choices),
                   cell=lambda row: status(row.get_attendance_display(), ATTENDANCE_KINDS.get(row.attendance, "neutral"))),
        ],
        params=params, caption=_("Who comes"), default_sort="person", per_page=50, headed=True,
        empty=_("Nobody is registered yet"), empty_hint=_("People register on the event's page."),
        on_export=log_download(_("registration for an event"), lambda row: (row.person,)),
    )


def people_of(row: Any) -> list[Any]:
    """The people of a registration whom its reader sees."""
    return [each.person for each in row.shown]


def _names(row: Any) -> str:
    return ", ".join(each.person.name for each in row.shown)


def _by(row: Attendee) -> str:
    parts = (str(row.registration.organisation or ""), row.registration.label)
    return ", ".join(part for part in parts if part)


def _answer_to(key: str) -> Any:
    return lambda row: row.answers.get(key)
