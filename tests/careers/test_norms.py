"""Percentiles beside others: each person once, with the latest careful answers, and never of a group that is too small."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from microcities.careers.actions.norms import compute_norms
from microcities.careers.engines.questionnaire import shipped_questionnaire
from microcities.careers.interest_norms import known_sex, norms_of
from microcities.careers.interest_results import profile_of, reading_of
from microcities.careers.models import InterestNorm, InterestSheet
from microcities.people.models import Person
from microcities.trail.context import System
from tests import factories
from tests.careers.conftest import Schools
from tests.careers.test_own_interests_pages import BASE, finished

pytestmark = pytest.mark.django_db
ASKED = shipped_questionnaire()
ACTOR = System("careers")


def sheet_of(person: Person, realistic: int = 3, days_ago: int = 1, minutes: int = 10, **fields: Any) -> InterestSheet:
    """Careful answers: `realistic` to statements of R, other answers to the others."""
    end = timezone.now() - timedelta(days=days_ago)
    levels = {"R": realistic, "I": 4, "A": 2, "S": 5, "E": 1, "C": 2}
    return InterestSheet.objects.create(
        **{
            "person": person, "questionnaire": ASKED.name, "words": [0], "finished_at": end,
            "begun_at": end - timedelta(minutes=minutes), "answers": {item.code: levels[item.type] for item in ASKED.items},
            **fields,
        }
    )


def people(count: int, sex: str = "unknown") -> list[Person]:
    return [factories.make_person(f"P{number}", f"{sex}{number}", sex=sex) for number in range(count)]


def test_norms_are_kept_of_groups_that_are_large_enough_only(schools: Schools) -> None:
    for person in [*people(100, "female"), *people(99, "male")]:
        sheet_of(person)
    assert compute_norms(actor=ACTOR) == 2
    assert list(InterestNorm.objects.order_by("group").values_list("questionnaire", "group", "people")) == [
        (ASKED.name, "", 199), (ASKED.name, "female", 100)
    ]


def test_one_answer_less_and_the_group_goes(schools: Schools) -> None:
    sheets = [sheet_of(person) for person in people(100)]
    assert compute_norms(actor=ACTOR) == 1
    sheets[0].delete()
    assert compute_norms(actor=ACTOR) == 0
    assert InterestNorm.objects.count() == 0


def test_each_person_counts_once_with_the_latest_answers(schools: Schools) -> None:
    crowd = people(100)
    for person in crowd:
        sheet_of(person, realistic=1)
    sheet_of(crowd[0], realistic=5, days_ago=0)
    sheet_of(crowd[1], realistic=5, days_ago=9)
    compute_norms(actor=ACTOR)
    norm = norms_of(ASKED.name)[0]
    assert (norm.n, norm.counts[0]) == (100, ((10.0, 99), (50.0, 1)))


def test_careless_and_open_answers_do_not_count(schools: Schools) -> None:
    crowd = people(104)
    for person in crowd[:100]:
        sheet_of(person)
    sheet_of(crowd[100], minutes=1)
    sheet_of(crowd[101], words=[1])
    sheet_of(crowd[102], answers={item.code: 3 for item in ASKED.items})
    sheet_of(crowd[103], finished_at=None, begun_at=timezone.now())
    compute_norms(actor=ACTOR)
    assert [norm.n for norm in norms_of(ASKED.name)] == [100]


def test_version_that_is_not_shipped_is_left_out(schools: Schools) -> None:
    for person in people(100):
        sheet_of(person, questionnaire="operators-own-1")
    assert compute_norms(actor=ACTOR) == 0


def test_percentile_is_the_mid_rank_among_the_kept(schools: Schools) -> None:
    crowd = people(100)
    for number, person in enumerate(crowd):
        sheet_of(person, realistic=1 + number // 25)
    compute_norms(actor=ACTOR)
    own = sheet_of(schools.pupil, realistic=3)
    # 50 scored lower, 25 the same.
    assert profile_of(own)["percentiles"][0] == 62.5
    assert profile_of(own)["percentiles_within_sex"] is None


def test_same_sex_is_a_group_of_its_own_and_sexes_not_known_are_none(schools: Schools) -> None:
    for person in people(100, "female"):
        sheet_of(person, realistic=2)
    for person in people(100, "male"):
        sheet_of(person, realistic=4)
    compute_norms(actor=ACTOR)
    Person.objects.filter(pk=schools.pupil.pk).update(sex="female")
    own = InterestSheet.objects.select_related("person").get(pk=sheet_of(schools.pupil, realistic=4).pk)
    profile = profile_of(own)
    assert (profile["percentiles"][0], profile["percentiles_within_sex"][0]) == (75, 100)
    table = reading_of(own).norms
    assert table is not None
    assert (table.people, table.of_same_sex, table.by_sex, table.rows[0][4:]) == (200, 100, True, ("20,0", "40,0"))
    assert [known_sex(sex) for sex in ("female", "male", "other", "unknown")] == ["female", "male", "", ""]


def test_page_shows_the_place_beside_others_by_one_query(client: Client, schools: Schools) -> None:
    sheet = finished(client, schools)
    client.get(f"{BASE}{sheet.pk}/")  # what was said of the finished questionnaire is read out once
    with CaptureQueriesContext(connection) as without:
        assert "Beside others" not in client.get(f"{BASE}{sheet.pk}/").content.decode()
    for person in people(100):
        sheet_of(person, realistic=1)
    compute_norms(actor=ACTOR)
    with CaptureQueriesContext(connection) as queries:
        shown = client.get(f"{BASE}{sheet.pk}/").content.decode()
    assert "101 people have answered this version with care" in shown
    assert len(queries) == len(without)
    asked = [query["sql"] for query in queries if "careers_interestnorm" in query["sql"]]
    assert len(asked) == 1


def test_database_keeps_no_norm_of_a_few(schools: Schools) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        InterestNorm.objects.create(questionnaire="q-1", people=29, counts=[])
    assert error.value.__cause__.diag.constraint_name == "interest_norm_not_of_few"  # type: ignore[union-attr]
