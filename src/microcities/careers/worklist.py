"""What of career support waits for whom on My work: attendance, checklists, a programme, a school year, talks to write up."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.careers.models import Encounter, GuidanceTalk, Presence, School, SchoolClass, meaningful, present_year
from microcities.careers.queries import own_people
from microcities.careers.rules import may_give_guidance, may_keep_schools
from microcities.careers.school_years import first_day, label
from microcities.notices.worklist import Task, waits_for
from microcities.people.roles import Permission

MOST_SHOWN = 10
# What nobody marked within so many days is asked for no more.
ASKED_FOR = timedelta(days=60)


@waits_for("careers.attendance")
def encounters_to_mark(account: Any) -> Iterator[Task]:
    """Encounters that have been held and of which it is not known who was there."""
    if not may_keep_schools(account):
        return
    today = timezone.localdate()
    held = Encounter.objects.filter(
        school__in=School.objects.kept_by(account), held_on__lte=today, held_on__gte=today - ASKED_FOR
    ).annotate(unknown=Count("attendances", filter=Q(attendances__presence=Presence.EXPECTED)))
    for each in held.filter(unknown__gt=0).order_by("held_on", "pk")[:MOST_SHOWN]:
        count = each.unknown  # type: ignore[attr-defined]  # annotated
        href = reverse("careers:encounter-attendance", args=[each.pk])
        yield Task(_("Mark who was there"), href, count=count, detail=str(each))


@waits_for("careers.checklists")
def checklists_to_complete(account: Any) -> Iterator[Task]:
    """Encounters of this school year that pupils attended and that do not count yet."""
    if not may_keep_schools(account):
        return
    attended = Encounter.objects.filter(
        school__in=School.objects.kept_by(account), held_on__gte=first_day(present_year()), held_on__lte=timezone.localdate()
    ).exclude(meaningful()).annotate(there=Count("attendances", filter=Q(attendances__presence=Presence.ATTENDED)))
    for each in attended.filter(there__gt=0).order_by("held_on", "pk")[:MOST_SHOWN]:
        count = each.there  # type: ignore[attr-defined]  # annotated
        yield Task(_("Complete the checklist, so that the encounter counts"), reverse("careers:encounter", args=[each.pk]),
                   count=count, detail=str(each))


@waits_for("careers.school_year")
def years_to_begin(account: Any) -> Iterator[Task]:
    """Schools whose classes of last year have not moved up, and those without a programme for this year."""
    if not may_keep_schools(account):
        return
    year = present_year()
    kept = School.objects.kept_by(account).select_related("organisation")
    begun = SchoolClass.objects.of_year(year).values("school_id")
    for each in kept.filter(classes__school_year=year - 1).exclude(pk__in=begun).distinct()[:MOST_SHOWN]:
        href = f"{reverse('careers:next-year', args=[each.pk])}?year={year - 1}"
        yield Task(_("Begin the school year"), href, detail=f"{each}, {label(year)}")
    for each in kept.filter(pk__in=begun).exclude(programmes__school_year=year)[:MOST_SHOWN]:
        href = f"{reverse('careers:programme', args=[each.pk])}?year={year}"
        yield Task(_("Write the careers programme"), href, detail=f"{each}, {label(year)}")


@waits_for("careers.talks")
def talks_to_write_up(account: Any) -> Iterator[Task]:
    """Talks whose time is over and of which it is not known whether they were held."""
    if not may_give_guidance(account):
        return
    over = GuidanceTalk.objects.booked().filter(
        organisation_id__in=account.organisation_ids(Permission.GIVE_GUIDANCE), booking__ends_at__lte=timezone.now()
    )
    if count := over.count():
        yield Task(_("Say what became of talks whose time is over"), f"{reverse('careers:talks')}?show=waiting", count=count)


@waits_for("careers.offers")
def talks_to_answer(account: Any) -> Iterator[Task]:
    """Talks that were offered to the account's person or a child, and neither booked nor declined."""
    offered = GuidanceTalk.objects.open().filter(person_id__in=own_people(account)).select_related("person")
    for each in offered.order_by("offered_on", "pk")[:MOST_SHOWN]:
        href = reverse("careers:own-talk", args=[each.pk])
        yield Task(_("Answer the offer of a guidance talk"), href, detail=each.person.name)
