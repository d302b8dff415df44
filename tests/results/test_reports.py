"""Reports: states, freezing, differences, restatement, samples, and two approvals at once."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from microcities.access.answers import RefusedError
from microcities.decisions.models import DecisionRun
from microcities.evidence.models import EvidenceRow
from microcities.participation.models import Participation
from microcities.programme.models import FundingSource
from microcities.results.actions.reports import (
    approve_report,
    check_sampled_record,
    draft_report,
    draw_sample,
    open_period,
    restate_report,
    return_report,
    submit_report,
)
from microcities.results.computing import compute_figures
from microcities.results.freezing import difference_counts, differences, intact_if_quick, is_intact
from microcities.results.models import FrozenFigure, FrozenRow, Indicator, Period, Report, Target
from microcities.results.reading import Level, Reader
from microcities.results.reported import view_of
from tests import factories
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sql, pytest.mark.usefixtures("english")]


@pytest.fixture
def period(world: World, indicators: dict[str, Indicator]) -> Period:
    return open_period(
        actor=world.marta, programme=world.programme, code="2019",
        starts_on=date(2018, 11, 1), ends_on=date(2019, 12, 31),
    )


def approved(world: World, period: Period) -> Report:
    report = draft_report(actor=world.ventis, period=period)
    return approve_report(actor=world.marta, report=submit_report(actor=world.ventis, report=report))


def frozen(report: Report, code: str, city: object = None) -> FrozenFigure:
    return FrozenFigure.objects.get(report=report, indicator__code=code, city=city)


def test_report_approval_freezes_figures_and_rows(world: World, period: Period) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf, hours=60)
    factories.take_part(world.summer, world.zane, world.city_budget)
    report = approved(world, period)
    figure = frozen(report, "summer-jobs")
    assert (figure.state, figure.value, figure.records) == ("counted", 1, 1)
    assert frozen(report, "summer-jobs", world.valmiera).value == 1
    assert frozen(report, "summer-jobs", world.ventspils).value == 0
    assert frozen(report, "jobs-created").state == "no_service"
    row = FrozenRow.objects.get(report=report)
    assert (row.subject_id, row.fact_on, row.quantity) == (world.peteris.pk, date(2019, 6, 3), 60)
    assert is_intact(report)
    assert difference_counts(report) == {}


def test_report_frozen_figures_equal_the_computed_ones(world: World, period: Period) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf, world.city_budget)
    factories.take_part(world.course, world.zane, world.erdf, completed_on=date(2019, 6, 1))
    report = approved(world, period)
    for city in (None, world.ventspils, world.valmiera):
        for figure in compute_figures(world.programme, as_of=period.ends_on, city=city):
            kept = frozen(report, figure.indicator.code, city)
            assert (kept.state, kept.value, kept.records) == (figure.state, figure.value, figure.records)


@pytest.mark.django_db(transaction=True)  # what comes and goes within one transaction leaves no trace
def test_report_later_correction_shows_and_is_restated(world: World, period: Period) -> None:
    gone = factories.take_part(world.summer, world.peteris, world.erdf)
    kept = factories.take_part(world.summer, world.zane, world.erdf)
    first = approved(world, period)
    Participation.objects.filter(pk=gone.pk).update(
        verification="rejected", verified_by_id=world.marta.pk, verified_at="2020-02-01T00:00Z"
    )
    Participation.objects.filter(pk=kept.pk).update(hours=12)
    new = factories.take_part(world.course, world.zane, world.erdf, completed_on=date(2019, 6, 1))
    found = {(each.kind, each.record_id) for each in differences(first)}
    assert found == {("removed", gone.pk), ("changed", kept.pk), ("added", new.pk)}
    second = restate_report(actor=world.ventis, report=first, reason="A record was found fictitious")
    second = approve_report(actor=world.marta, report=submit_report(actor=world.ventis, report=second))
    assert (frozen(first, "summer-jobs").value, frozen(second, "summer-jobs").value) == (2, 1)
    assert (second.version, second.restates_id, first.rows_hash == second.rows_hash) == (2, first.pk, False)
    assert is_intact(first)
    assert is_intact(second)
    with pytest.raises(RefusedError, match="restated already"):
        restate_report(actor=world.ventis, report=first, reason="again")


def test_report_differences_are_found_whatever_made_them(world: World, period: Period) -> None:
    """A changed way of counting, or a history that began anew, is compared with all rows and not with the changed ones."""
    factories.take_part(world.summer, world.peteris, world.erdf)
    city_paid = factories.take_part(world.summer, world.zane, world.city_budget)
    report = approved(world, period)
    assert list(differences(report)) == []
    FundingSource.objects.filter(pk=world.city_budget.pk).update(programme=world.programme)
    assert [(each.kind, each.record_id) for each in differences(report)] == [("added", city_paid.pk)]
    FundingSource.objects.filter(pk=world.city_budget.pk).update(programme=None)
    Participation.objects.filter(person=world.peteris).delete()
    later = report.approved_at + timedelta(hours=5)
    EvidenceRow.objects.update(known_from=later)
    assert [each.kind for each in differences(report)] == ["removed"]


def test_report_goes_from_state_to_state_by_the_table_in_the_database_too(world: World, period: Period) -> None:
    report = draft_report(actor=world.ventis, period=period)
    jumps = (
        {"state": "approved", "approved_by_id": world.marta.pk, "approved_at": "2020-02-01T00:00Z", "rows_hash": "x"},
        {"state": "returned", "submitted_by_id": world.ventis.pk, "submitted_at": "2020-02-01T00:00Z"},
        {"state": "submitted"},
    )
    for values in jumps:
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**values)


def test_check_of_reports_finds_a_changed_row(world: World, period: Period, capsys: pytest.CaptureFixture[str]) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    report = approved(world, period)
    call_command("check_reports")
    assert f"{report}: {report.rows_hash} holds" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE results_frozenrow DISABLE TRIGGER USER")
        cursor.execute("UPDATE results_frozenrow SET subject_id = subject_id + 1")
    with pytest.raises(CommandError, match="1 reports were changed"):
        call_command("check_reports")


def test_large_report_is_checked_when_asked_for(
    world: World, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    report = approved(world, period)
    assert intact_if_quick(report) is True
    monkeypatch.setattr("microcities.results.freezing.ROWS_IN_A_MOMENT", 0)
    assert intact_if_quick(report) is None
    assert view_of(report, Reader(Level.ALL)).intact is None
    assert view_of(report, Reader(Level.ALL), check=True).intact is True


def test_period_code_is_given_once(world: World, period: Period) -> None:
    with pytest.raises(RefusedError, match="has this code"):
        open_period(actor=world.marta, programme=world.programme, code="2019", starts_on=date(2020, 1, 1),
                    ends_on=date(2020, 12, 31))


def test_report_erased_person_leaves_the_figure_standing(world: World, period: Period) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    report = approved(world, period)
    type(world.peteris).objects.filter(pk=world.peteris.pk).update(
        given_name="", family_name="", erased_at="2021-01-01T00:00Z"
    )
    assert frozen(report, "summer-jobs").value == 1
    assert is_intact(report)


def test_report_partner_counts_own_records_only(world: World, period: Period) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    factories.take_part(world.course, world.zane, world.erdf, completed_on=date(2019, 6, 1))
    partner = world.programme.partners.get(city=world.valmiera)
    report = draft_report(actor=world.valda, period=period, partner=partner)
    report = approve_report(actor=world.marta, report=submit_report(actor=world.valda, report=report))
    assert (frozen(report, "summer-jobs").value, frozen(report, "reskilled").value) == (1, 0)
    assert not FrozenFigure.objects.filter(report=report, indicator__code="fdi-place").exists()


@pytest.mark.parametrize("name", ["ventis", "valda", "aija", "dace", "otto", "svens", "pupil"])
def test_report_only_the_manager_approves(world: World, period: Period, name: str) -> None:
    report = submit_report(actor=world.ventis, report=draft_report(actor=world.ventis, period=period))
    with pytest.raises(RefusedError):
        approve_report(actor=getattr(world, name), report=report)


def test_report_of_another_partner_is_refused(world: World, period: Period) -> None:
    with pytest.raises(RefusedError, match="another partner"):
        draft_report(actor=world.ventis, period=period, partner=world.programme.partners.get(city=world.valmiera))
    with pytest.raises(RefusedError, match="lead partner"):
        draft_report(actor=world.valda, period=period)


def test_report_returned_is_submitted_again_and_nobody_approves_their_own(world: World, period: Period) -> None:
    factories.give_role(world.ventis, world.ventspils_partner, "programme_manager")
    report = submit_report(actor=world.ventis, report=draft_report(actor=world.ventis, period=period))
    with pytest.raises(RefusedError, match="yourself"):
        approve_report(actor=world.ventis, report=report)
    with pytest.raises(RefusedError, match="why"):
        return_report(actor=world.marta, report=report, reason=" ")
    report = return_report(actor=world.marta, report=report, reason="The autumn list is missing")
    with pytest.raises(RefusedError, match="cannot be done now"):
        approve_report(actor=world.marta, report=report)
    report = submit_report(actor=world.ventis, report=report)
    assert approve_report(actor=world.marta, report=report).state == "approved"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE results_frozenfigure SET value = 999",
        "DELETE FROM results_frozenrow",
        "UPDATE results_frozenrow SET subject_id = 1",
        "UPDATE results_report SET note = 'x'",
        "DELETE FROM results_report",
        "UPDATE results_target SET value = 1",
        "INSERT INTO results_frozenfigure (report_id, indicator_id, state, records, confirmed, rows_hash, city_id) "
        "SELECT r.id, i.id, 'not_reported', 0, 0, '', NULL FROM results_report r, results_indicator i LIMIT 1",
        "TRUNCATE results_frozenrow",
    ],
)
def test_report_approved_cannot_be_changed_in_the_database(world: World, period: Period, statement: str) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    approved(world, period)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL microcities.disposable = ''")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(statement)


def test_report_changed_row_is_found_when_triggers_are_off(world: World, period: Period) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    report = approved(world, period)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE results_frozenrow DISABLE TRIGGER results_keep_rows")
        cursor.execute("UPDATE results_frozenrow SET fact_on = '2019-06-04'")
    assert not is_intact(report)


def test_target_revision_needs_a_reason_and_the_same_indicator(indicators: dict[str, Indicator]) -> None:
    first = indicators["summer-jobs"].targets.get()
    values = {"due_on": first.due_on, "value": 200, "decided_on": date(2020, 1, 1), "source": "s", "supersedes": first}
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(indicator=indicators["summer-jobs"], **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(indicator=indicators["reskilled"], reason="r", **values)


def test_sample_has_the_right_size_and_is_drawn_the_same_again(world: World, period: Period) -> None:
    people = [factories.make_person(f"P{n}", "Egle") for n in range(41)]
    for person in people:
        factories.take_part(world.summer, person, world.erdf)
    report = approved(world, period)
    indicator = Indicator.objects.get(code="summer-jobs")
    sample = draw_sample(actor=world.marta, report=report, indicator=indicator)
    assert (sample.method, sample.population, sample.size, len(set(sample.unit_ids))) == ("fixed", 41, 5, 5)
    # The decision file says by which rule the size was set, so that a later change of the rule can be seen.
    uses = DecisionRun.objects.get(public_id=sample.decision_id).uses
    assert [(use.topic, use.version) for use in uses] == [("results.sampling", "house-2018")]
    check_sampled_record(actor=world.marta, sample=sample, unit_id=sample.unit_ids[0], in_order=True)
    with pytest.raises(RefusedError, match="Describe"):
        check_sampled_record(actor=world.marta, sample=sample, unit_id=sample.unit_ids[1], in_order=False)
    with pytest.raises(RefusedError, match="not drawn"):
        check_sampled_record(actor=world.marta, sample=sample, unit_id="participation:0", in_order=True)
    with pytest.raises(RefusedError):
        draw_sample(actor=world.aija, report=report, indicator=indicator)
