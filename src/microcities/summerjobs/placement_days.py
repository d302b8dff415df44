"""The days and minutes that a placement is to be worked, within its own first and last day."""

from microcities.summerjobs.eligible import worker_of
from microcities.summerjobs.models import Placement
from microcities.summerjobs.working_days import Law, PlannedDay


def days_of(placement: Placement, law: Law) -> list[PlannedDay]:
    """The planned days with work, by date; none where the date of birth is not known."""
    worker = worker_of(placement.application, placement.medical_on)
    if worker is None:
        return []
    days = law.planned_days(placement.post, worker)
    return [day for day in days if day.minutes and placement.first_on <= day.on <= placement.last_on]
