"""The pages of questions: the pupil's phone, the guardian's view, the counsellor's list and thread, and the log of looks."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from microcities.careers.actions.questions import answer_question, ask_question
from microcities.careers.models import GuidanceTalk, Question
from microcities.people.models import Membership
from microcities.trail.models import Look
from tests.careers.conftest import Schools

pytestmark = pytest.mark.django_db
MINE = "/en/careers/mine/"


def text(response: Any) -> str:
    return response.content.decode()


def asked(schools: Schools) -> Question:
    return ask_question(
        actor=schools.pupil_account, person=schools.pupil, organisation=schools.ventspils.organisation, text="Kas ir prakse?"
    )


def test_pupil_asks_from_the_own_page_and_reads_the_answer(client: Client, schools: Schools) -> None:
    client.force_login(schools.pupil_account)
    own = text(client.get(MINE))
    assert "No question yet" in own
    address = f"{MINE}{schools.pupil.public_id}/ask/"
    assert address in own
    form = text(client.get(address))
    assert "Your guardian does not see it" in form
    assert "Whom do you ask?" not in form
    answer = client.post(address, {"text": "Kas ir prakse?"})
    question = Question.objects.get()
    page = f"{MINE}questions/{question.pk}/"
    assert answer.headers["Location"] == page
    assert "waits for an answer" in text(client.get(MINE))
    answer_question(actor=schools.anna, question=question, text="Darbs uzņēmumā.", offer=True)
    shown = text(client.get(page))
    for words in ("Kas ir prakse?", "Darbs uzņēmumā.", "A talk is offered to you", f"{MINE}{schools.pupil.public_id}/book/"):
        assert words in shown
    assert client.post(page, {"text": "Cik ilgi?"}).headers["Location"] == page
    assert client.post(f"{page}close/").status_code == 302
    assert Question.objects.get().state == "closed"
    assert "This question is closed" in text(client.get(page))


@pytest.mark.parametrize("words", ["", " ", "x" * 4001])
def test_empty_or_endless_question_is_an_error(client: Client, schools: Schools, words: str) -> None:
    client.force_login(schools.pupil_account)
    answer = client.post(f"{MINE}{schools.pupil.public_id}/ask/", {"text": words})
    assert (answer.status_code, Question.objects.count()) == (422, 0)


def test_page_says_plainly_that_nobody_can_be_asked(client: Client, schools: Schools) -> None:
    Membership.objects.filter(account=schools.anna).delete()
    client.force_login(schools.pupil_account)
    address = f"{MINE}{schools.pupil.public_id}/ask/"
    assert "No counsellor can be asked here" in text(client.get(address))
    client.post(address, {"text": "Vai kāds ir?"})
    assert Question.objects.count() == 0


def test_guardian_asks_for_the_child_and_the_look_is_logged(client: Client, schools: Schools) -> None:
    childs = asked(schools)
    client.force_login(schools.guardian)
    address = f"{MINE}{schools.pupil.public_id}/ask/"
    assert "your child may read it too" in text(client.get(address))
    client.post(address, {"text": "Kā palīdzēt?"})
    hers = Question.objects.get(guardian=schools.guardian.person)
    looks = Look.objects.filter(person_id=schools.pupil.pk, reason="careers.question")
    before = looks.count()
    assert client.get(f"{MINE}questions/{hers.pk}/").status_code == 200
    assert looks.count() == before + 1
    assert client.get(f"{MINE}questions/{childs.pk}/").status_code == 404
    assert client.get(f"{MINE}{schools.stranger.public_id}/ask/").status_code == 404


def test_counsellor_finds_the_question_answers_and_each_look_is_logged(client: Client, schools: Schools) -> None:
    question = asked(schools)
    client.force_login(schools.anna)
    assert f"/en/careers/questions/{question.pk}/" in text(client.get("/en/work/"))
    listed = text(client.get("/en/careers/questions/"))
    assert ("waits since today" in listed, "Kas ir prakse?" in listed) == (True, False)
    page = f"/en/careers/questions/{question.pk}/"
    assert "Kas ir prakse?" in text(client.get(page))
    assert Look.objects.filter(person_id=schools.pupil.pk, reason="careers.question").count() == 1
    assert client.post(page, {"text": " "}).status_code == 422
    assert client.post(page, {"text": "Darbs.", "offer": "on"}).headers["Location"] == page
    assert GuidanceTalk.objects.get().state == "offered"
    assert "No question waits" in text(client.get("/en/careers/questions/"))
    assert schools.pupil.name in text(client.get("/en/careers/questions/?show=all"))
    assert client.post(f"{page}close/").headers["Location"] == "/en/careers/questions/"
    assert Question.objects.get().closed_by_id == schools.anna.pk


def test_other_schools_counsellor_and_staff_find_no_such_page(client: Client, schools: Schools) -> None:
    question = asked(schools)
    page = f"/en/careers/questions/{question.pk}/"
    found = {}
    for account in (schools.baiba, schools.world.marta, schools.world.dace, schools.pupil_account, schools.guardian):
        client.force_login(account)
        found[account.email.partition("@")[0]] = (client.get(page).status_code, client.post(page, {"text": "x"}).status_code)
    assert found == {
        "baiba": (404, 404), "marta": (403, 403), "dace": (403, 403), "janis": (403, 403), "ilze": (403, 403),
    }
    client.force_login(schools.baiba)
    assert schools.pupil.name not in text(client.get("/en/careers/questions/?show=all"))
    assert client.get(f"{MINE}questions/{question.pk}/").status_code == 404


def test_list_of_questions_is_taken_along_without_the_words(client: Client, schools: Schools) -> None:
    asked(schools)
    client.force_login(schools.anna)
    answer = client.get("/en/careers/questions/", {"show": "all", "format": "csv"})
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert (schools.pupil.name in content, "Kas ir prakse?" in content) == (True, False)


def test_person_page_leads_the_counsellor_to_the_questions(client: Client, schools: Schools) -> None:
    question = asked(schools)
    client.force_login(schools.anna)
    shown = text(client.get(f"/en/persons/{schools.pupil.public_id}/"))
    assert f"/en/careers/questions/{question.pk}/" in shown


def test_queries_of_the_list_do_not_grow_with_questions(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    counts = []
    for number in (1, 4):
        for _place in range(number):
            asked(schools)
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/careers/questions/?show=all")
        counts.append(len(queries))
    assert counts[0] == counts[1]
