"""Crossed parts: every total comes from the parts, whoever lacks an attribute is in the total only, partners see their own."""

import csv
import io
from datetime import date

import pytest
from django.test import Client

from microcities.results.models import Indicator
from tests import factories
from tests.results.exports.conftest import body
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "indicators")]
# (birth, sex): two girls, three young men, one grown man, one of unknown sex, one of unknown age.
SUMMER = [(date(2003, 1, 1), "female")] * 2 + [(date(2002, 1, 1), "male")] * 3 + [
    (date(1980, 1, 1), "male"), (date(2003, 1, 1), "unknown"), (None, "female"),
]
FIGURE = "/en/results/summer-jobs/crossed/"


@pytest.fixture
def lived(world: World) -> World:
    """Eight in Valmiera's summer jobs, one of them also in Ventspils' later ones."""
    for number, (birth_on, sex) in enumerate(SUMMER):
        person = factories.make_person(f"P{number}", "Egle", birth_on=birth_on, sex=sex)
        factories.take_part(world.summer, person, world.erdf)
    other = factories.make_activity(
        world.programme, world.ventspils_partner, world.ventspils, code="summer-v", starts_on=date(2019, 7, 1)
    )
    factories.take_part(other, person, world.erdf, started_on=date(2019, 7, 1))
    factories.take_part(other, world.zane, world.erdf, started_on=date(2019, 7, 1))
    return world


def signed_in(account: object) -> Client:
    client = Client()
    client.force_login(account)  # type: ignore[arg-type]
    return client


def crossed(account: object, **asked: str) -> list[tuple[str, ...]]:
    """The rows of the crossed table."""
    response = signed_in(account).get(FIGURE, asked)
    assert response.status_code == 200
    return [row for part in response.context["parts"] for row in part.rows]


def test_sex_by_age_leaves_out_who_lacks_either_and_says_so(lived: World) -> None:
    assert crossed(lived.marta) == [
        ("Women", "2", "0", "0", "2"),
        ("Men", "3", "1", "0", "4"),
        ("Together", "5", "1", "0", "6"),
        ("sex or age not known", "", "", "", "3"),
        ("Everybody", "", "", "", "9"),
    ]
    page = signed_in(lived.marta).get(FIGURE).content.decode()
    assert "3 with unknown sex or age are in the total only" in page


def test_city_by_partner_counts_everybody_once(lived: World) -> None:
    assert crossed(lived.marta, rows="city", columns="partner") == [
        ("Valmiera", "8", "0", "8"), ("Ventspils", "0", "1", "1"), ("Together", "8", "1", "9"),
    ]
    assert crossed(lived.marta, rows="service", columns="city", city="ventspils") == [
        ("partners' lists and records of participation", "2", "2"), ("Together", "2", "2"),
    ]


def test_partner_crosses_own_records_only(lived: World) -> None:
    assert crossed(lived.ventis, rows="city", columns="partner") == [("Ventspils", "2", "2"), ("Together", "2", "2")]
    assert crossed(lived.ventis, records_of="programme", rows="city", columns="partner")[-1] == ("Together", "2", "2")


@pytest.mark.parametrize(("name", "status"), [("aija", 200), ("dace", 403), ("otto", 403), ("svens", 403), ("pupil", 403)])
def test_crossed_is_for_those_who_see_details(lived: World, name: str, status: int) -> None:
    client = signed_in(getattr(lived, name))
    assert client.get(FIGURE).status_code == status
    assert client.get("/open-data/crossed/summer-jobs.csv").status_code == status


@pytest.mark.parametrize("query", ["?rows=sex&columns=sex", "?rows=shoe", "?as_of=soon"])
def test_wrong_choice_is_said_and_answered(lived: World, query: str) -> None:
    assert signed_in(lived.marta).get(FIGURE + query).status_code == 400


@pytest.mark.parametrize("code", ["fdi-place", "international-students"])
def test_what_is_not_counted_is_not_crossed(lived: World, indicators: dict[str, Indicator], code: str) -> None:
    assert signed_in(lived.marta).get(f"/en/results/{code}/crossed/").status_code == 404


@pytest.mark.parametrize(("name", "figure"), [("marta", 9), ("ventis", 2), ("valda", 8)])
def test_file_of_all_five_dimensions_adds_up_to_the_figure(lived: World, name: str, figure: int) -> None:
    client = signed_in(getattr(lived, name))
    answer = client.get("/open-data/crossed/summer-jobs.csv")
    rows = list(csv.DictReader(io.StringIO(body(answer).decode())))
    assert sum(int(row["value"]) for row in rows) == figure
    assert {row["service"] for row in rows} == {"participation"}
    found = client.get("/en/results/").context["found"]().figures
    assert next(each.value for each in found if each.indicator.code == "summer-jobs") == figure
