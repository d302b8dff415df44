"""What the tests of schools' pages share: addresses, a meeting with an employer, and the text of an answer."""

from typing import Any

from django.utils import timezone

from microcities.careers.actions.encounters import record_encounter
from microcities.careers.benchmarking import CHECKED
from microcities.careers.models import (
    Encounter,
)
from tests.careers.conftest import Schools

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
    given = {
        "actor": schools.anna, "school": schools.ventspils, "pupils": [schools.pupil], "kind": "employer", "name": "Tikšanās",
        "held_on": TODAY, "hours": 2, **ALL_CHECKS,
    }
    return record_encounter(**{**given, **fields})
