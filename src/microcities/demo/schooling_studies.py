"""What the demo's places of study offer, and how other pupils answered on interests, so that one's own can be compared."""

import random
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from microcities.careers.actions.norms import compute_norms
from microcities.careers.actions.studies import add_study
from microcities.careers.interest_results import current_questionnaire
from microcities.careers.models import InterestSheet
from microcities.demo.foundations import MANAGER
from microcities.demo.schooling_ground import Schooling
from microcities.people.models import Person
from microcities.trail.context import System

DATA = Path(__file__).parent / "data" / "studies.toml"
OLD_ENOUGH = 13 * 366
MINUTES = 9
SAME = ("kind", "name", "name_en", "languages", "months", "places", "url")
DAYS = {"opens": "opens_on", "closes": "closes_on"}
# How much the sexes like each type on average, as questionnaires of this kind usually find.
LIKED = {
    "female": {"R": 2.2, "I": 3.0, "A": 3.2, "S": 3.7, "E": 3.0, "C": 2.8},
    "male": {"R": 3.2, "I": 3.2, "A": 2.6, "S": 2.8, "E": 3.1, "C": 2.7},
}


def offer_studies(told: Schooling) -> None:
    """Schools and technikums enter their own programmes, the programme manager those of the universities."""
    for entry in _story()["study"]:
        place = entry["place"]
        organisation = told.organisation(place)
        actor = told.schools[place].head if place in told.schools else told.ground.accounts[MANAGER]
        city = told.schools[place].school.city if place in told.schools else told.ground.cities_of[place]
        days: dict[str, Any] = {name: told.today + timedelta(days=entry[key]) for key, name in DAYS.items() if key in entry}
        same = {name: entry[name] for name in SAME if name in entry}
        add_study(actor=actor, organisation=organisation, city=city, field_code=entry["field"], **same, **days)


def answer_interests(told: Schooling) -> None:
    """Other pupils have answered in the weeks before; the night's work has counted them."""
    chosen = random.Random(8)  # noqa: S311  (the same answers at each building)
    asked = current_questionnaire()
    born = told.today - timedelta(days=OLD_ENOUGH)
    pupils = Person.objects.filter(enrolments__isnull=False, account__isnull=True, birth_on__lte=born, sex__in=LIKED)
    sheets = []
    for person in pupils.distinct().order_by("pk")[: _story()["others"]]:
        end = timezone.now() - timedelta(days=chosen.randint(1, 60))
        tastes = {letter: chosen.gauss(mean, 0.8) for letter, mean in LIKED[person.sex].items()}
        answers = {item.code: min(5, max(1, round(chosen.gauss(tastes[item.type], 0.9)))) for item in asked.items}
        sheets.append(InterestSheet(
            person=person, questionnaire=asked.name, answers=answers, words=[0], finished_at=end,
            begun_at=end - timedelta(minutes=MINUTES),
        ))
    InterestSheet.objects.bulk_create(sheets)
    compute_norms(actor=System("careers"))  # as the night's work does


def _story() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))
