"""A request about personal data waits on the right person's work, and whoever asked is told what became of it."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from microcities.database.models import UpkeepKind
from microcities.database.upkeep import last_upkeep
from microcities.notices.actions import deliver_due_notices
from microcities.notices.models import Notice
from microcities.notices.worklist import Task, tasks_for
from microcities.people.models import Guardianship, Membership
from microcities.privacy.actions import ask_about_data, grant_request, place_hold, refuse_request
from microcities.privacy.jobs import count
from microcities.privacy.models import Request, RequestKind
from tests import factories
from tests.notices.mail_server import MailServer
from tests.privacy.planted import places_with, plant_account, plant_person
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def about_privacy(account: object) -> list[Task]:
    return [task for task in tasks_for(account) if "privacy" in task.url or "personal data" in str(task.title)]


def asked(world: World, kind: str = "rectification") -> Request:
    world.pupil.language = "en"
    world.pupil.save()
    return ask_about_data(actor=world.pupil, person=world.peteris, kind=RequestKind(kind), message="my name is wrong")


def test_open_request_waits_for_the_data_protection_officer_alone(world: World) -> None:
    request = asked(world)
    tasks = about_privacy(world.dace)
    assert [(task.due_on, task.count, str(task.detail)) for task in tasks] == [(request.due_on, 1, "")]
    for account in (world.marta, world.valda, world.ventis, world.aija, world.otto, world.svens):
        assert about_privacy(account) == []
    Request.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert str(about_privacy(world.dace)[0].detail) == "The law's month is over."
    refuse_request(actor=world.dace, request=request, answer="It is right.")
    assert about_privacy(world.dace) == []


def test_manager_is_told_when_a_request_is_late_or_nobody_answers(world: World) -> None:
    asked(world)
    Request.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert ["are late" in str(task.title) for task in about_privacy(world.marta)] == [True]
    Membership.objects.filter(account=world.dace).update(valid_to=date(2020, 1, 1))
    assert ["Nobody answers" in str(task.title) for task in about_privacy(world.marta)] == [True]
    assert about_privacy(world.valda) == []


def test_whoever_asked_is_told_that_it_arrived_and_that_it_is_answered(world: World) -> None:
    request = asked(world)
    arrived = Notice.objects.get()
    assert (arrived.account, arrived.subject, arrived.url) == (
        world.pupil, f"Your request number {request.pk} has arrived", "/en/privacy/mine/",
    )
    assert "You get an answer by" in arrived.text
    assert "my name is wrong" not in arrived.text
    refuse_request(actor=world.dace, request=request, answer="The name is as in the register.")
    answered = Notice.objects.latest("pk")
    assert answered.subject == f"Your request number {request.pk} is answered"
    assert "is refused" in answered.text
    assert "register" not in answered.text  # the answer stands on the page, behind the sign-in
    assert deliver_due_notices() == 2
    assert [message.to for message in mail.outbox] == [["peteris@example.org"], ["peteris@example.org"]]


def test_guardian_who_asked_is_told_without_the_childs_name(world: World) -> None:
    mother = factories.make_account(
        "mate@example.org", factories.make_person("Ilze", "Ozola", birth_on=date(1985, 1, 1)), language="lv"
    )
    Guardianship.objects.create(
        guardian=mother.person, ward=world.peteris, proof="seen", valid_from=timezone.localdate(), confirmed_by_id=1
    )
    request = ask_about_data(actor=mother, person=world.peteris, kind=RequestKind.ERASURE, message="")
    grant_request(actor=world.dace, request=request, answer="Done")
    notices = Notice.objects.filter(account=mother)
    assert [notice.url for notice in notices] == [f"/privacy/wards/{world.peteris.public_id}/"] * 2
    assert not any("Pēteris" in notice.text + notice.subject for notice in notices)


def test_erased_person_gets_the_answer_by_mail_and_the_letter_is_forgotten(world: World) -> None:
    person = plant_person()
    account = plant_account(person)
    address = account.email
    request = ask_about_data(actor=account, person=person, kind=RequestKind.ERASURE, message="please")
    grant_request(actor=world.dace, request=request, answer="Everything is gone.")
    assert [notice.email for notice in Notice.objects.filter(email=address)] == [address]
    assert deliver_due_notices() == 1
    assert mail.outbox[-1].to == [address]
    assert "Everything is gone." in mail.outbox[-1].body
    assert places_with(address) == []


def test_letter_to_an_erased_person_whose_mailbox_is_gone_is_forgotten_too(
    world: World, mail_server: MailServer
) -> None:
    mail_server.refusal = "550 no such mailbox"
    person = plant_person()
    account = plant_account(person)
    address = account.email
    request = ask_about_data(actor=account, person=person, kind=RequestKind.ERASURE, message="please")
    grant_request(actor=world.dace, request=request, answer="Done")
    assert deliver_due_notices() == 0
    assert places_with(address) == []


def test_refused_erasure_leaves_the_account_and_tells_it(world: World) -> None:
    request = asked(world, "erasure")
    place_hold(actor=world.dace, reason="court", from_on=timezone.localdate(), person=world.peteris)
    refuse_request(actor=world.dace, request=request, answer="A court needs it.")
    assert "is refused" in Notice.objects.filter(account=world.pupil).latest("pk").text


def test_what_retention_says_is_due_waits_for_the_officer_once_it_is_counted(world: World) -> None:
    assert about_privacy(world.dace) == []
    account = factories.make_account("old@example.org")
    type(account).objects.filter(pk=account.pk).update(joined_at=timezone.now() - timedelta(days=3 * 366))
    count(timestamp=0)
    note = last_upkeep(UpkeepKind.RETENTION)
    assert note is not None
    assert (note.good, note.facts) == (False, {"due": 1, "held": 0})
    assert [(task.url, task.count) for task in about_privacy(world.dace)] == [("/en/privacy/retention/", 1)]
    assert about_privacy(world.marta) == []
