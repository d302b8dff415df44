"""The public pages: what is open, month by month, place by place, and one event."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import public
from microcities.events.models import Event, EventState, Registration
from microcities.events.rules import may_manage, may_register_now
from microcities.events.structured import as_script, event_data
from microcities.events.tables import event_table
from microcities.events.wording import when_words, where_words
from microcities.events.words import language_words, state_words
from microcities.ui.pages import page

YEARS = range(2000, 2101)


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of events."""
    return [(_("Home"), reverse("programme:home")), (_("Events"), reverse("events:list")), *steps]


def event_of(request: HttpRequest, uid: Any) -> Event:
    """The event, for whoever may see it; for anybody else there is none."""
    visible = Event.objects.visible_to(request.user)  # type: ignore[arg-type]
    shown = visible.select_related("organisation", "city", "room", "series").with_places_taken()
    return get_object_or_404(shown, uid=uid)


@public
def events(request: HttpRequest) -> HttpResponse | FileResponse:
    """What is open now."""
    table = event_table(Event.objects.public().coming(), request.GET)
    if table.export_format:
        return table.export("events")
    today = timezone.localdate()
    return page(request, "events/events.html", {"table": table, "year": today.year, "month": today.month}, part="table")


@public
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The events of a month, day by day."""
    if year not in YEARS or not 1 <= month <= 12:
        raise Http404(_("There is no such month."))
    first = date(year, month, 1)
    after = (first + timedelta(days=31)).replace(day=1)
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, after))
    found = Event.objects.public().filter(starts_at__lt=end, ends_at__gt=start).order_by("starts_at", "pk")
    days: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for event in found.select_related("city", "room").with_places_taken():
        days[max(first, timezone.localdate(event.starts_at))].append(_line(event))
    before = first - timedelta(days=1)
    context = {
        "first": first, "days": sorted(days.items()), "before": before, "after": after,
        "crumbs": crumbs((_("By month"), "")),
    }
    return page(request, "events/month.html", context)


@public
def places(request: HttpRequest) -> HttpResponse:
    """Coming events by place, in words and without a map."""
    by_place: dict[str, list[dict[str, Any]]] = defaultdict(list)
    found = Event.objects.public().coming().exclude(state=EventState.CANCELLED).select_related("city", "room")
    for event in found.with_places_taken():
        by_place[where_words(event)].append(_line(event))
    context = {"places": sorted(by_place.items()), "crumbs": crumbs((_("By place"), ""))}
    return page(request, "events/places.html", context)


def _line(event: Event) -> dict[str, Any]:
    word, kind = state_words(event, timezone.now())
    return {"event": event, "when": when_words(event), "where": where_words(event), "word": word, "kind": kind}


@public
def event(request: HttpRequest, uid: str) -> HttpResponse:
    """One event: what, when, where, for whom, and how to come."""
    found, now = event_of(request, uid), timezone.now()
    address = settings.SITE_URL + reverse("events:event", args=[found.uid])
    word, kind = state_words(found, now)
    context: dict[str, Any] = {
        "event": found, "when": when_words(found), "where": where_words(found), "word": word, "kind": kind,
        "languages": language_words(found.languages), "hosts": found.hosts.select_related("organisation").order_by("pk"),
        "open": may_register_now(found, now), "structured": as_script(event_data(found, address)),
        "dates": _other_dates(found, now), "crumbs": crumbs((str(found), "")), "mine": (), "runs": False,
    }
    if request.user.is_authenticated:
        mine = Registration.objects.live().of_account(request.user).filter(event=found)
        context |= {"mine": mine, "runs": may_manage(request.user, found)}
    return page(request, "events/event.html", context)


def _other_dates(event: Event, now: datetime) -> list[dict[str, Any]]:
    if event.series_id is None:
        return []
    others = Event.objects.public().coming(now).filter(series=event.series_id).exclude(pk=event.pk)
    return [_line(each) for each in others.select_related("city", "room").with_places_taken()[:12]]
