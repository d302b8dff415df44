"""Figures: which value or which nothing, how far from the target, and what they rest on."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from microcities.participation.models import Participation, ParticipationFunding
from microcities.people.models import Person
from microcities.programme.models import FundingSource
from microcities.results.actions.indicators import confirm_observation, record_observation, revise_target
from microcities.results.computing import compute_figures
from microcities.results.counts import Scope, count_indicators, total
from microcities.results.figures import Figure, State, Status
from microcities.results.models import Indicator, Period, Report
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db
END = date(2021, 10, 31)
AUTUMN = date(2019, 10, 31)


def figures(world: World, as_of: date = END, **asked: object) -> dict[str, Figure]:
    return {figure.indicator.code: figure for figure in compute_figures(world.programme, as_of=as_of, **asked)}


def summer_of_281(world: World) -> None:
    """281 pupils in the city's programme of 2019, 66 of them paid by the project, 12 of these by another source too."""
    people = Person.objects.bulk_create(Person(given_name=f"P{n}", family_name="Liepa") for n in range(281))
    records = Participation.objects.bulk_create(
        Participation(activity=world.summer, person=person, started_on=date(2019, 6, 3)) for person in people
    )
    agency = factories.make_funding("nva", name="NVA")
    ParticipationFunding.objects.bulk_create(
        ParticipationFunding(participation=record, funding_source=world.erdf if n < 66 else world.city_budget)
        for n, record in enumerate(records)
    )
    ParticipationFunding.objects.bulk_create(
        ParticipationFunding(participation=record, funding_source=agency) for record in records[:12]
    )


def retrained(world: World, year: int) -> None:
    """Zane's course of a year, March to June, paid by the programme."""
    factories.take_part(
        world.course, world.zane, world.erdf, started_on=date(year, 3, 1), completed_on=date(year, 6, 1)
    )


def observe(world: World, indicator: Indicator, city: object, on: date, **values: object) -> None:
    observation = record_observation(
        actor=world.marta, indicator=indicator, city=city, on=on, document_title="fDi", url="https://example.org/",
        **values,
    )
    other = factories.make_account(f"second-{observation.pk}@example.org")
    factories.give_role(other, world.ventspils_partner, "programme_manager")
    confirm_observation(actor=other, observation=observation)


def test_figures_definition_has_every_promised_result(indicators: dict[str, Indicator]) -> None:
    wanted = {code: each.targets.get().value for code, each in indicators.items()}
    assert wanted == {
        "students": None, "ict-places-filled": 1, "international-students": Decimal("0.09"), "edtech-in-use": 4,
        "edtech-made": 10, "ict-talents": 100, "reskilled": 100, "career-support": 1000, "summer-jobs": 250,
        "stem-choice": None, "makerspaces": 2, "innovations": 10, "new-companies": 20, "jobs-created": 160,
        "fdi-place": 2, "transfer": None,
    }


def test_figures_summer_counts_what_the_programme_paid(world: World, indicators: dict[str, Indicator]) -> None:
    summer_of_281(world)
    assert figures(world)["summer-jobs"].value == 66
    assert figures(world, funding=())["summer-jobs"].value == 281
    assert figures(world, funding=(world.city_budget.pk,))["summer-jobs"].value == 215


def test_figures_two_own_funding_sources_count_a_person_once(world: World, indicators: dict[str, Indicator]) -> None:
    """The tally cannot add two sources up: 12 pupils are paid from both."""
    summer_of_281(world)
    FundingSource.objects.filter(code="nva").update(programme=world.programme)
    found = figures(world)["summer-jobs"]
    assert (found.value, found.records, len(found.funding)) == (66, 66, 2)


def test_figures_summer_pace_is_counted_in_seasons(world: World, indicators: dict[str, Indicator]) -> None:
    """Facts 1.3: one summer of three with 66 pupils; by months the 250 would look reached far too early."""
    summer_of_281(world)
    found = figures(world, AUTUMN)["summer-jobs"]
    assert found.forecast is not None
    assert (found.forecast.exposure.done, found.forecast.exposure.total) == (1, 3)
    assert found.forecast.mean == pytest.approx(66 + 66.5 * 2)
    assert found.forecast.probability < 0.01
    assert found.status is Status.AT_RISK
    whole = figures(world, AUTUMN, funding=())["summer-jobs"]
    assert whole.status is Status.REACHED


def test_figures_four_nothings_are_different(world: World, indicators: dict[str, Indicator]) -> None:
    assert figures(world, date(2018, 10, 31))["career-support"].state is State.NOT_BEGUN
    assert figures(world, date(2019, 5, 31))["summer-jobs"].state is State.NOT_BEGUN
    assert figures(world)["career-support"].state is State.NOT_REPORTED
    assert figures(world)["jobs-created"].state is State.NO_SERVICE
    assert figures(world)["fdi-place"].state is State.NOT_REPORTED
    period = Period.objects.create(
        programme=world.programme, code="2019-1", starts_on=date(2018, 11, 1), ends_on=date(2019, 4, 30)
    )
    Report.objects.create(
        period=period, state="submitted", drafted_by_id=1, submitted_by_id=1, submitted_at=timezone.now()
    )
    reported = figures(world)["career-support"]
    assert (reported.state, reported.value) == (State.COUNTED, 0)


def test_figures_partner_reports_zero_for_its_city_only(world: World, indicators: dict[str, Indicator]) -> None:
    period = Period.objects.create(
        programme=world.programme, code="2019-1", starts_on=date(2018, 11, 1), ends_on=date(2019, 4, 30)
    )
    Report.objects.create(
        period=period, partner=world.programme.partners.get(city=world.valmiera), state="submitted",
        drafted_by_id=1, submitted_by_id=1, submitted_at=timezone.now(),
    )
    assert figures(world, city=world.valmiera)["career-support"].value == 0
    assert figures(world, city=world.ventspils)["career-support"].state is State.NOT_REPORTED
    assert figures(world)["career-support"].state is State.NOT_REPORTED


def test_figures_pooled_share_adds_parts(world: World, indicators: dict[str, Indicator]) -> None:
    """Facts 8.1: 9 of 10 and 13 of 90 are 22 %, not 52.2 %."""
    share = indicators["international-students"]
    observe(world, share, world.ventspils, date(2019, 10, 1), numerator=9, denominator=10)
    assert figures(world)["international-students"].state is State.NOT_REPORTED
    assert figures(world)["international-students"].found.missing_cities == ("Valmiera",)
    observe(world, share, world.valmiera, date(2019, 10, 1), numerator=13, denominator=90)
    found = figures(world)["international-students"]
    assert (found.value, found.found.numerator, found.found.denominator) == (Decimal("0.22"), 22, 100)
    assert found.status is Status.REACHED
    assert found.achievement == (Decimal("0.22") - Decimal("0.05")) / Decimal("0.04")


def test_figures_rank_is_the_worse_place_and_lower_is_better(world: World, indicators: dict[str, Indicator]) -> None:
    observe(world, indicators["fdi-place"], world.ventspils, date(2020, 2, 10), value=3)
    observe(world, indicators["fdi-place"], world.valmiera, date(2020, 2, 10), value=4)
    found = figures(world)["fdi-place"]
    assert (found.value, found.status, found.achievement, found.bar) == (4, Status.NOT_YET, 0, 0)
    observe(world, indicators["fdi-place"], world.ventspils, date(2021, 2, 10), value=1)
    observe(world, indicators["fdi-place"], world.valmiera, date(2021, 2, 10), value=2)
    found = figures(world)["fdi-place"]
    assert (found.value, found.status, found.achievement) == (2, Status.REACHED, 1)
    assert [(point.on.year, point.value) for point in found.trend] == [(2020, 4), (2021, 2)]
    assert figures(world, city=world.ventspils)["fdi-place"].value == 1
    assert figures(world, date(2020, 12, 31))["fdi-place"].value == 4


def test_figures_achievement_goes_on_and_the_bar_stops(world: World, indicators: dict[str, Indicator]) -> None:
    people = Person.objects.bulk_create(Person(given_name=f"P{n}", family_name="Egle") for n in range(130))
    records = Participation.objects.bulk_create(
        Participation(activity=world.course, person=person, started_on=date(2019, 3, 1), completed_on=date(2019, 6, 1))
        for person in people
    )
    ParticipationFunding.objects.bulk_create(
        ParticipationFunding(participation=record, funding_source=world.erdf) for record in records
    )
    found = figures(world)["reskilled"]
    assert (found.value, found.achievement, found.bar) == (130, Decimal("1.3"), 1)


def test_figures_as_of_and_recorded_at_are_two_questions(world: World, indicators: dict[str, Indicator]) -> None:
    before = datetime.now(UTC) - timedelta(days=1)
    retrained(world, 2019)
    assert figures(world)["reskilled"].value == 1
    assert figures(world, date(2019, 5, 31))["reskilled"].state is State.NOT_REPORTED
    assert figures(world, recorded_at=before)["reskilled"].state is State.NOT_REPORTED


def test_figures_two_measures_count_a_record_and_a_person_once(world: World, indicators: dict[str, Indicator]) -> None:
    both = indicators["reskilled"]
    both.measures = ["reskilling.started", "reskilling.completed"]
    both.save()
    retrained(world, 2019)
    retrained(world, 2020)
    found = figures(world)["reskilled"]
    assert (found.value, found.records) == (1, 2)
    assert [(point.on, point.value) for point in found.trend][1:3] == [(date(2019, 3, 31), 1), (date(2019, 6, 30), 1)]


def test_counts_from_rows_equal_counts_from_the_tally(world: World, indicators: dict[str, Indicator]) -> None:
    summer_of_281(world)
    one = Scope(END, funding_ids=(world.erdf.pk,))
    same = Scope(END, funding_ids=(world.erdf.pk,), partner_ids=(world.valmiera_partner.pk, world.ventspils_partner.pk))
    for by in ("quarter", "city"):
        assert count_indicators(indicators.values(), one, by) == count_indicators(indicators.values(), same, by)
    whole = count_indicators(indicators.values(), one)
    assert total(whole[indicators["summer-jobs"].pk, False]).records == 66


def test_figures_target_is_that_of_the_day(world: World, indicators: dict[str, Indicator]) -> None:
    revise_target(
        actor=world.marta, indicator=indicators["summer-jobs"], value=Decimal(200), due_on=END,
        decided_on=date(2020, 5, 1), reason="One summer fell to the pandemic", source="Journal 2",
    )
    assert figures(world)["summer-jobs"].wanted == 200
    assert figures(world, AUTUMN)["summer-jobs"].wanted == 250


def test_figures_take_few_queries(
    world: World, indicators: dict[str, Indicator], django_assert_num_queries: object
) -> None:
    summer_of_281(world)
    with django_assert_num_queries(7):  # type: ignore[operator]
        compute_figures(world.programme, as_of=END)
