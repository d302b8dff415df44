"""What the tests of schools' pages share: addresses, a meeting, a year's leavers, and the text of an answer."""

from typing import Any

from django.utils import timezone

from microcities.careers.actions.encounters import record_encounter
from microcities.careers.benchmarking import CHECKED
from microcities.careers.models import Destination, Encounter
from microcities.careers.school_years import last_day
from tests.careers.conftest import Schools, make_class, make_pupil, place

TODAY = timezone.localdate()
ALL_CHECKS = dict.fromkeys(CHECKED, True)


def text(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def at(schools: Schools, page: str = "") -> str:
    return f"/en/careers/schools/{schools.ventspils.pk}/{page}"


def encounter_values(**values: Any) -> dict[str, Any]:
    return {
        "kind": "employer", "name": "Tikšanās ar SIA Koks", "held_on": TODAY.isoformat(), "hours": "2", "mode": "in_person",
        **dict.fromkeys(CHECKED, "on"), **values,
    }


def meet(schools: Schools, **fields: Any) -> Encounter:
    """A meeting on record; nobody has yet been said to have come."""
    given = {
        "actor": schools.anna, "school": schools.ventspils, "pupils": [schools.pupil], "kind": "employer", "name": "Tikšanās",
        "held_on": TODAY, "hours": 2, **ALL_CHECKS,
    }
    return record_encounter(**{**given, **fields})


def met(schools: Schools, *pupils: Any, **fields: Any) -> Encounter:
    """A meeting that the pupils, or the school's one pupil, were at."""
    return meet(schools, pupils=pupils or [schools.pupil], attended=True, **fields)


def finish(schools: Schools, year: int, stem: int, other: int, silent: int) -> None:
    """A year's leavers of Ventspils: how many went on to a science field, to another, and said nothing."""
    found = make_class(schools.ventspils, f"12.{year}", number=12, school_year=year, is_final=True)
    for number in range(stem + other + silent):
        person = make_pupil(schools.ventspils, f"Z{year}{number}", age=19)
        place(found, person, reason="graduated")
        if number < stem + other:
            Destination.objects.create(
                school=schools.ventspils, person=person, kind="actual", said_on=last_day(year), way="study",
                field_code="0613" if number < stem else "02", confirmed_by="pupil",
            )
