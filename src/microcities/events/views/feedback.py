"""Asking what somebody thought of an event, and showing the organiser what people think."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow, signed_in
from microcities.events.actions.feedback import give_feedback
from microcities.events.forms.attendance import FeedbackForm
from microcities.events.models import Attendee
from microcities.events.rules import may_give_feedback, may_manage_events
from microcities.events.summary import FEWEST, summary_of
from microcities.events.views.organising import run_crumbs, run_event_of
from microcities.events.views.public import crumbs
from microcities.people.sign_in import account_of
from microcities.ui.pages import form_page, page


@allow(signed_in, methods=("GET", "POST"))
def feedback(request: HttpRequest, number: int) -> HttpResponse:
    """What one thought of an event one came to."""
    account = account_of(request)
    own = Attendee.objects.filter(person_id=account.person_id or 0).select_related("event", "registration")
    attendee = get_object_or_404(own, pk=number)
    back = reverse("events:registration", args=[attendee.registration_id])
    if not (answer := may_give_feedback(account, attendee)):
        messages.error(request, str(answer.reason))
        return redirect(back)
    form = FeedbackForm(request.POST or None, initial={"group": attendee.event.audience})
    if form.is_valid():
        try:
            give_feedback(actor=account, attendee=attendee, **form.cleaned_data)
        except RefusedError as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Thank you. Your answer is kept without your name."))
            return redirect(back)
    title, lead = _("What did you think of it?"), _("Nobody can tell who answered what.")
    way = crumbs((title, ""))
    return form_page(request, form, title=f"{title} {attendee.event}", button=_("Send"), back=back, crumbs=way, lead=lead)


@allow(may_manage_events)
def feedback_summary(request: HttpRequest, uid: str) -> HttpResponse:
    """What people thought, once enough have answered."""
    event = run_event_of(request, uid)
    here = run_crumbs(event, (_("What people thought of it"), ""))
    context = {"event": event, "summary": summary_of(event), "fewest": FEWEST, "crumbs": here}
    return page(request, "events/feedback_summary.html", context)
