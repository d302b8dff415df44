"""The tables of counsellors: their talks, and their coming days."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import DateTimeField, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.bookings.engines.free_times import opening_spans
from microcities.bookings.engines.local_time import zone_named
from microcities.bookings.models import Allocation, Resource
from microcities.careers.counsellors import ZONE, free_talks, weekly_hours
from microcities.careers.models import GuidanceTalk
from microcities.careers.own_record import TALK_KINDS
from microcities.careers.rules import STATE_WORDS
from microcities.database.expressions import LatvianKey
from microcities.people.models import Account
from microcities.people.roles import Permission
from microcities.privacy.looks import log_download
from microcities.ui.components import Tab, status
from microcities.ui.numbers import format_day, format_moment
from microcities.ui.tables import Column, Table

DAYS_AHEAD = 14
MOMENT = Coalesce(
    "booking__starts_at", Cast("held_on", DateTimeField()), Cast("offered_on", DateTimeField()), output_field=DateTimeField()
)


def talks_to_show(account: Account, shown: str) -> QuerySet[GuidanceTalk]:
    """Talks of the account's organisations: today's, this week's, those to record, those offered, or all."""
    rows: Any = GuidanceTalk.objects.filter(organisation_id__in=account.organisation_ids(Permission.GIVE_GUIDANCE))
    now, today = timezone.now(), timezone.localdate()
    if shown == "waiting":
        rows = rows.booked().filter(booking__ends_at__lte=now)
    elif shown == "offered":
        rows = rows.open()
    elif shown in ("today", "week"):
        last = today if shown == "today" else today + timedelta(days=6)
        start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (today, last + timedelta(days=1)))
        rows = rows.filter(Q(booking__starts_at__gte=start, booking__starts_at__lt=end), cancelled_at__isnull=True)
    return rows.select_related("person", "organisation", "booking", "adviser")


def tabs_of(shown: str) -> list[Tab]:
    """The ways to look at the talks."""
    words = {
        "today": _("Today"), "week": _("Next seven days"), "waiting": _("To record"), "offered": _("Offered"), "all": _("All"),
    }
    return [Tab(label, f"{reverse('careers:talks')}?show={key}", key == shown) for key, label in words.items()]


def talk_table(rows: QuerySet[GuidanceTalk], params: QueryDict, *, latest_first: bool) -> Table:
    """Talks, the next first, or the latest."""
    return Table(
        rows=rows,
        columns=[
            Column("person", _("Person"), value=lambda row: row.person.name, heading=True,
                   order_by=(LatvianKey("person__family_name"), LatvianKey("person__given_name")),
                   link=lambda row: reverse("careers:talk", args=[row.pk])),
            Column("when", _("When"), value=_when, order_by=MOMENT),
            Column("state", _("State"), value=lambda row: str(STATE_WORDS[row.state]),
                   cell=lambda row: status(str(STATE_WORDS[row.state]), TALK_KINDS[row.state])),  # type: ignore[arg-type]
            Column("adviser", _("Held by"), value=lambda row: row.adviser.name if row.adviser else ""),
        ],
        params=params, caption=_("Guidance talks"), default_sort="-when" if latest_first else "when", headed=True,
        empty=_("No talk here"),
        empty_hint=_("Offer talks on people's own pages; pupils and parents book a time themselves."),
        on_export=log_download(_("a guidance talk"), lambda row: (row.person,)),
    )


class Day(NamedTuple):
    """A coming day of a counsellor."""

    day: date
    hours: str
    booked: str
    free: int


def coming_days(counsellor: Resource) -> list[Day]:
    """Hours, what is booked and how many starts are free on each of the next two weeks' days."""
    first = timezone.localdate()
    last = first + timedelta(days=DAYS_AHEAD - 1)
    open_spans = opening_spans(weekly_hours(counsellor), first, last, zone_named(ZONE, "zone"))
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1)))
    taken = Allocation.objects.of([counsellor]).blocking(start, end).order_by("during")
    hours = _by_day((opens, closes) for opens, closes in open_spans)
    booked = _by_day((each.starts_at, each.ends_at) for each in taken)
    free: dict[date, int] = {}
    for span in free_talks(counsellor, first, last):
        free[timezone.localdate(span.starts_at)] = free.get(timezone.localdate(span.starts_at), 0) + 1
    days = [first + timedelta(days=number) for number in range(DAYS_AHEAD)]
    return [Day(day, ", ".join(hours.get(day, [])), ", ".join(booked.get(day, [])), free.get(day, 0)) for day in days]


def days_table(counsellor: Resource, params: QueryDict) -> Table:
    """The next two weeks of a counsellor."""
    return Table(
        rows=coming_days(counsellor),
        columns=[
            Column("day", _("Day"), value=lambda row: format_day(row.day), heading=True),
            Column("hours", _("Hours"), cell=lambda row: row.hours or _("closed")),
            Column("booked", _("Booked"), cell=lambda row: row.booked or _("nothing")),
            Column("free", _("Free starts"), numeric=True),
        ],
        params=params, caption=_("The next two weeks"), name=f"d{counsellor.pk}", exports=(), tie_break=(), per_page=DAYS_AHEAD,
        empty=_("No day"),
    )


def _by_day(spans: Any) -> dict[date, list[str]]:
    found: dict[date, list[str]] = {}
    for starts_at, ends_at in spans:
        start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
        found.setdefault(start.date(), []).append(f"{start:%H:%M}–{end:%H:%M}")
    return found


def _when(row: GuidanceTalk) -> str:
    if row.booking is not None:
        return format_moment(row.booking.starts_at)
    return format_day(row.held_on or row.offered_on)
