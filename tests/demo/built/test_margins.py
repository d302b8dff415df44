"""Every published margin is counted from the demo's records (facts/results.md 1.1, facts/careers.md 0)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from microcities.evidence.checking import check_evidence
from microcities.participation.models import ListImport, Participation, ParticipationFunding
from microcities.people.models import Organisation, Person
from microcities.programme.models import Programme
from microcities.results.computing import compute_figures
from microcities.trail.checking import check_trail

PROJECT = "nextgen-erdf"
SUMMER = "valmiera-summer-2019"


def records(code: str, **conditions: Any) -> QuerySet[Participation]:
    return Participation.objects.filter(activity__code=code, **conditions)


def people(found: QuerySet[Participation]) -> int:
    """Distinct people; the demo has no records of people who were put together with somebody else."""
    return found.aggregate(people=Count("person", distinct=True))["people"]


def hosts(found: QuerySet[Participation]) -> int:
    return found.aggregate(hosts=Count("host", distinct=True))["hosts"]


def paid(found: QuerySet[Participation], source: str) -> QuerySet[Participation]:
    return found.filter(fundings__funding_source__code=source)


def test_programme_has_the_real_period_and_money(demo: Programme) -> None:
    assert (demo.starts_on, demo.ends_on, demo.days) == (date(2018, 11, 1), date(2021, 10, 31), 1096)
    assert (demo.budget, demo.co_financing) == (Decimal("6246405.15"), Decimal("4997124.12"))
    assert (demo.partners.count(), demo.cities.count(), demo.is_synthetic) == (10, 2, True)


def test_summer_2019_has_281_pupils_of_whom_66_are_paid_by_the_project(demo: Programme) -> None:
    everybody = records(SUMMER, started_on__isnull=False)
    assert (everybody.count(), people(everybody)) == (281, 281)
    assert people(paid(everybody, PROJECT)) == 66
    assert people(paid(everybody, "valmiera-budget")) == 215


def test_summer_2019_has_29_hosts_of_which_8_are_the_projects(demo: Programme) -> None:
    assert hosts(records(SUMMER)) == 29
    assert hosts(paid(records(SUMMER), PROJECT)) == 8
    assert set(paid(records(SUMMER), PROJECT).values_list("host__kind", flat=True)) == {"company"}


def test_summer_2019_is_60_hours_in_four_periods_at_13_to_19(demo: Programme) -> None:
    assert set(records(SUMMER).values_list("hours", flat=True)) == {Decimal(60)}
    found = records(SUMMER).aggregate(first=Min("started_on"), last=Max("completed_on"))
    assert found == {"first": date(2019, 6, 3), "last": date(2019, 8, 25)}
    assert records(SUMMER).values("started_on").distinct().count() == 4
    ages = {record.person.age_on(date(2019, 6, 3)) for record in records(SUMMER).select_related("person")}
    assert ages == {13, 14, 15, 16, 17, 18, 19}


def test_summer_2019_has_12_records_paid_twice_and_the_projects_are_confirmed(demo: Programme) -> None:
    twice = records(SUMMER).annotate(sources=Count("fundings")).filter(sources=2)
    assert (twice.count(), paid(twice, PROJECT).count(), paid(twice, "nva-summer").count()) == (12, 12, 12)
    assert paid(records(SUMMER, verification="confirmed"), PROJECT).count() == 66
    assert records(SUMMER, verification="confirmed").count() == 66


def test_summer_2021_has_342_pupils_none_of_them_the_projects(demo: Programme) -> None:
    everybody = records("valmiera-summer-2021", started_on__isnull=False)
    assert (people(everybody), paid(everybody, PROJECT).count()) == (342, 0)


@pytest.mark.parametrize(
    ("code", "stages"),
    [("ventspils-retraining-1", (30, 15, 13, 0)), ("ventspils-retraining-2", (10, 10, 9, 9))],
)
def test_courses_have_their_published_stages(demo: Programme, code: str, stages: tuple[int, ...]) -> None:
    names = ("applied_on", "started_on", "completed_on", "in_work_on")
    assert tuple(people(records(code, **{f"{name}__isnull": False})) for name in names) == stages


def test_second_course_led_nine_people_to_azeron(demo: Programme) -> None:
    hired = records("ventspils-retraining-2", in_work_on__isnull=False)
    assert set(hired.values_list("host__name", flat=True)) == {"SIA Azeron"}
    assert records("ventspils-retraining-2", host__isnull=False).count() == 9


def test_camp_is_one_week_at_14_to_17(demo: Programme) -> None:
    camp = records("valmiera-camp-2019").select_related("person")
    assert {record.person.age_on(date(2019, 8, 5)) for record in camp} == {14, 15, 16, 17}
    assert camp.aggregate(first=Min("started_on"), last=Max("completed_on")) == {
        "first": date(2019, 8, 5), "last": date(2019, 8, 9)
    }


def test_zile_2019_has_12_applications_and_6_grants_of_37008_euro(demo: Programme) -> None:
    call = records("zile-2019")
    supported = call.filter(started_on__isnull=False)
    assert call.aggregate(applicants=Count("organisation", distinct=True))["applicants"] == 12
    assert (supported.count(), supported.aggregate(sum=Sum("amount"))["sum"]) == (6, Decimal("37008.00"))
    money = ParticipationFunding.objects.filter(participation__in=call, funding_source__code=PROJECT)
    assert money.aggregate(sum=Sum("amount"))["sum"] == Decimal("37008.00")
    assert not call.filter(started_on__isnull=True, amount__isnull=False).exists()


def test_overlapping_lists_come_out_as_one_person_each(demo: Programme) -> None:
    both = Person.objects.filter(participations__activity__code=SUMMER).filter(
        participations__activity__code="valmiera-careers-2020"
    )
    assert both.count() == 140
    assert both.filter(registrations__organisation__name="Valmieras Tehnikums").filter(
        registrations__organisation__name="Valmieras pilsētas pašvaldība").count() == 140
    again = Person.objects.filter(participations__activity__code=SUMMER).filter(
        participations__activity__code="valmiera-summer-2021"
    )
    assert again.count() == 47  # 46 found by matching, one put together by a person


def test_every_person_came_by_an_applied_list(demo: Programme) -> None:
    applied = ListImport.objects.filter(state="applied")
    brought = Participation.objects.filter(person__isnull=False)
    assert applied.count() == 9
    assert not brought.exclude(batch_id__in=applied.values("pk")).exists()
    rows = {the_list.pk: the_list.rows_total for the_list in applied}
    assert {pk: brought.filter(batch_id=pk).count() for pk in rows} == rows
    assert sum(rows.values()) == brought.count() == 281 + 342 + 24 + 310 + 420 + 30 + 10 + 14
    for the_list in applied:
        assert the_list.rows.filter(participation_id__isnull=True).count() == 0


def test_results_show_the_known_figures(demo: Programme) -> None:
    figures = {each.indicator.code: each for each in compute_figures(demo, as_of=demo.ends_on, with_forecast=False)}
    shown = {code: (each.value, each.wanted) for code, each in figures.items() if each.value is not None}
    assert shown == {
        "summer-jobs": (66, 250), "reskilled": (22, 100), "career-support": (754, 1000), "fdi-place": (4, 2),
    }
    assert sorted({each.state.value for each in figures.values()}) == ["counted", "no_service", "not_reported"]


def test_evidence_and_trail_hold(demo: Programme) -> None:
    assert check_evidence() == []
    assert check_trail() == []


def test_organisations_stand_once(demo: Programme) -> None:
    doubled = Organisation.objects.values("name").annotate(times=Count("pk")).filter(times__gt=1)
    assert list(doubled) == []
    assert Organisation.objects.filter(Q(hosted__isnull=False)).distinct().count() == 41
