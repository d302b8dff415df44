"""The definition of results: what may be counted together, exposure in seasons, and what is remembered."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pydantic import ValidationError

from microcities.access.answers import RefusedError
from microcities.notices.worklist import tasks_for
from microcities.results.actions.indicators import load_definition, record_observation, revise_target
from microcities.results.actions.reports import draft_report, open_period, submit_report
from microcities.results.breakdown import break_down
from microcities.results.counts import Scope
from microcities.results.definition.reading import parse_definition, read_definition
from microcities.results.exposure import exposure_of
from microcities.results.models import Indicator, Observation, Target
from microcities.results.rules import measures_fit
from microcities.trail.context import System
from tests import factories
from tests.world import World

pytestmark = pytest.mark.usefixtures("english")
START, END = date(2018, 11, 1), date(2021, 10, 31)


def summers(**fields: object) -> Indicator:
    seasons = [
        {"name": str(year), "name_en": str(year), "starts_on": f"{year}-06-01", "ends_on": f"{year}-08-31"}
        for year in (2019, 2020, 2021)
    ]
    return Indicator(**{"exposure_unit": "seasons", "seasons": seasons, **fields})


@pytest.mark.parametrize(
    ("as_of", "done"),
    [(date(2019, 5, 31), 0), (date(2019, 8, 31), 1), (date(2020, 3, 1), 1), (date(2020, 7, 16), 1.5), (END, 3)],
)
def test_exposure_passes_in_seasons(as_of: date, done: float) -> None:
    found = exposure_of(summers(), begins_on=START, as_of=as_of, due_on=END)
    assert (found.done, found.total, found.unit) == (done, 3, "seasons")


def test_exposure_of_a_season_cut_by_the_due_day_counts_in_part() -> None:
    found = exposure_of(summers(), begins_on=START, as_of=date(2021, 12, 1), due_on=date(2021, 7, 16))
    assert (found.done, found.total) == (2.5, 2.5)


def test_exposure_without_seasons_is_36_months() -> None:
    found = exposure_of(Indicator(), begins_on=START, as_of=date(2019, 7, 31), due_on=END)
    assert (round(found.done, 1), round(found.total, 1), found.unit) == (9.0, 36.0, "months")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"measures": ["careers.pupils", "careers.pupils"]}, "twice"),
        ({"measures": ["careers.pupils", "reskilling.completed"]}, "different units: persons, pupils"),
        ({"measures": ["grants.supported"]}, "tells of organisations"),
        ({"measures": ["reskilling.completed"]}, "is counted in pupils"),
    ],
)
def test_measures_of_different_units_do_not_fit(fields: dict[str, list[str]], reason: str) -> None:
    answer = measures_fit(Indicator(code="x", counting="distinct_people", unit_en="pupils", **fields))
    assert not answer
    assert reason in str(answer.reason)


def test_measures_of_one_unit_fit_and_unknown_services_wait() -> None:
    both = ["careers.pupils", "summerjobs.pupils", "testbed.pupils"]
    assert measures_fit(Indicator(code="x", counting="distinct_people", unit_en="pupils", measures=both))


def test_definition_with_a_misspelt_key_is_refused() -> None:
    text = 'programme = "x"\n[promise]\nsource = "s"\ndecided_on = 2018-11-01\ndue_on = 2021-10-31\nwrong = 1\n'
    with pytest.raises(ValidationError, match="wrong"):
        parse_definition(text)


@pytest.mark.django_db
def test_definition_loaded_again_corrects_words_and_keeps_targets(
    world: World, indicators: dict[str, Indicator]
) -> None:
    revise_target(
        actor=world.marta, indicator=indicators["summer-jobs"], value=Decimal(200), due_on=END,
        decided_on=date(2020, 5, 1), reason="r", source="s",
    )
    Indicator.objects.filter(code="summer-jobs").update(name="x")
    load_definition(actor=System("tests"), programme=world.programme, definition=read_definition("nextgen"))
    again = Indicator.objects.get(code="summer-jobs")
    assert again.pk == indicators["summer-jobs"].pk
    assert again.name == "Skolēni vasaras nodarbinātības izmēģinājumprojektā"
    assert sorted(target.value for target in again.targets.all()) == [200, 250]
    assert again.responsible is None
    assert str(indicators["ict-talents"].responsible) == "Ventspils Augsto tehnoloģiju parks"


@pytest.mark.django_db
def test_target_decided_before_the_one_in_force_is_refused(world: World, indicators: dict[str, Indicator]) -> None:
    values = {"actor": world.marta, "indicator": indicators["reskilled"], "value": Decimal(80), "due_on": END, "source": "s"}
    with pytest.raises(RefusedError, match="decided later"):
        revise_target(**values, decided_on=date(2018, 1, 1), reason="r")
    with pytest.raises(RefusedError, match="reason"):
        revise_target(**values, decided_on=date(2020, 1, 1), reason=" ")
    assert Target.objects.filter(indicator=indicators["reskilled"]).count() == 1


@pytest.mark.django_db
@pytest.mark.sql
@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_by_id": 7, "confirmed_at": "2020-01-01T00:00Z"},
        {"value": None},
        {"value": None, "numerator": 1, "denominator": 0},
        {"document_title": ""},
    ],
)
def test_observation_without_second_person_value_or_document_is_refused_by_the_database(
    indicators: dict[str, Indicator], fields: dict[str, object]
) -> None:
    values = {
        "indicator": indicators["fdi-place"], "on": END, "value": 3, "document_title": "fDi", "recorded_by_id": 7
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(**values | fields)


@pytest.mark.django_db
@pytest.mark.sql
def test_observation_once_confirmed_is_only_withdrawn(indicators: dict[str, Indicator]) -> None:
    row = Observation.objects.create(
        indicator=indicators["fdi-place"], on=END, value=3, document_title="fDi", recorded_by_id=7, confirmed_by_id=8,
        confirmed_at="2020-01-01T00:00Z",
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.filter(pk=row.pk).update(value=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
    Observation.objects.filter(pk=row.pk).update(rejected_by_id=8, rejected_at="2020-01-02T00:00Z")
    assert not Observation.objects.confirmed().exists()


@pytest.mark.django_db
def test_breakdown_is_remembered_until_evidence_changes(
    world: World, indicators: dict[str, Indicator], django_assert_num_queries: object
) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    scope = Scope(END, funding_ids=(world.erdf.pk,))
    assert break_down(indicators["summer-jobs"], world.programme, scope).total == 1
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert break_down(indicators["summer-jobs"], world.programme, scope).total == 1
    factories.take_part(world.summer, world.zane, world.erdf)
    assert break_down(indicators["summer-jobs"], world.programme, scope).total == 2


@pytest.mark.django_db
def test_worklist_tells_who_has_to_do_what(world: World, indicators: dict[str, Indicator]) -> None:
    def waits(account: object) -> list[str]:
        return [str(task.title) for task in tasks_for(account) if "report" in task.url or "outside" in task.url]

    period = open_period(
        actor=world.marta, programme=world.programme, code="2019", starts_on=START, ends_on=date(2019, 12, 31)
    )
    report = draft_report(actor=world.ventis, period=period)
    assert (len(waits(world.ventis)), len(waits(world.valda)), len(waits(world.marta))) == (1, 0, 0)
    submit_report(actor=world.ventis, report=report)
    assert (len(waits(world.ventis)), len(waits(world.marta))) == (0, 1)
    coordinator = factories.make_account("coordinator@example.org")
    factories.give_role(coordinator, world.ventspils_partner, "city_coordinator")
    record_observation(
        actor=coordinator, indicator=indicators["fdi-place"], on=END, value=Decimal(3), document_title="fDi",
        url="https://example.org",
    )
    assert len(waits(world.marta)) == 2
    assert [*waits(world.aija), *waits(world.svens)] == []
