"""Summer work as evidence: pupils and hours by source of money, employers, and the same work in the programme's records."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from microcities.access.answers import RefusedError
from microcities.careers.experience import experience_of
from microcities.careers.models import EncounterAttendance, Enrolment
from microcities.careers.school_years import first_day, last_day
from microcities.evidence.checking import check_evidence
from microcities.evidence.models import EvidenceRow
from microcities.participation.actions.experience import take_experience
from microcities.participation.actions.summer import take_over_work, tie_to_scheme
from microcities.participation.models import Participation, PlacementRecord, SummerTie, Verification
from microcities.participation.summer_experience import waiting_at
from microcities.summerjobs.models import Feedback, Placement, WorkDay
from tests import factories
from tests.careers.conftest import make_class, make_school
from tests.summerjobs.summer import NOW, TODAY, Summer, make_application, make_period, make_placement, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def work(placement: Placement, *minutes: int) -> None:
    """Days of work from the first day on."""
    for number, each in enumerate(minutes):
        on = placement.first_on + timedelta(days=number)
        WorkDay.objects.create(placement=placement, on=on, worked_minutes=each, noted_at=NOW, noted_by_id=1)


def rows(measure: str) -> list[EvidenceRow]:
    return list(EvidenceRow.objects.filter(known_to=None, measure=measure).order_by("record_id"))


@pytest.mark.sql
def test_work_counts_heads_hours_and_employers_by_source_of_money(summer: Summer) -> None:
    paid_by_city, paid_by_project = make_post(summer), make_post(summer, fund=summer.erdf, is_stem=True)
    first = make_placement(summer, make_application(summer), paid_by_city)
    second = make_placement(summer, make_application(summer), paid_by_project)
    make_placement(summer, make_application(summer), paid_by_city)  # no day of work yet
    work(first, 240, 230)
    work(second, 420)
    found = rows("summerjobs.worked")
    assert [(each.record_id, each.quantity, each.funding_ids) for each in found] == [
        (first.pk, Decimal("7.83"), [summer.world.city_budget.pk]), (second.pk, Decimal("7.00"), [summer.world.erdf.pk]),
    ]
    assert {each.fact_on for each in found} == {summer.june.first_on}
    assert [each.record_id for each in rows("summerjobs.worked_stem")] == [second.pk]
    assert {each.subject_id for each in rows("summerjobs.hosts")} == {summer.firm.pk}
    assert len(rows("summerjobs.applied")) == 3
    WorkDay.objects.filter(placement=second).delete()
    assert [each.record_id for each in rows("summerjobs.worked")] == [first.pk]
    assert check_evidence() == []


def tied(summer: Summer) -> SummerTie:
    """An activity of Valmiera that accounts for the scheme."""
    activity = factories.make_activity(
        summer.world.programme, summer.world.valmiera_partner, summer.world.valmiera, code="summer-next",
        starts_on=summer.june.first_on, ends_on=summer.july.last_on,
    )
    tie_to_scheme(actor=summer.world.valda, activity=activity, scheme=summer.scheme)
    return SummerTie.objects.get(activity=activity)


def test_records_of_the_programme_follow_the_days_that_were_worked(summer: Summer) -> None:
    tie, post = tied(summer), make_post(summer, fund=summer.erdf)
    placement = make_placement(summer, make_application(summer, summer.anna), post)
    assert take_over_work(actor=summer.world.valda, tie=tie).made == 0
    work(placement, 240, 120)
    assert vars(take_over_work(actor=summer.world.valda, tie=tie)) == {"made": 1, "tied": 0, "changed": 0}
    record = Participation.objects.get(activity=tie.activity)
    assert (record.person, record.hours, record.host) == (summer.anna, Decimal("6.00"), summer.firm)
    assert record.proof == "confirmation"
    assert [each.funding_source for each in record.fundings.all()] == [summer.world.erdf]
    assert vars(take_over_work(actor=summer.world.valda, tie=tie)) == {"made": 0, "tied": 0, "changed": 0}
    Participation.objects.filter(pk=record.pk).update(verification="confirmed", verified_by_id=7, verified_at=NOW)
    Placement.objects.filter(pk=placement.pk).update(state="completed")
    assert take_over_work(actor=summer.world.valda, tie=tie).changed == 1
    record.refresh_from_db()
    assert (record.completed_on, record.verification) == (placement.first_on + timedelta(days=1), Verification.UNVERIFIED)


def test_record_that_a_list_brought_is_tied_and_not_doubled(summer: Summer) -> None:
    tie = tied(summer)
    placement = make_placement(summer, make_application(summer, summer.anna), make_post(summer))
    listed = factories.take_part(tie.activity, summer.anna, summer.world.city_budget, started_on=placement.first_on)
    work(placement, 240)
    assert take_over_work(actor=summer.world.valda, tie=tie).tied == 1
    assert PlacementRecord.objects.get(placement=placement).participation == listed
    assert Participation.objects.filter(activity=tie.activity).count() == 1


def test_scheme_is_tied_once_and_by_its_own_partner(summer: Summer) -> None:
    tie = tied(summer)
    other = factories.make_activity(
        summer.world.programme, summer.world.valmiera_partner, summer.world.valmiera, code="summer-other"
    )
    with pytest.raises(RefusedError, match="tied already"):
        tie_to_scheme(actor=summer.world.valda, activity=other, scheme=summer.scheme)
    with pytest.raises(RefusedError):
        tie_to_scheme(actor=summer.world.ventis, activity=tie.activity, scheme=summer.scheme)


def test_finished_work_stands_in_the_career_record_and_the_school_takes_it_over(summer: Summer) -> None:
    year = TODAY.year - 1
    school = make_school(summer.world, "Valmieras vidusskola 2", city=summer.world.valmiera)
    counsellor = factories.make_account("skola2@example.org")
    factories.give_role(counsellor, school.organisation, "career_counsellor")
    Enrolment.objects.create(
        person=summer.anna, school_class=make_class(school, school_year=year - 1), joined_on=first_day(year - 1),
        left_on=last_day(year - 1),
    )
    past = make_period(summer.scheme, "past", date(year, 6, 3), date(year, 6, 21))
    placement = make_placement(summer, make_application(summer, summer.anna), make_post(summer, is_stem=True, period=past))
    work(placement, 240, 240)
    assert [each.hours for each in experience_of(summer.anna)] == [Decimal("8.00")]
    assert list(waiting_at(school)) == []
    Placement.objects.filter(pk=placement.pk).update(state="completed")
    for party in ("employer", "pupil"):
        Feedback.objects.create(placement=placement, by_party=party, words="Labi.", given_at=NOW, given_by_id=1)
    assert [each.words for each in experience_of(summer.anna)] == ["Labi."]
    assert [each.pk for each in waiting_at(school)] == [placement.pk]
    with pytest.raises(RefusedError):
        take_experience(actor=summer.coordinator, school=school, placements=[placement.pk])
    [made] = take_experience(actor=counsellor, school=school, placements=[placement.pk], two_way=True)
    assert (made.kind, made.hours, made.host) == ("workplace", Decimal("8.00"), summer.firm)
    assert (made.is_stem, made.two_way) == (True, True)
    assert made.held_on == date(year, 6, 4)
    assert made.task_with_feedback
    [attendance] = EncounterAttendance.objects.filter(encounter=made)
    assert (attendance.person, attendance.presence, attendance.reflection_done) == (summer.anna, "attended", True)
    assert list(waiting_at(school)) == []
    with pytest.raises(RefusedError):
        take_experience(actor=counsellor, school=school, placements=[placement.pk])


def test_pages_tie_a_scheme_and_take_work_over(summer: Summer, client: Client, english: None) -> None:
    activity = factories.make_activity(
        summer.world.programme, summer.world.valmiera_partner, summer.world.valmiera, code="summer-next",
        starts_on=summer.june.first_on, ends_on=summer.july.last_on,
    )
    work(make_placement(summer, make_application(summer, summer.anna), make_post(summer)), 240)
    address = f"/en/activities/{activity.code}/summer/"
    client.force_login(summer.world.ventis)
    assert client.get(address).status_code == 403
    client.force_login(summer.world.valda)
    assert "Summer work" in client.get(address).content.decode()
    assert client.post(address, {"scheme": summer.scheme.pk}).status_code == 302
    assert Participation.objects.get(activity=activity).hours == Decimal("4.00")
    school = make_school(summer.world, "Valmieras vidusskola 2", city=summer.world.valmiera)
    counsellor = factories.make_account("skola2@example.org")
    factories.give_role(counsellor, school.organisation, "career_counsellor")
    client.force_login(counsellor)
    assert "No summer work waits" in client.get(f"/en/schools/{school.pk}/summer-work/").content.decode()
    client.force_login(summer.world.valda)
    assert client.get(f"/en/schools/{school.pk}/summer-work/").status_code in {403, 404}
