"""Shows summer work in the career record of whoever did it, and finds the work that a school has not yet taken into its own."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from microcities.careers.experience import Experience, adds_experience
from microcities.careers.models import Enrolment, School
from microcities.summerjobs.models import Feedback, Party, Placement, PlacementState

MINUTES_OF_HOUR = 60
WORKED = Q(work_days__worked_minutes__gt=0)
OVER = (PlacementState.COMPLETED, PlacementState.DROPPED_OUT)


def worked() -> QuerySet[Any]:
    """Placements with a day of work, each with `began`, `ended` and `minutes`."""
    rows = Placement.objects.filter(WORKED).select_related("post__host__organisation", "person")
    return rows.annotate(
        began=Min("work_days__on", filter=WORKED), ended=Max("work_days__on", filter=WORKED),
        minutes=Sum("work_days__worked_minutes", filter=WORKED),
    )


def hours_of(placement: Any) -> Decimal:
    """Hours worked, to the hundredth."""
    return (Decimal(placement.minutes) / MINUTES_OF_HOUR).quantize(Decimal("0.01"))


@adds_experience("summer")
def summer_work(person: Any) -> Iterator[Experience]:
    """Summer posts in which the person worked, with what the employer wrote for the pupil."""
    rows = list(worked().filter(person=person))
    words = {
        each.placement_id: each.words
        for each in Feedback.objects.filter(placement__in=rows, by_party=Party.EMPLOYER).exclude(words="")
    } if rows else {}
    for each in rows:
        yield Experience(
            what=str(each.post), host=str(each.post.host), kind=_("summer post"), first_on=each.began, last_on=each.ended,
            hours=hours_of(each), words=words.get(each.pk, ""),
        )


def waiting_at(school: School) -> QuerySet[Any]:
    """Finished work of those who were the school's pupils when it began, and that its record does not have yet."""
    here = Enrolment.objects.filter(
        school_class__school=school, person_id=OuterRef("person_id"), joined_on__lte=OuterRef("first_on"),
        left_on__gte=OuterRef("first_on"),
    )
    rows = worked().filter(Exists(here), state__in=OVER, placement_experience__isnull=True)
    return rows.order_by("began", "person__family_name", "person__given_name", "pk")
