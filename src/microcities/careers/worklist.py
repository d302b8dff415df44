"""What of career support waits for whom on My work: attendance, checklists, a programme, a school year, talks to write up."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.careers import exchange_worklist  # noqa: F401  (its tasks register themselves)
from microcities.careers.counsellors import counselling_today
from microcities.careers.event_links import came_to, recording_address, unrecorded
from microcities.careers.models import (
    CareerPlan,
    Encounter,
    GuidanceTalk,
    PlanStep,
    Presence,
    Question,
    School,
    SchoolClass,
    meaningful,
    present_year,
)
from microcities.careers.queries import own_people
from microcities.careers.question_words import due_on, waiting_words
from microcities.careers.rules import keeps_a_school, may_give_guidance
from microcities.careers.school_years import first_day, label
from microcities.careers.sealed_notes import left_behind
from microcities.notices.worklist import Task, waits_for
from microcities.people.models import Organisation
from microcities.people.roles import Permission

MOST_SHOWN = 10
# What nobody marked within so many days is asked for no more.
ASKED_FOR = timedelta(days=60)


@waits_for("careers.attendance", only=keeps_a_school)
def encounters_to_mark(account: Any) -> Iterator[Task]:
    """Encounters that have been held and of which it is not known who was there."""
    today = timezone.localdate()
    held = Encounter.objects.filter(
        school__in=School.objects.kept_by(account), held_on__lte=today, held_on__gte=today - ASKED_FOR
    ).annotate(unknown=Count("attendances", filter=Q(attendances__presence=Presence.EXPECTED)))
    for each in held.filter(unknown__gt=0).order_by("held_on", "pk")[:MOST_SHOWN]:
        count = each.unknown  # type: ignore[attr-defined]  # annotated
        href = reverse("careers:encounter-attendance", args=[each.pk])
        yield Task(_("Mark who was there"), href, count=count, detail=str(each))


@waits_for("careers.events", only=keeps_a_school)
def events_to_record(account: Any) -> Iterator[Task]:
    """Events to which the school's pupils came and of which no encounter tells yet."""
    kept = School.objects.kept_by(account)
    for event in unrecorded(account, timezone.now() - ASKED_FOR)[:MOST_SHOWN]:
        school = kept.filter(came_to(event)).order_by("pk")[0]
        href = recording_address(school, event)
        yield Task(_("Record the event as an encounter, so that it counts"), href, detail=str(event))


@waits_for("careers.checklists", only=keeps_a_school)
def checklists_to_complete(account: Any) -> Iterator[Task]:
    """Encounters of this school year that pupils attended and that do not count yet."""
    attended = Encounter.objects.filter(
        school__in=School.objects.kept_by(account), held_on__gte=first_day(present_year()), held_on__lte=timezone.localdate()
    ).exclude(meaningful()).annotate(there=Count("attendances", filter=Q(attendances__presence=Presence.ATTENDED)))
    for each in attended.filter(there__gt=0).order_by("held_on", "pk")[:MOST_SHOWN]:
        count = each.there  # type: ignore[attr-defined]  # annotated
        yield Task(_("Complete the checklist, so that the encounter counts"), reverse("careers:encounter", args=[each.pk]),
                   count=count, detail=str(each))


@waits_for("careers.school_year", only=keeps_a_school)
def years_to_begin(account: Any) -> Iterator[Task]:
    """Schools whose classes of last year have not moved up, and those without a programme for this year."""
    year = present_year()
    kept = School.objects.kept_by(account).select_related("organisation")
    begun = SchoolClass.objects.of_year(year).values("school_id")
    for each in kept.filter(classes__school_year=year - 1).exclude(pk__in=begun).distinct()[:MOST_SHOWN]:
        href = f"{reverse('careers:next-year', args=[each.pk])}?year={year - 1}"
        yield Task(_("Begin the school year"), href, detail=f"{each}, {label(year)}")
    for each in kept.filter(pk__in=begun).exclude(programmes__school_year=year)[:MOST_SHOWN]:
        href = f"{reverse('careers:programme', args=[each.pk])}?year={year}"
        yield Task(_("Write the careers programme"), href, detail=f"{each}, {label(year)}")


@waits_for("careers.talks", only=may_give_guidance)
def talks_to_write_up(account: Any) -> Iterator[Task]:
    """Talks whose time is over and of which it is not known whether they were held."""
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


@waits_for("careers.questions", only=may_give_guidance)
def questions_to_answer(account: Any) -> Iterator[Task]:
    """Questions that wait for the account's counsel, the longest first; nobody is named here."""
    today = timezone.localdate()
    waiting = Question.objects.to_counsellor(account).waiting().select_related("organisation")
    for each in waiting[:MOST_SHOWN]:
        detail = f"{each.organisation}, {waiting_words(each.waits_since, today)}"
        yield Task(_("Answer a question"), reverse("careers:question", args=[each.pk]), due_on(each), detail=detail)


@waits_for("careers.unanswered")
def questions_for_nobody(account: Any) -> Iterator[Task]:
    """Questions at organisations whose staff the account leads and that have no counsellor any more; only how many."""
    led = account.organisation_ids(Permission.INVITE)
    if not led:
        return
    left = Organisation.objects.filter(pk__in=led).exclude(pk__in=counselling_today().values("pk"))
    waiting = left.annotate(waiting=Count("counsellor_questions", filter=Q(counsellor_questions__waits_since__isnull=False)))
    for each in waiting.filter(waiting__gt=0).in_latvian_order()[:MOST_SHOWN]:
        count = each.waiting  # type: ignore[attr-defined]  # annotated
        yield Task(_("Questions wait and there is no counsellor: invite one"), reverse("people:members"), count=count,
                   detail=str(each))


@waits_for("careers.answers")
def answers_to_read(account: Any) -> Iterator[Task]:
    """Questions of one's own that were answered in the last weeks and are not closed."""
    if not account.person_id:
        return
    since = timezone.now() - ASKED_FOR
    answered = Question.objects.own(account).open().filter(waits_since__isnull=True, turns__written_at__gte=since)
    asked = answered.filter(Q(guardian_id=account.person_id) | Q(guardian__isnull=True)).distinct()
    for each in asked.select_related("organisation").in_order()[:MOST_SHOWN]:
        href = reverse("careers:own-question", args=[each.pk])
        yield Task(_("Read the answer, and write on or close the question"), href, detail=str(each.organisation))


@waits_for("careers.late_steps")
def steps_that_are_late(account: Any) -> Iterator[Task]:
    """Steps of one's own career plan whose day has passed."""
    if not account.person_id:
        return
    late = PlanStep.objects.late(timezone.localdate()).filter(plan__person_id=account.person_id)
    for each in late.order_by("due_on", "pk")[:MOST_SHOWN]:
        yield Task(_("A step of your career plan is late"), reverse("careers:career-plan"), each.due_on, detail=each.what)


@waits_for("careers.late_plans", only=may_give_guidance)
def plans_that_are_late(account: Any) -> Iterator[Task]:
    """Career plans shown to the account with steps that became late in the last weeks; nobody is named here."""
    today = timezone.localdate()
    late = Q(steps__done_on__isnull=True, steps__due_on__lt=today, steps__due_on__gte=today - ASKED_FOR)
    plans = CareerPlan.objects.shown_to(account).annotate(
        late=Count("steps", filter=late), first=Min("steps__due_on", filter=late)
    )
    for each in plans.filter(late__gt=0).order_by("first", "pk")[:MOST_SHOWN]:
        count, first = each.late, each.first  # type: ignore[attr-defined]  # annotated
        yield Task(_("A career plan that is shown to you has late steps"), reverse("careers:shown-plan", args=[each.pk]),
                   first, count)


@waits_for("careers.notes_left")
def notes_to_hand_on(account: Any) -> Iterator[Task]:
    """Sealed notes of counsellors who have gone, for whoever leads the staff or the careers programme; they stay unread."""
    for each in left_behind(account)[:MOST_SHOWN]:
        yield Task(_("Hand on a note of a counsellor who has gone"), reverse("careers:hand-on", args=[each.talk_id]),
                   detail=str(each.talk.organisation))
