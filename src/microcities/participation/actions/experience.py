"""Takes finished summer work into a school's career record, on the word of the school's staff."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.actions.encounters import mark_attendance, record_encounter
from microcities.careers.models import Encounter, EncounterKind, School
from microcities.careers.rules import may_keep
from microcities.participation.models import PlacementExperience
from microcities.participation.summer_experience import hours_of, waiting_at
from microcities.people.models import Account
from microcities.summerjobs.models import Feedback, Party
from microcities.trail.context import change


def take_experience(*, actor: Account, school: School, placements: Iterable[int], **said: Any) -> list[Encounter]:
    """One encounter for each placement, with its hours; `said` are the school's answers, as the model of encounters has them.

    That a task was done and judged follows from the supervisor's feedback, that it was thought over from the pupil's. The day
    is the last day of work. Raises RefusedError.
    """
    require(may_keep(actor, school))
    wanted = set(placements)
    made = []
    with change("participation.take_experience", actor=actor):
        rows = [each for each in waiting_at(school) if each.pk in wanted]
        if len(rows) != len(wanted):
            raise RefusedError(
                _("Some of this work is in the record already, or is not of this school's pupils. Open the page anew.")
            )
        given = set(Feedback.objects.filter(placement__in=rows).values_list("placement_id", "by_party"))
        for placement in rows:
            encounter = record_encounter(
                actor=actor, school=school, pupils=[placement.person], attended=True, kind=EncounterKind.WORKPLACE,
                name=str(placement.post), held_on=placement.ended, hours=hours_of(placement),
                host=placement.post.host.organisation, is_stem=placement.post.is_stem,
                task_with_feedback=(placement.pk, Party.EMPLOYER) in given, **said,
            )
            if (placement.pk, Party.PUPIL) in given:
                mark_attendance(actor=actor, encounter=encounter, attended=(), reflected=[placement.person_id])
            PlacementExperience.objects.create(placement=placement, encounter=encounter)
            made.append(encounter)
    return made
