"""A career plan: written by the person alone, shown to counsellors only if the person likes, and gone when deleted."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from microcities.access.answers import RefusedError
from microcities.careers.actions.guidance import book_guidance
from microcities.careers.actions.plans import MOST_STEPS, add_step, finish_step, remove_step, share_plan, write_plan
from microcities.careers.documents import parts_of_record
from microcities.careers.models import CareerPlan, PlanStep
from microcities.privacy.erasure import erase_person
from microcities.trail.models import Change, Look
from tests.careers.conftest import Schools, tomorrow_at

pytestmark = pytest.mark.django_db
BASE = "/en/careers/mine/career-plan/"


def text(response: Any) -> str:
    return response.content.decode()


def planned(schools: Schools, *steps: str) -> CareerPlan:
    """The pupil's plan with these steps."""
    actor = schools.pupil_account
    plan = write_plan(actor=actor, person=schools.pupil, goal="Kļūt par elektriķi", strengths="Rokas un galva")
    for what in steps:
        add_step(actor=actor, plan=plan, what=what)
    return plan


def test_plan_is_written_step_by_step_on_the_pages(client: Client, schools: Schools) -> None:
    client.force_login(schools.pupil_account)
    assert "No plan yet" in text(client.get(BASE))
    assert client.post(f"{BASE}goal/", {"goal": "Kļūt par elektriķi", "reason": "Patīk"}).headers["Location"] == BASE
    assert "No step yet" in text(client.get(BASE))
    due = timezone.localdate() + timedelta(days=9)
    client.post(f"{BASE}steps/new/", {"what": "Aiziet uz tehnikumu", "due_on": due.isoformat()})
    step = PlanStep.objects.get()
    assert (step.what, step.due_on, step.done_on) == ("Aiziet uz tehnikumu", due, None)
    client.post(f"{BASE}steps/{step.pk}/done/", {"done": "yes"})
    assert PlanStep.objects.get().done_on == timezone.localdate()
    shown = text(client.get(BASE))
    for words in ("Kļūt par elektriķi", "Patīk", "Aiziet uz tehnikumu", "Done on", "Not done yet", "Only you.",
                  "No talk is booked."):
        assert words in shown
    client.post(f"{BASE}steps/{step.pk}/done/", {"done": "no"})
    assert PlanStep.objects.get().done_on is None
    client.post(f"{BASE}steps/{step.pk}/remove/")
    assert PlanStep.objects.count() == 0
    assert "Kļūt par elektriķi" in text(client.get("/en/careers/mine/"))


def test_goal_is_written_anew_and_the_steps_stay(client: Client, schools: Schools) -> None:
    plan = planned(schools, "Apskatīt darbnīcu")
    client.force_login(schools.pupil_account)
    assert "Rokas un galva" in text(client.get(f"{BASE}goal/"))
    client.post(f"{BASE}goal/", {"goal": "Kļūt par inženieri"})
    plan.refresh_from_db()
    assert (CareerPlan.objects.count(), plan.goal, plan.strengths, plan.steps.count()) == (1, "Kļūt par inženieri", "", 1)


def test_adult_without_a_school_has_a_plan_too(client: Client, schools: Schools) -> None:
    client.force_login(schools.guardian)
    client.post(f"{BASE}goal/", {"goal": "Apgūt jaunu amatu"})
    assert CareerPlan.objects.get().person == schools.guardian.person
    assert "No counsellor of your school can be booked here" in text(client.get(BASE))


@pytest.mark.parametrize("data", [{"goal": " "}, {"goal": "x" * 301}, {"goal": ""}])
def test_goal_without_words_or_too_long_is_an_error(client: Client, schools: Schools, data: dict[str, str]) -> None:
    client.force_login(schools.pupil_account)
    assert (client.post(f"{BASE}goal/", data).status_code, CareerPlan.objects.count()) == (422, 0)


def test_step_for_a_day_that_has_passed_is_an_error(client: Client, schools: Schools) -> None:
    planned(schools)
    client.force_login(schools.pupil_account)
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = client.post(f"{BASE}steps/new/", {"what": "Zvanīt", "due_on": yesterday.isoformat()})
    assert (answer.status_code, "This day has passed" in text(answer), PlanStep.objects.count()) == (422, True, 0)


def test_plan_has_no_more_steps_than_the_most(schools: Schools) -> None:
    plan = planned(schools)
    today = timezone.localdate()
    PlanStep.objects.bulk_create(PlanStep(plan=plan, what="Solis", added_on=today) for _place in range(MOST_STEPS))
    with pytest.raises(RefusedError, match="50"):
        add_step(actor=schools.pupil_account, plan=plan, what="Vēl viens")


def test_open_steps_stand_first_by_their_days_and_late_ones_are_marked(client: Client, schools: Schools) -> None:
    plan, today = planned(schools, "Bez dienas", "Paveikts"), timezone.localdate()
    finish_step(actor=schools.pupil_account, step=plan.steps.get(what="Paveikts"))
    add_step(actor=schools.pupil_account, plan=plan, what="Vēlāk", due_on=today + timedelta(days=9))
    PlanStep.objects.create(plan=plan, what="Nokavēts", due_on=today - timedelta(days=1), added_on=today - timedelta(days=5))
    assert [each.what for each in plan.steps.in_order()] == ["Nokavēts", "Vēlāk", "Bez dienas", "Paveikts"]
    client.force_login(schools.pupil_account)
    assert text(client.get(BASE)).count("late") == 1


def test_next_talk_stands_on_the_plan(client: Client, schools: Schools) -> None:
    planned(schools)
    talk = book_guidance(
        actor=schools.pupil_account, person=schools.pupil, counsellor=schools.counsellor,
        starts_at=tomorrow_at(10, days=3), key=uuid4(),
    )
    client.force_login(schools.pupil_account)
    shown = text(client.get(BASE))
    assert (f"/en/careers/mine/talks/{talk.pk}/" in shown, "No talk is booked." in shown) == (True, False)


def test_counsellor_reads_a_plan_while_it_is_shown_and_nobody_else_does(client: Client, schools: Schools) -> None:
    plan = planned(schools, "Apskatīt darbnīcu")
    address = f"/en/careers/career-plans/{plan.pk}/"

    def seen() -> list[int]:
        found = []
        for account in (schools.anna, schools.baiba, schools.guardian, schools.world.marta):
            client.force_login(account)
            found.append(client.get(address).status_code)
        return found

    assert seen() == [404, 404, 403, 403]
    client.force_login(schools.pupil_account)
    client.post(f"{BASE}share/", {"shared": "yes"})
    assert seen() == [200, 404, 403, 403]
    assert Look.objects.filter(person_id=schools.pupil.pk, reason="careers.plan").count() == 1
    client.force_login(schools.anna)
    shown = text(client.get(address))
    assert ("Apskatīt darbnīcu" in shown, "Delete my plan" in shown, "It is done" in shown) == (True, False, False)
    with translation.override("en"):
        person_page = reverse("persons:person", args=[schools.pupil.public_id])
    assert address in text(client.get(person_page))
    share_plan(actor=schools.pupil_account, plan=plan, shared=False)
    assert seen() == [404, 404, 403, 403]


def test_nobody_writes_in_another_persons_plan(client: Client, schools: Schools) -> None:
    plan = planned(schools, "Apskatīt darbnīcu")
    step = plan.steps.get()
    share_plan(actor=schools.pupil_account, plan=plan, shared=True)
    for account in (schools.anna, schools.guardian):
        client.force_login(account)
        answers = [client.post(f"{BASE}steps/{step.pk}/{verb}/").status_code for verb in ("done", "remove")]
        assert answers == [404, 404]
        for act in (
            lambda actor=account: write_plan(actor=actor, person=schools.pupil, goal="Cits"),
            lambda actor=account: add_step(actor=actor, plan=plan, what="Cits"),
            lambda actor=account: finish_step(actor=actor, step=step),
            lambda actor=account: remove_step(actor=actor, step=step),
            lambda actor=account: share_plan(actor=actor, plan=plan, shared=False),
        ):
            with pytest.raises(RefusedError, match="by the person alone"):
                act()
    step.refresh_from_db()
    assert (CareerPlan.objects.get().goal, step.done_on) == ("Kļūt par elektriķi", None)


def test_deleted_plan_is_gone_from_the_history_too(client: Client, schools: Schools) -> None:
    plan = planned(schools, "Apskatīt darbnīcu")
    finish_step(actor=schools.pupil_account, step=plan.steps.get())
    planned(schools)
    history = Change.objects.filter(table_name__in=("careers_careerplan", "careers_planstep"), old__isnull=False)
    assert history.exists()
    client.force_login(schools.pupil_account)
    assert "gone for good" in text(client.get(f"{BASE}delete/"))
    client.post(f"{BASE}delete/")
    assert (CareerPlan.objects.count(), PlanStep.objects.count(), history.exists()) == (0, 0, False)


def test_plan_goes_with_the_erased_person(schools: Schools) -> None:
    planned(schools, "Apskatīt darbnīcu")
    erase_person(actor=schools.world.dace, person=schools.pupil, reason="lūgums")
    assert (CareerPlan.objects.count(), PlanStep.objects.count()) == (0, 0)
    left = Change.objects.filter(table_name__in=("careers_careerplan", "careers_planstep"), old__isnull=False)
    assert left.count() == 0


def test_plan_is_in_the_persons_own_record_and_not_in_a_guardians(schools: Schools) -> None:
    planned(schools, "Apskatīt darbnīcu")
    own = str([asdict(part) for part in parts_of_record(schools.pupil_account, schools.pupil, own=True)])
    theirs = str([asdict(part) for part in parts_of_record(schools.guardian, schools.pupil, own=False)])
    assert ("Kļūt par elektriķi" in own, "Apskatīt darbnīcu" in own, "Kļūt par elektriķi" in theirs) == (True, True, False)


def test_record_with_a_plan_becomes_a_file(client: Client, schools: Schools) -> None:
    planned(schools, "Apskatīt darbnīcu")
    client.force_login(schools.pupil_account)
    answer = client.get(f"/careers/mine/{schools.pupil.public_id}/record.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_database_keeps_plans_sane(schools: Schools) -> None:
    plan, today = planned(schools), timezone.localdate()
    wrong = (
        PlanStep(plan=plan, what="", added_on=today),
        PlanStep(plan=plan, what="Solis", added_on=today, done_on=today - timedelta(days=1)),
        CareerPlan(person=schools.stranger, goal="", written_on=today),
        CareerPlan(person=schools.pupil, goal="Otrs", written_on=today),
    )
    for row in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_account_without_a_person_has_no_plan(client: Client, schools: Schools) -> None:
    client.force_login(schools.world.svens)
    assert client.get(BASE).status_code == 403
