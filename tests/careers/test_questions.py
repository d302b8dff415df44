"""Questions to counsellors: asked, answered, closed, overdue; each school's counsellors see their own and no others."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from microcities.access.answers import RefusedError
from microcities.careers.actions.questions import (
    MOST_OPEN,
    answer_question,
    ask_question,
    close_question,
    write_again,
)
from microcities.careers.counsellors import advising
from microcities.careers.models import Enrolment, GuidanceTalk, Question, QuestionTurn
from microcities.careers.question_words import state_words, waiting_words
from microcities.notices.models import Notice
from microcities.notices.worklist import tasks_for
from microcities.people.models import Account, Guardianship, Membership, Organisation, Person
from microcities.privacy.erasure import erase_person
from microcities.privacy.export import export_person
from microcities.trail.models import Change
from tests import factories
from tests.careers.conftest import Schools, make_counsellor, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WORDS = "Vai ar trim matemātikā var tikt tehnikumā?"


def fresh(account: Account) -> Account:
    return Account.objects.get(pk=account.pk)


def asked(schools: Schools, text: str = WORDS) -> Question:
    return ask_question(
        actor=schools.pupil_account, person=schools.pupil, organisation=schools.ventspils.organisation, text=text
    )


def waited(question: Question, days: int) -> Question:
    at = timezone.now() - timedelta(days=days)
    Question.objects.filter(pk=question.pk).update(asked_at=at, waits_since=at)
    question.refresh_from_db()
    return question


def titles(account: Account, word: str) -> list[str]:
    with translation.override("en"):
        return [str(task.detail) for task in tasks_for(fresh(account)) if word in str(task.title)]


def test_question_is_asked_answered_and_written_on_in_one_thread(schools: Schools) -> None:
    question = asked(schools)
    assert (question.state, question.guardian_id, question.person) == ("waiting", None, schools.pupil)
    answer_question(actor=schools.anna, question=question, text="Var.")
    question.refresh_from_db()
    assert (question.state, question.waits_since) == ("answered", None)
    turn = write_again(actor=schools.pupil_account, question=question, text="Un ar diviem?")
    question.refresh_from_db()
    assert (question.state, question.waits_since) == ("waiting", turn.written_at)
    write_again(actor=schools.pupil_account, question=question, text="Gaidu.")
    question.refresh_from_db()
    assert question.waits_since == turn.written_at  # it waits since the first that is not answered
    assert [(each.side, each.text) for each in question.turns.all()] == [
        ("asks", WORDS), ("answers", "Var."), ("asks", "Un ar diviem?"), ("asks", "Gaidu."),
    ]


def test_closed_question_takes_no_more_words_and_waits_for_nobody(schools: Schools) -> None:
    question = asked(schools)
    close_question(actor=schools.pupil_account, question=question)
    question.refresh_from_db()
    assert (question.state, question.waits_since, question.closed_by_id) == ("closed", None, schools.pupil_account.pk)
    for act in (
        lambda: write_again(actor=schools.pupil_account, question=question, text="Vēl"),
        lambda: answer_question(actor=schools.anna, question=question, text="Vēl"),
        lambda: close_question(actor=schools.anna, question=question),
    ):
        with pytest.raises(RefusedError, match="closed"):
            act()
    assert question.turns.count() == 1


def test_two_schools_neither_sees_nor_answers_the_others_questions(schools: Schools) -> None:
    factories.make_account("svesais@example.org", schools.stranger)
    stranger = Account.objects.get(email="svesais@example.org")
    ours = asked(schools)
    theirs = ask_question(
        actor=stranger, person=schools.stranger, organisation=schools.valmiera.organisation, text="Kur var strādāt vasarā?"
    )
    seen = {each.email: set(Question.objects.to_counsellor(each)) for each in (schools.anna, schools.baiba)}
    assert seen == {"anna@example.org": {ours}, "baiba@example.org": {theirs}}
    for actor, question in ((schools.anna, theirs), (schools.baiba, ours)):
        with pytest.raises(RefusedError, match="another organisation"):
            answer_question(actor=actor, question=question, text="Nē")
        with pytest.raises(RefusedError, match="closed by whoever asked"):
            close_question(actor=actor, question=question)
    assert (len(titles(schools.anna, "Answer a question")), len(titles(schools.baiba, "Answer a question"))) == (1, 1)
    assert QuestionTurn.objects.filter(side="answers").count() == 0


def test_question_goes_only_where_the_person_is_advised(schools: Schools) -> None:
    with pytest.raises(RefusedError, match="No counsellor there"):
        ask_question(
            actor=schools.pupil_account, person=schools.pupil, organisation=schools.valmiera.organisation, text=WORDS
        )
    with pytest.raises(RefusedError, match="ask for yourself"):
        ask_question(
            actor=schools.pupil_account, person=schools.stranger, organisation=schools.valmiera.organisation, text=WORDS
        )
    for staff in (schools.world.marta, schools.world.dace, schools.anna):
        with pytest.raises(RefusedError, match="ask for yourself"):
            ask_question(actor=staff, person=schools.pupil, organisation=schools.ventspils.organisation, text=WORDS)
    assert Question.objects.count() == 0


def test_whoever_sees_everybody_sees_no_question(schools: Schools) -> None:
    asked(schools)
    for account in (schools.world.marta, schools.world.dace, schools.world.aija):
        assert list(Question.objects.own(account)) + list(Question.objects.to_counsellor(account)) == []


def test_guardian_asks_for_a_child_and_does_not_see_what_the_child_asks(schools: Schools) -> None:
    own = asked(schools)
    hers = ask_question(
        actor=schools.guardian, person=schools.pupil, organisation=schools.ventspils.organisation, text="Kā palīdzēt?"
    )
    assert (hers.guardian, hers.person) == (schools.guardian.person, schools.pupil)
    assert set(Question.objects.own(schools.guardian)) == {hers}
    assert set(Question.objects.own(schools.pupil_account)) == {own, hers}
    with pytest.raises(RefusedError, match="Only whoever asked"):
        write_again(actor=schools.guardian, question=own, text="Es te")
    with pytest.raises(RefusedError, match="Only whoever asked"):
        write_again(actor=schools.pupil_account, question=hers, text="Es te")
    answer_question(actor=schools.anna, question=hers, text="Parunājiet.")
    assert [each.account for each in Notice.objects.all()] == [schools.guardian]


def test_guardian_of_somebody_of_age_asks_nothing_and_sees_nothing_any_more(schools: Schools) -> None:
    hers = ask_question(
        actor=schools.guardian, person=schools.pupil, organisation=schools.ventspils.organisation, text="Kā palīdzēt?"
    )
    Person.objects.filter(pk=schools.pupil.pk).update(birth_on=timezone.localdate() - timedelta(days=19 * 366))
    schools.pupil.refresh_from_db()
    hers = Question.objects.get(pk=hers.pk)
    assert list(Question.objects.own(schools.guardian)) == []
    with pytest.raises(RefusedError, match="Only whoever asked"):
        write_again(actor=schools.guardian, question=hers, text="Vēl")
    with pytest.raises(RefusedError, match="children under age"):
        ask_question(
            actor=schools.guardian, person=schools.pupil, organisation=schools.ventspils.organisation, text="Kā palīdzēt?"
        )


def test_former_guardian_does_not_see_the_thread(schools: Schools) -> None:
    ask_question(
        actor=schools.guardian, person=schools.pupil, organisation=schools.ventspils.organisation, text="Kā palīdzēt?"
    )
    Guardianship.objects.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert list(Question.objects.own(schools.guardian)) == []


def test_answer_tells_whoever_asked_without_the_words(schools: Schools) -> None:
    question = asked(schools)
    answer_question(actor=schools.anna, question=question, text="Slepena atbilde")
    notice = Notice.objects.get()
    assert (notice.account, notice.kind) == (schools.pupil_account, "careers.answer")
    assert notice.url.endswith(f"/careers/mine/questions/{question.pk}/")
    assert "Slepena" not in notice.text + notice.subject
    assert WORDS not in notice.text
    assert len(mail.outbox) == 0  # it leaves with the worker


def test_answer_with_an_offer_makes_one_talk(schools: Schools) -> None:
    question = asked(schools)
    answer_question(actor=schools.anna, question=question, text="Parunāsim", offer=True)
    question.refresh_from_db()
    talk = GuidanceTalk.objects.get()
    assert (question.talk, talk.state, talk.person, talk.organisation) == (
        talk, "offered", schools.pupil, schools.ventspils.organisation
    )
    answer_question(actor=schools.anna, question=question, text="Vēlreiz", offer=True)
    assert GuidanceTalk.objects.count() == 1  # the open offer is taken up again


def test_waiting_question_says_how_long_and_from_which_day_it_is_overdue(schools: Schools) -> None:
    today = timezone.localdate()
    question = asked(schools)
    with translation.override("en"):
        assert waiting_words(question.waits_since, today) == "waits since today"
        assert waiting_words(waited(question, 1).waits_since, today) == "waits for 1 day"
        assert waiting_words(waited(question, 5).waits_since, today) == "waits for 5 days"
        assert state_words(question, today) == ("waits for an answer", "info")
        assert waiting_words(waited(question, 6).waits_since, today).startswith("waits for 6 days, overdue: the answer")
        assert state_words(question, today) == ("overdue", "bad")
    assert "waits for 6 days, overdue: the answer was due on" in titles(schools.anna, "Answer a question")[0]
    assert schools.pupil.family_name not in titles(schools.anna, "Answer a question")[0]


def test_both_sides_find_in_my_work_what_they_have_to_do(schools: Schools) -> None:
    question = asked(schools)
    assert (len(titles(schools.anna, "Answer a question")), titles(schools.pupil_account, "Read the answer")) == (1, [])
    answer_question(actor=schools.anna, question=question, text="Var.")
    assert (titles(schools.anna, "Answer a question"), len(titles(schools.pupil_account, "Read the answer"))) == ([], 1)
    close_question(actor=schools.pupil_account, question=question)
    assert titles(schools.pupil_account, "Read the answer") == []


def test_counsellor_who_leaves_sees_nothing_and_the_next_one_answers(schools: Schools) -> None:
    question = asked(schools)
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(account=schools.anna).update(valid_to=yesterday)
    gone = fresh(schools.anna)
    assert list(Question.objects.to_counsellor(gone)) == []
    with pytest.raises(RefusedError):
        answer_question(actor=gone, question=question, text="Vēl esmu")
    successor = make_counsellor("cita@example.org", schools.ventspils, "Cita")
    answer_question(actor=successor, question=question, text="Tagad es.")
    assert [each.written_by_id for each in question.turns.filter(side="answers")] == [successor.pk]


def test_questions_without_any_counsellor_are_counted_for_whoever_leads_the_staff(schools: Schools) -> None:
    asked(schools)
    head = factories.make_account("direktore@example.org")
    factories.give_role(head, schools.ventspils.organisation, "partner_reporter")
    assert titles(head, "no counsellor") == []
    Membership.objects.filter(account=schools.anna).update(valid_to=timezone.localdate() - timedelta(days=1))
    assert titles(head, "no counsellor") == ["Ventspils 1. vidusskola"]
    assert titles(schools.world.marta, "no counsellor") == []
    assert list(Question.objects.to_counsellor(fresh(head))) == []  # a number, and not a word of them
    with pytest.raises(RefusedError, match="No counsellor there"):
        asked(schools)


def test_school_that_the_pupil_left_answers_no_more_and_may_close(schools: Schools) -> None:
    question = asked(schools)
    today = timezone.localdate()
    Enrolment.objects.filter(person=schools.pupil).update(left_on=today - timedelta(days=1))
    factories.register(schools.pupil, schools.valmiera.organisation)
    place(schools.theirs, schools.pupil, joined_on=today)
    assert list(advising(schools.pupil)) == [schools.valmiera.organisation]
    with pytest.raises(RefusedError, match="not advised by your organisation"):
        answer_question(actor=schools.anna, question=question, text="Vēl")
    assert list(Question.objects.to_counsellor(schools.baiba)) == []  # the thread stays where it was asked
    assert close_question(actor=schools.anna, question=question).state == "closed"


def test_no_more_questions_are_open_than_the_most(schools: Schools) -> None:
    for place_ in range(MOST_OPEN):
        asked(schools, f"Jautājums {place_}")
    with pytest.raises(RefusedError, match="5"):
        asked(schools)
    close_question(actor=schools.pupil_account, question=Question.objects.earliest("pk"))
    assert asked(schools).pk


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_empty_words_are_refused_and_leave_nothing(schools: Schools, text: str) -> None:
    with pytest.raises(RefusedError, match="Write something"):
        asked(schools, text)
    assert Question.objects.count() == 0


def test_thread_goes_with_the_erased_person(schools: Schools) -> None:
    question = asked(schools)
    answer_question(actor=schools.anna, question=question, text="Var.")
    erase_person(actor=schools.world.dace, person=schools.pupil, reason="lūgums")
    assert (Question.objects.count(), QuestionTurn.objects.count()) == (0, 0)
    left = Change.objects.filter(table_name__in=("careers_question", "careers_questionturn"), old__isnull=False)
    assert left.count() == 0


def test_guardians_thread_goes_with_the_guardian_and_the_childs_stays(schools: Schools) -> None:
    own = asked(schools)
    ask_question(
        actor=schools.guardian, person=schools.pupil, organisation=schools.ventspils.organisation, text="Kā palīdzēt?"
    )
    assert schools.guardian.person is not None
    erase_person(actor=schools.world.dace, person=schools.guardian.person, reason="lūgums")
    assert list(Question.objects.all()) == [own]


def test_thread_is_part_of_the_persons_export(schools: Schools) -> None:
    question = asked(schools)
    answer_question(actor=schools.anna, question=question, text="Var, ja mācās.")
    whole = str(export_person(schools.pupil))
    assert (WORDS in whole, "Var, ja mācās." in whole) == (True, True)
    assert WORDS not in str(export_person(schools.stranger))


def test_database_keeps_threads_sane(schools: Schools) -> None:
    question = asked(schools)
    now = timezone.now()
    common = {"person": schools.pupil, "organisation": Organisation.objects.latest("pk"), "asked_at": now}
    wrong = (
        Question(**common, waits_since=now, closed_at=now, closed_by_id=1),
        Question(**common, closed_at=now),
        Question(**common, guardian=schools.pupil),
        QuestionTurn(question=question, side="asks", text="", written_at=now, written_by_id=1),
        QuestionTurn(question=question, side="both", text="Kas?", written_at=now, written_by_id=1),
    )
    for row in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_operator_sets_after_how_many_days_a_question_is_overdue(schools: Schools, settings: Any) -> None:
    settings.ANSWER_DAYS = 2
    question, today = waited(asked(schools), 3), timezone.localdate()
    with translation.override("en"):
        assert state_words(question, today) == ("overdue", "bad")
        assert waiting_words(question.waits_since, today).startswith("waits for 3 days, overdue: the answer was due on ")
    (task,) = [task for task in tasks_for(fresh(schools.anna)) if task.url.endswith(f"/questions/{question.pk}/")]
    assert task.due_on == today - timedelta(days=1)
