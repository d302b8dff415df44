"""Days of work as they were, absences with reasons, incidents, feedback, and the end of placements."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.decisions.canonical import sha256_of
from microcities.notices.models import Notice
from microcities.notices.worklist import tasks_for
from microcities.summerjobs.actions.work import (
    DayNote,
    close_incident,
    complete_worked,
    give_feedback,
    note_as_planned,
    note_days,
    report_incident,
)
from microcities.summerjobs.agreement_rules import parties_of
from microcities.summerjobs.models import Agreement, Incident, Placement, Signature, SummerScheme, WorkDay
from tests.summerjobs.applications.test_application_pages import statuses, text
from tests.summerjobs.summer import NOW, TODAY, Summer, make_application, make_period, make_placement, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TIMES = (time(9), time(16, 30), 30)


def working(summer: Summer, person: Any = None, *, signed: bool = True) -> Placement:
    """A place that began three weeks ago with five agreed days, two of them to come, signed by everybody."""
    first = TODAY - timedelta(days=21)
    period = make_period(summer.scheme, f"now{Placement.objects.count()}", first, TODAY + timedelta(days=7))
    post = make_post(summer, period=period)
    placement = make_placement(summer, make_application(summer, person or summer.anna, post), post)
    terms = {"days": [
        {"on": (TODAY + timedelta(days=away)).isoformat(), "from": "09:00", "to": "16:30", "minutes": 420, "break": 30}
        for away in (-3, -2, -1, 1, 2)
    ], "minutes": 2100}
    agreement = Agreement.objects.create(
        placement=placement, version=1, terms=terms, terms_sha256=sha256_of(terms), made_at=NOW, made_by_id=1
    )
    for party in parties_of(placement) if signed else ():
        Signature.objects.create(
            agreement=agreement, party=party, how="account", account_id=1, signed_at=NOW, terms_sha256=agreement.terms_sha256
        )
    return placement


def day(away: int) -> date:
    return TODAY + timedelta(days=away)


def titles(account: Any) -> set[str]:
    return {str(task.title) for task in tasks_for(account)}


def test_day_is_noted_with_times_and_a_shorter_one_with_its_reason(summer: Summer) -> None:
    placement = working(summer)
    assert "Note days of summer work" in titles(summer.firm_account)
    full = note_days(actor=summer.firm_account, placement=placement, notes=[DayNote(day(-3), *TIMES)])[0]
    assert (full.planned_minutes, full.worked_minutes, full.absent_minutes, full.absence) == (420, 420, 0, "")
    with pytest.raises(RefusedError, match="Say why"):
        note_days(actor=summer.firm_account, placement=placement, notes=[DayNote(day(-2), time(9), time(12))])
    part = note_days(
        actor=summer.firm_account, placement=placement, notes=[DayNote(day(-2), time(9), time(12), absence="illness")]
    )[0]
    assert (part.worked_minutes, part.absent_minutes, part.absence) == (180, 240, "illness")
    whole = note_days(actor=summer.coordinator, placement=placement, notes=[DayNote(day(-1), absence="weather")])[0]
    assert (whole.worked_minutes, whole.absent_minutes) == (0, 420)
    assert "Note days of summer work" not in titles(summer.firm_account)
    # The same day once more is the same row.
    note_days(actor=summer.firm_account, placement=placement, notes=[DayNote(day(-1), *TIMES)])
    assert WorkDay.objects.count() == 3
    assert WorkDay.objects.get(on=day(-1)).absence == ""


@pytest.mark.parametrize(("note", "why"), [
    (DayNote(TODAY + timedelta(days=1), *TIMES), "not come yet"),
    (DayNote(TODAY - timedelta(days=40), *TIMES), "no day of this placement"),
    (DayNote(TODAY - timedelta(days=3), time(9), None), "both times"),
    (DayNote(TODAY - timedelta(days=3), time(12), time(9)), "left before coming"),
    (DayNote(TODAY - timedelta(days=3), time(9), time(9, 10), 30), "break is longer"),
])
def test_impossible_days_are_refused_with_what_is_wrong(summer: Summer, note: DayNote, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        note_days(actor=summer.firm_account, placement=working(summer), notes=[note])


def test_all_days_so_far_are_noted_as_agreed_and_others_are_left(summer: Summer) -> None:
    placement = working(summer)
    note_days(actor=summer.firm_account, placement=placement, notes=[DayNote(day(-2), absence="family")])
    assert note_as_planned(actor=summer.firm_account, placement=placement) == 2
    assert sorted(WorkDay.objects.values_list("worked_minutes", flat=True)) == [0, 420, 420]


def test_nobody_notes_days_before_the_agreement_is_signed_or_of_another_employer(summer: Summer) -> None:
    with pytest.raises(RefusedError, match="not signed by everybody"):
        note_days(actor=summer.firm_account, placement=working(summer, signed=False), notes=[DayNote(day(-3), *TIMES)])
    for stranger in (summer.other_account, summer.other_coordinator, summer.anna_account, summer.auditor):
        with pytest.raises(RefusedError, match="noted by the employer"):
            note_days(actor=stranger, placement=Placement.objects.get(), notes=[DayNote(day(-3), *TIMES)])


def test_after_an_early_end_only_absence_is_noted(summer: Summer) -> None:
    placement = working(summer)
    Placement.objects.filter(pk=placement.pk).update(state="dropped_out", ended_on=day(-2), end_reason="Slimība")
    with pytest.raises(RefusedError, match="had ended before"):
        note_days(actor=summer.firm_account, placement=placement, notes=[DayNote(day(-1), *TIMES)])


def test_incident_reaches_the_city_without_its_words_and_is_closed_with_an_answer(summer: Summer) -> None:
    placement = working(summer)
    with pytest.raises(RefusedError, match="first day of work and today"):
        report_incident(actor=summer.guardian, placement=placement, kind="injury", happened_on=day(1), what="Sagriezts.")
    with pytest.raises(RefusedError, match="who signed"):
        report_incident(actor=summer.stranger, placement=placement, kind="injury", happened_on=TODAY, what="x")
    made = report_incident(actor=summer.guardian, placement=placement, kind="injury", happened_on=TODAY, what="Sagriezts.")
    assert made.by_party == "guardian"
    notice = Notice.objects.get(dedupe_key=f"summerjobs.incident.reported:{made.pk}:{summer.coordinator.pk}")
    assert "Sagriezts" not in f"{notice.subject} {notice.text}"
    assert "Look at an incident at work" in titles(summer.coordinator)
    with pytest.raises(RefusedError):
        close_incident(actor=summer.firm_account, incident=made, answer="Labi")
    with pytest.raises(RefusedError, match="Say what was done"):
        close_incident(actor=summer.coordinator, incident=made, answer=" ")
    close_incident(actor=summer.coordinator, incident=made, answer="Runājām ar darba devēju.")
    with pytest.raises(RefusedError, match="is closed"):
        close_incident(actor=summer.coordinator, incident=made, answer="Vēlreiz")
    assert "Look at an incident at work" not in titles(summer.coordinator)


def test_feedback_is_given_from_the_last_day_on_once_by_each_side(summer: Summer) -> None:
    placement = working(summer)
    with pytest.raises(RefusedError, match="from the last day"):
        give_feedback(actor=summer.anna_account, placement=placement, party="pupil", work=5)
    Placement.objects.filter(pk=placement.pk).update(last_on=TODAY)
    give_feedback(actor=summer.anna_account, placement=placement, party="pupil", work=4, learnt="Kārtot.")
    again = give_feedback(actor=summer.anna_account, placement=placement, party="pupil", work=5)
    assert (again.work, placement.feedback.count()) == (5, 1)
    with pytest.raises(RefusedError, match="pupil and the employer"):
        give_feedback(actor=summer.anna_account, placement=placement, party="employer", work=1)


def test_placement_whose_last_day_is_over_is_worked_to_the_end(summer: Summer) -> None:
    placement = working(summer)
    note_as_planned(actor=summer.firm_account, placement=placement)
    assert complete_worked() == 0
    Placement.objects.filter(pk=placement.pk).update(last_on=day(-1))
    assert (complete_worked(), complete_worked()) == (1, 0)
    assert Placement.objects.get().state == "completed"


def test_who_opens_which_page_of_days(summer: Summer) -> None:
    placement = working(summer)
    base = f"/en/summer/placements/{placement.public_id}"
    pages = {
        f"{base}/days/": [200, 404, 200, 200, 404, 200, 200, 404, 302],
        f"{base}/days/{day(-1)}/": [200, 404, 200, 403, 403, 403, 403, 403, 302],
        f"{base}/incident/": [200, 404, 200, 200, 404, 200, 403, 404, 302],
        f"/en/summer/hosts/{summer.host.pk}/attendance/": [200, 404, 200, 403, 403, 403, 200, 403, 302],
        f"/en/summer/{summer.scheme.pk}/work/": [200, 403, 403, 403, 403, 403, 200, 403, 302],
    }
    assert {path: statuses(summer, path) for path in pages} == pages


def test_employer_notes_days_on_the_page_and_the_pupil_reads_them(summer: Summer) -> None:
    placement = working(summer)
    base = f"/en/summer/placements/{placement.public_id}/"
    client = Client()
    client.force_login(summer.firm_account)
    assert "3 days up to today are not noted" in text(client.get(f"{base}days/"))
    client.post(f"{base}days/{day(-3)}/", {"came_at": "", "left_at": "", "absence": "illness", "note": "Piezvanīja no rīta"})
    wrong = client.post(f"{base}days/{day(-2)}/", {"came_at": "09:00", "left_at": "10:00"})
    assert wrong.status_code == 422
    assert "Say why the pupil was absent" in text(wrong)
    client.post(f"{base}days/as-planned/")
    client.post(f"{base}incident/", {"kind": "near_miss", "happened_on": TODAY.isoformat(), "what": "Krita plaukts."})
    client.force_login(summer.anna_account)
    page = text(client.get(f"{base}days/"))
    assert "Worked so far: 14.0 h" in page
    assert "illness" in page
    assert "Krita plaukts." in page
    client.force_login(summer.coordinator)
    client.post(f"/en/summer/incidents/{Incident.objects.get().pk}/close/", {"answer": "Plaukts nostiprināts."})
    assert "Plaukts nostiprināts." in text(client.get(f"{base}days/"))
    assert "14.0" in text(client.get(f"/en/summer/{summer.scheme.pk}/work/"))


def test_closed_scheme_takes_no_more_days(summer: Summer) -> None:
    placement = working(summer)
    SummerScheme.objects.filter(pk=summer.scheme.pk).update(closed_at=timezone.now())
    with pytest.raises(RefusedError, match="closed"):
        note_as_planned(actor=summer.firm_account, placement=Placement.objects.get(pk=placement.pk))
