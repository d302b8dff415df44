"""Offers the programme's activities to the public pages: what is open and what was."""

from collections.abc import Iterator

from django.urls import reverse

from microcities.participation.models import Activity
from microcities.participation.models.activities import ActivityKind
from microcities.programme.models import Programme
from microcities.programme.offers import Offer, offers_by

AUDIENCES: dict[str, frozenset[str]] = {
    ActivityKind.CAREER_SUPPORT: frozenset({"pupil", "student", "school"}),
    ActivityKind.SUMMER_JOB: frozenset({"pupil", "employer"}),
    ActivityKind.RESKILLING: frozenset({"adult", "student", "talent"}),
    ActivityKind.GRANT_CALL: frozenset({"employer"}),
}


@offers_by("participation.activities")
def activities(programme: Programme) -> Iterator[Offer]:
    """Every activity of the programme; who took part is not public, that it took place is."""
    for activity in Activity.objects.filter(programme=programme).select_related("organisation", "city"):
        yield Offer(
            title=str(activity),
            kind=activity.get_kind_display(),
            city=str(activity.city),
            organiser=str(activity.organisation),
            starts_on=activity.starts_on,
            ends_on=activity.ends_on,
            audiences=AUDIENCES[activity.kind],
            href=reverse("participation:activity", args=[activity.code]),
        )
