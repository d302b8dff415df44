"""Who reaches what: cities for counsellors, notes left behind, late steps in My work, who would see a plan, follow-up times."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from microcities.careers.actions.guidance import record_talk
from microcities.careers.actions.notes import seal_note
from microcities.careers.actions.plans import add_step, finish_step, share_plan, write_plan
from microcities.careers.comparisons import FollowUp, follow_ups_of
from microcities.careers.models import CareerPlan, CareersProgramme, PlanStep, School, SealedNote
from microcities.careers.sealed_notes import left_behind
from microcities.notices.worklist import Task, tasks_for
from microcities.people.models import Account, Membership
from microcities.trail.models import Look
from tests import factories
from tests.careers.conftest import YEAR, Schools, make_counsellor, make_school
from tests.careers.school_pages import finish

pytestmark = pytest.mark.django_db
SECRET = "Zvkxq: māte slima"


def text(response: Any) -> str:
    return response.content.decode()


def fresh(account: Account) -> Account:
    return Account.objects.get(pk=account.pk)


def tasks(account: Account, word: str) -> list[Task]:
    with translation.override("en"):
        return [task for task in tasks_for(fresh(account)) if word in str(task.title)]


# --- figures of cities ---


def test_counsellor_compares_the_schools_of_the_own_city_and_no_others(client: Client, schools: Schools) -> None:
    make_school(schools.world, "Ventspils 4. vidusskola")
    seen = {
        each.email: sorted(str(school) for school in School.objects.compared_by(each))
        for each in (schools.anna, schools.baiba)
    }
    assert seen == {
        "anna@example.org": ["Ventspils 1. vidusskola", "Ventspils 4. vidusskola"],
        "baiba@example.org": ["Valmieras 2. vidusskola"],
    }
    client.force_login(schools.anna)
    shown = text(client.get("/en/careers/cities/"))
    assert ("Ventspils 4. vidusskola" in shown, "Valmieras 2. vidusskola" in shown) == (True, False)
    assert "You see the schools of the cities in which you keep" in shown
    assert schools.pupil.family_name not in shown
    other = text(client.get("/en/careers/cities/", {"city": "valmiera"}))
    assert "Valmieras 2. vidusskola" not in other
    assert client.get("/en/careers/stem/").status_code == 403


def test_partners_still_compare_all_schools_and_pupils_none(client: Client, schools: Schools) -> None:
    client.force_login(schools.world.marta)
    shown = text(client.get("/en/careers/cities/"))
    assert ("Ventspils 1. vidusskola" in shown, "Valmieras 2. vidusskola" in shown) == (True, True)
    assert "You see the schools of the cities in which you keep" not in shown
    for account in (schools.pupil_account, schools.guardian, schools.world.svens):
        client.force_login(account)
        assert client.get("/en/careers/cities/").status_code == 403


# --- notes left behind ---


@pytest.fixture
def note(schools: Schools) -> SealedNote:
    talk = record_talk(
        actor=schools.anna, person=schools.pupil, organisation=schools.ventspils.organisation, held_on=timezone.localdate(),
        minutes=30, mode="in_person", guardian_present=False, advice="Apskati tehnikumu", agreed="",
    )
    return seal_note(actor=schools.anna, talk=talk, text=SECRET)


def leave(account: Account) -> None:
    Membership.objects.filter(account=account).update(valid_to=timezone.localdate() - timedelta(days=1))


def head_of(schools: Schools) -> Account:
    account = factories.make_account("direktore@example.org")
    factories.give_role(account, schools.ventspils.organisation, "partner_reporter")
    return account


def careers_leader(schools: Schools) -> Account:
    person = factories.make_person("Vadošā", "Kalniņa", birth_on=date(1980, 1, 1))
    account = factories.make_account("vada@example.org", person)
    CareersProgramme.objects.create(school=schools.ventspils, school_year=YEAR, leader=person, outcomes="Prot izvēlēties")
    return account


def test_head_hands_on_a_note_that_a_counsellor_left_and_does_not_read_it(
    client: Client, schools: Schools, note: SealedNote
) -> None:
    head, successor = head_of(schools), make_counsellor("elina@example.org", schools.ventspils, "Elīna")
    address = f"/en/careers/talks/{note.talk_id}/note/hand-on/"
    client.force_login(head)
    assert (client.get(address).status_code, tasks(head, "Hand on a note")) == (404, [])
    leave(schools.anna)
    (task,) = tasks(head, "Hand on a note")
    assert (task.url, str(task.detail)) == (address, "Ventspils 1. vidusskola")
    shown = text(client.get(address))
    assert (schools.pupil.name in shown, SECRET in shown, "Apskati tehnikumu" in shown) == (True, False, False)
    assert Look.objects.filter(person_id=schools.pupil.pk, reason="careers.hand_on").count() == 1
    assert client.get(f"/en/careers/talks/{note.talk_id}/").status_code == 403
    assert client.get(f"/en/careers/talks/{note.talk_id}/note/").status_code == 403
    answer = client.post(address, {"successor": successor.pk, "reason": "Anna aizgājusi"})
    assert answer.headers["Location"] == "/en/work/"
    assert list(SealedNote.objects.held_by(successor)) == [note]
    assert (tasks(head, "Hand on a note"), client.get(address).status_code) == ([], 404)


def test_leader_of_the_careers_programme_hands_on_while_being_staff_there(
    client: Client, schools: Schools, note: SealedNote
) -> None:
    leader = careers_leader(schools)
    leave(schools.anna)
    address = f"/en/careers/talks/{note.talk_id}/note/hand-on/"
    client.force_login(leader)
    assert client.get(address).status_code == 403  # named as leader, and no staff of the school
    factories.give_role(leader, schools.ventspils.organisation, "career_counsellor")
    successor = make_counsellor("elina@example.org", schools.ventspils, "Elīna")
    assert list(left_behind(fresh(leader))) == [note]
    assert client.post(address, {"successor": successor.pk, "reason": "Anna aizgājusi"}).status_code == 302
    assert list(SealedNote.objects.held_by(successor)) == [note]


def test_who_leads_another_school_or_the_programme_reaches_no_note(
    client: Client, schools: Schools, note: SealedNote
) -> None:
    leave(schools.anna)
    other = factories.make_account("cita-direktore@example.org")
    factories.give_role(other, schools.valmiera.organisation, "partner_reporter")
    for account in (other, schools.world.marta, schools.world.valda):
        client.force_login(account)
        assert client.get(f"/en/careers/talks/{note.talk_id}/note/hand-on/").status_code == 404
        assert tasks(account, "Hand on a note") == []


def test_note_of_a_counsellor_who_is_there_is_nobody_elses_to_hand_on(
    client: Client, schools: Schools, note: SealedNote
) -> None:
    head = head_of(schools)
    successor = make_counsellor("elina@example.org", schools.ventspils, "Elīna")
    client.force_login(head)
    address = f"/en/careers/talks/{note.talk_id}/note/hand-on/"
    assert client.post(address, {"successor": successor.pk, "reason": "Gribu"}).status_code == 404
    client.force_login(schools.anna)
    assert client.get(address).status_code == 200
    assert client.post(address, {"successor": successor.pk, "reason": "Aizeju"}).status_code == 302
    assert list(SealedNote.objects.held_by(successor)) == [note]


# --- late steps ---


def planned(schools: Schools) -> tuple[CareerPlan, PlanStep]:
    """A plan with a step that was due three days ago, and one that has time."""
    today = timezone.localdate()
    plan = write_plan(actor=schools.pupil_account, person=schools.pupil, goal="Kļūt par elektriķi")
    add_step(actor=schools.pupil_account, plan=plan, what="Vēl ir laiks", due_on=today)
    late = PlanStep.objects.create(
        plan=plan, what="Aiziet uz tehnikumu", due_on=today - timedelta(days=3), added_on=today - timedelta(days=9)
    )
    return plan, late


def test_late_step_stands_in_the_owners_work_until_it_is_done(schools: Schools) -> None:
    _plan, late = planned(schools)
    (task,) = tasks(schools.pupil_account, "is late")
    assert (str(task.detail), task.due_on, task.url) == ("Aiziet uz tehnikumu", late.due_on, "/en/careers/mine/career-plan/")
    assert tasks(schools.guardian, "is late") == []
    finish_step(actor=schools.pupil_account, step=late)
    assert tasks(schools.pupil_account, "is late") == []


def test_counsellor_is_told_of_late_steps_only_while_the_plan_is_shown(schools: Schools) -> None:
    plan, late = planned(schools)
    assert tasks(schools.anna, "late steps") == []
    share_plan(actor=schools.pupil_account, plan=plan, shared=True)
    (task,) = tasks(schools.anna, "late steps")
    assert (task.count, task.due_on, task.url) == (1, late.due_on, f"/en/careers/career-plans/{plan.pk}/")
    assert schools.pupil.family_name not in f"{task.title} {task.detail}"
    assert tasks(schools.baiba, "late steps") == []
    share_plan(actor=schools.pupil_account, plan=plan, shared=False)
    assert tasks(schools.anna, "late steps") == []


# --- who would see it ---


def test_plan_says_plainly_when_no_counsellor_would_see_it(client: Client, schools: Schools) -> None:
    plan, _late = planned(schools)
    words = "There is no counsellor at present who would see it"
    client.force_login(schools.pupil_account)
    assert words not in text(client.get("/en/careers/mine/career-plan/"))
    leave(schools.anna)
    shown = text(client.get("/en/careers/mine/career-plan/"))
    assert (words in shown, "Show it to my counsellors" in shown) == (True, True)
    share_plan(actor=schools.pupil_account, plan=plan, shared=True)
    assert words in text(client.get("/en/careers/mine/career-plan/"))


def test_inactive_account_is_no_counsellor_who_sees(client: Client, schools: Schools) -> None:
    planned(schools)
    Account.objects.filter(pk=schools.anna.pk).update(is_active=False)
    client.force_login(schools.pupil_account)
    assert "There is no counsellor at present" in text(client.get("/en/careers/mine/career-plan/"))


# --- follow-up times ---


def test_follow_up_runs_from_the_school_year_for_two_years_after_it() -> None:
    assert follow_ups_of((2024, 2018), date(2026, 11, 24)) == [
        FollowUp(date(2024, 9, 1), date(2026, 11, 24), False), FollowUp(date(2018, 9, 1), date(2021, 8, 31), True),
    ]
    (whole,) = follow_ups_of((2023,), date(2026, 8, 31))
    assert (whole.last, whole.is_whole) == (date(2026, 8, 31), True)


def test_stem_page_says_that_the_years_were_followed_for_different_times(client: Client, schools: Schools) -> None:
    for year in (YEAR - 1, YEAR - 5, YEAR - 6):
        finish(schools, year, 12, 12, 0)
    client.force_login(schools.world.marta)
    words = "The two school years were followed for different times"
    shown = text(client.get("/en/careers/stem/", {"year": YEAR - 1, "compared": YEAR - 5, "kind": "actual"}))
    assert (words in shown, "This time is not over yet." in shown, "fewer destinations can be known" in shown) == (
        True, True, True
    )
    older = text(client.get("/en/careers/stem/", {"year": YEAR - 5, "compared": YEAR - 6, "kind": "actual"}))
    assert (words in older, "Both were followed for the same time." in older) == (False, True)
