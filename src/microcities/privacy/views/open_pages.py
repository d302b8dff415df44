"""What everybody may read: the privacy notice and the record of processing."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import public
from microcities.privacy.record import clock_words, clocks_on, recipients, record_of_processing
from microcities.privacy.rules import own_consent_age
from microcities.ui.pages import page


@public
def notice(request: HttpRequest) -> HttpResponse:
    """Who keeps what, what for, how long, and what anybody can do about it."""
    today = timezone.localdate()
    context = {
        "purposes": record_of_processing(),
        "clocks": clock_words(today),
        "partners": recipients(today),
        "consent_age": own_consent_age(today),
        "answer_months": clocks_on(today).answer_within_months,
        "crumbs": [(_("Home"), "/"), (_("Privacy"), "")],
    }
    return page(request, "privacy/notice.html", context)


@public
def record(request: HttpRequest) -> HttpResponse:
    """The record of processing activities, read off the tables themselves."""
    today = timezone.localdate()
    context = {
        "purposes": record_of_processing(),
        "clocks": clock_words(today),
        "partners": recipients(today),
        "today": today,
    }
    return page(request, "privacy/record.html", context)
