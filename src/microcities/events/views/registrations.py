"""Pages of one's registrations: the confirmation with its reference and tickets, cancelling, accepting an offer, moving."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow, signed_in
from microcities.access.outcome import try_to
from microcities.events.actions.moving import move_registration
from microcities.events.actions.registrations import (
    accept_offer,
    cancel_registration,
    decline_offer,
    remove_attendee,
)
from microcities.events.forms.registering import MoveForm
from microcities.events.models import Attendee, Event, Registration
from microcities.events.registration_tables import people_of, registration_table
from microcities.events.rules import may_change_registration, may_give_feedback, may_remove
from microcities.events.tickets import qr_code
from microcities.events.views.public import crumbs
from microcities.events.wording import when_words, where_words
from microcities.events.words import REGISTRATION_KINDS
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.ui.pages import form_page, page


def _registration_of(request: HttpRequest, number: int) -> Registration:
    visible = Registration.objects.visible_to(account_of(request))
    return get_object_or_404(
        visible.select_related("event__city", "event__room", "event__organisation", "organisation"), pk=number
    )


def _attendees(request: HttpRequest, registration: Registration) -> list[Attendee]:
    """Those on the registration whom the account may see; each look at somebody else's record is noted."""
    account = account_of(request)
    visible = Attendee.objects.visible_to(account).filter(registration=registration, cancelled_at__isnull=True)
    found = list(visible.select_related("person", "registration__event", "event").order_by("pk"))
    others = [each for each in found if each.person_id != account.person_id]
    log_shown(others, _("registration for an event"), lambda row: (row.person,))
    return found


@allow(signed_in)
def mine(request: HttpRequest) -> HttpResponse | FileResponse:
    """One's own registrations and those one made."""
    account = account_of(request)
    table = registration_table(Registration.objects.of_account(account), request.GET, account)
    if table.export_format:
        return table.export("my-registrations")
    log_shown(table.page.rows, _("registration for an event"), people_of)
    context = {"table": table, "crumbs": crumbs((_("My registrations"), ""))}
    return page(request, "events/mine.html", context, part="table")


@allow(signed_in)
def registration(request: HttpRequest, number: int) -> HttpResponse:
    """One registration: how it stands, who is on it, and what may be done."""
    account, found = account_of(request), _registration_of(request, number)
    people = _attendees(request, found)
    event, now = found.event, timezone.now()
    may_cancel = may_change_registration(account, found, "cancel") and event.ends_at > now
    context: dict[str, Any] = {
        "registration": found, "event": event, "when": when_words(event), "where": where_words(event),
        "kind": REGISTRATION_KINDS.get(found.state, "neutral"), "may_cancel": may_cancel,
        "people": [(each, may_remove(account, each) and event.ends_at > now) for each in people],
        "may_accept": may_change_registration(account, found, "accept") and (found.offered_until or now) > now,
        "may_move": may_cancel and event.starts_at > now and Event.objects.other_dates(event).exists(),
        "feedback": [each for each in people if may_give_feedback(account, each)],
        "crumbs": crumbs((_("My registrations"), reverse("events:mine")), (found.reference, "")),
    }
    return page(request, "events/registration.html", context)


@allow(signed_in)
def tickets(request: HttpRequest, number: int) -> HttpResponse:
    """A QR code and its letters for each person with a place, to print or to show on a phone."""
    found = _registration_of(request, number)
    people = _attendees(request, found) if found.state == "confirmed" else []
    codes = []
    for each in people:
        path = reverse("events:check-in-code", args=[found.event.uid, each.code])
        codes.append((each, qr_code(settings.SITE_URL + path, each.person.name)))
    context = {
        "registration": found, "event": found.event, "codes": codes, "when": when_words(found.event),
        "where": where_words(found.event),
        "crumbs": crumbs((found.reference, reverse("events:registration", args=[number])), (_("Tickets"), "")),
    }
    return page(request, "events/tickets.html", context)


@allow(signed_in, methods=("POST",))
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Give the places back."""
    found = _registration_of(request, number)
    try_to(
        cancel_registration, request, _("The registration is cancelled. Thank you for freeing the place."),
        actor=account_of(request), registration=found,
    )
    return redirect("events:registration", number)


@allow(signed_in, methods=("POST",))
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Take the offered place."""
    found = _registration_of(request, number)
    try_to(accept_offer, request, _("The place is yours."), actor=account_of(request), registration=found)
    return redirect("events:registration", number)


@allow(signed_in, methods=("POST",))
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """Leave the offered place to the next in line."""
    found = _registration_of(request, number)
    try_to(
        decline_offer, request, _("The place goes to the next in line."),
        actor=account_of(request), registration=found,
    )
    return redirect("events:registration", number)


@allow(signed_in, methods=("POST",))
def remove(request: HttpRequest, number: int, attendee: int) -> HttpResponse:
    """Take one person off."""
    found = _registration_of(request, number)
    visible = Attendee.objects.visible_to(account_of(request)).select_related("registration", "event")
    each = get_object_or_404(visible, pk=attendee, registration=found)
    try_to(
        remove_attendee, request, _("The person is no longer registered."),
        actor=account_of(request), attendee=each,
    )
    return redirect("events:registration", number)


@allow(signed_in, methods=("GET", "POST"))
def move(request: HttpRequest, number: int) -> HttpResponse:
    """To another date of the series."""
    found = _registration_of(request, number)
    form = MoveForm(request.POST or None, event=found.event)
    if form.is_valid():
        try:
            made = move_registration(actor=account_of(request), registration=found, to=form.cleaned_data["to"])
        except RefusedError as refusal:
            form.add_error("to", str(refusal))
        else:
            messages.success(request, _("You are registered for the new date."))
            return redirect("events:registration", made.pk)
    back = reverse("events:registration", args=[number])
    title, lead = _("Move to another date"), f"{found.event}, {when_words(found.event)}"
    way = crumbs((found.reference, back), (title, ""))
    return form_page(request, form, title=title, button=_("Move"), back=back, crumbs=way, lead=lead)
