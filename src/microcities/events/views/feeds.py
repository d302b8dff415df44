"""Calendars to subscribe to: one event, everything public, and somebody's own events at a secret address."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from microcities.access.guards import allow, public, signed_in
from microcities.events.actions.feeds import create_feed, feed_digest, revoke_feed
from microcities.events.calendar import calendar_of, fingerprint, in_feed
from microcities.events.models import CalendarFeed, Event
from microcities.events.views.public import crumbs, event_of
from microcities.people.models import Account
from microcities.people.sign_in import account_of
from microcities.ui.pages import page

CONTENT_TYPE = "text/calendar; charset=utf-8"


@public
def public_feed(request: HttpRequest) -> HttpResponse:
    """Everything that is public."""
    return _feed(request, in_feed(Event.objects.public()), _("Events"), "events.ics", "public, max-age=300")


@public
def event_feed(request: HttpRequest, uid: str) -> HttpResponse:
    """One event, for a calendar."""
    found = event_of(request, uid)
    rows = Event.objects.published().filter(pk=found.pk).select_related("organisation", "room", "city")
    return _feed(request, rows, str(found), "event.ics", "private, no-cache")


@public
@sensitive_variables("secret")
def personal_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The events somebody goes to, for whoever knows the secret address; nobody's names are in it."""
    feed = get_object_or_404(CalendarFeed, digest=feed_digest(secret), revoked_at__isnull=True, account__is_active=True)
    account = Account.objects.get(pk=feed.account_id)
    events = in_feed(Event.objects.with_place_for(account))
    return _feed(request, events, _("My events"), "my-events.ics", "private, no-cache")


@allow(signed_in, methods=("GET", "POST"), own_account=True)
@sensitive_variables("secret", "address")
def feeds(request: HttpRequest) -> HttpResponse:
    """Make one's own feed, whose address is shown this one time, or withdraw it."""
    account, address = account_of(request), ""
    if request.method == "POST" and "withdraw" in request.POST:
        revoke_feed(actor=account)
        messages.success(request, _("The address is withdrawn and no longer works."))
        return redirect("events:feeds")
    if request.method == "POST":
        address = settings.SITE_URL + reverse("events:personal-feed", args=[create_feed(actor=account)])
    held = CalendarFeed.objects.filter(account=account, revoked_at__isnull=True).first()
    context = {
        "address": address, "held": held, "crumbs": crumbs((_("My calendar"), "")),
        "public_address": settings.SITE_URL + reverse("events:public-feed"),
    }
    return page(request, "events/feeds.html", context)


def _feed(request: HttpRequest, events: QuerySet[Event], name: str, file: str, caching: str) -> HttpResponse:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    base_url = (settings.SITE_URL + reverse("events:list")).rstrip("/")
    content = calendar_of(events, name=name, host=host, base_url=base_url)
    tag = fingerprint(content)
    known = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    response: HttpResponse = HttpResponseNotModified() if tag in known else HttpResponse(content, content_type=CONTENT_TYPE)
    response["ETag"] = tag
    response["Cache-Control"] = caching
    if response.status_code == 200:
        response["Content-Disposition"] = f'inline; filename="{file}"'
    patch_vary_headers(response, ["Cookie"])
    return response
