"""The questionnaire on interests on the pages: nothing is lost, the result is in words, and it is the person's own."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from microcities.careers.engines.questionnaire import shipped_questionnaire
from microcities.careers.models import InterestSheet
from microcities.privacy.erasure import erase_person
from microcities.trail.models import Change, Look
from tests.careers.conftest import Schools

pytestmark = pytest.mark.django_db
BASE = "/en/careers/mine/interests/"
ITEMS = shipped_questionnaire().items
# Realistic most, then investigative, then artistic.
LIKED = {"R": 5, "I": 4, "A": 3, "S": 2, "E": 1, "C": 1}


def text(response: Any) -> str:
    return response.content.decode()


def begin(client: Client, schools: Schools) -> InterestSheet:
    client.force_login(schools.pupil_account)
    client.post(f"{BASE}begin/")
    return InterestSheet.objects.latest("pk")


def answers(place: int, **other: str) -> dict[str, str]:
    items = ITEMS[(place - 1) * 10 : place * 10]
    return {item.code: str(LIKED[item.type]) for item in items} | other


def finished(client: Client, schools: Schools, words: tuple[str, ...] = ("0",), seconds: int = 600) -> InterestSheet:
    sheet = begin(client, schools)
    InterestSheet.objects.filter(pk=sheet.pk).update(begun_at=timezone.now() - timedelta(seconds=seconds))
    for place in range(1, 7):
        client.post(f"{BASE}{sheet.pk}/{place}/", {**answers(place), "go": "next"})
    client.post(f"{BASE}{sheet.pk}/7/", {"words": list(words), "go": "next"})
    sheet.refresh_from_db()
    return sheet


def test_answers_of_each_page_are_kept_and_one_goes_on_where_one_was(client: Client, schools: Schools) -> None:
    sheet = begin(client, schools)
    first = text(client.get(f"{BASE}{sheet.pk}/1/"))
    assert ("Fix a bicycle" in first, first.count('type="radio"')) == (True, 50)
    assert client.post(f"{BASE}{sheet.pk}/1/", {**answers(1), "go": "next"}).headers["Location"] == f"{BASE}{sheet.pk}/2/"
    half = dict(list(answers(2).items())[:4])
    later = client.post(f"{BASE}{sheet.pk}/2/", {**half, "go": "later"}, follow=True)
    assert "Answered so far: 14 of 60." in text(later)
    assert client.post(f"{BASE}begin/").headers["Location"] == f"{BASE}{sheet.pk}/2/"
    assert InterestSheet.objects.count() == 1
    again = text(client.get(f"{BASE}{sheet.pk}/2/"))
    assert again.count("checked") == 4
    assert client.post(f"{BASE}{sheet.pk}/2/", {**half, "go": "back"}).headers["Location"] == f"{BASE}{sheet.pk}/1/"


def test_page_says_that_it_is_not_validated_in_both_languages(client: Client, schools: Schools) -> None:
    client.force_login(schools.pupil_account)
    assert "has not been validated yet" in text(client.get(BASE))
    assert "vēl nav validēta" in text(client.get(BASE.removeprefix("/en")))


def test_result_has_code_scores_chart_and_table(client: Client, schools: Schools) -> None:
    sheet = finished(client, schools)
    assert sheet.finished_at is not None
    shown = text(client.get(f"{BASE}{sheet.pk}/"))
    for words in ("RIA", "Realistic: working with hands", "close to each other", "has not been validated yet", "<svg",
                  "Show as a table", "microcities-interests-1", "lie 40 points"):
        assert words in shown
    assert "Read this result with care" not in shown
    assert [f"{score}\N{NO-BREAK SPACE}points" in shown for score in (50, 40, 30, 20, 10)] == [True] * 5


def test_word_that_does_not_exist_is_said(client: Client, schools: Schools) -> None:
    sheet = finished(client, schools, words=("0", "1"))
    assert "You said to know a word that does not exist" in text(client.get(f"{BASE}{sheet.pk}/"))


def test_answers_in_less_than_two_seconds_a_statement_are_said_to_be_fast(client: Client, schools: Schools) -> None:
    slow, fast = (finished(client, schools, seconds=seconds) for seconds in (180, 60))
    said = ["You answered very fast." in text(client.get(f"{BASE}{sheet.pk}/")) for sheet in (slow, fast)]
    assert said == [False, True]
    assert [round(sheet.seconds or 0, -1) for sheet in (slow, fast)] == [180, 60]


def test_same_answer_throughout_gives_no_code_and_says_why(client: Client, schools: Schools) -> None:
    sheet = begin(client, schools)
    for place in range(1, 7):
        client.post(f"{BASE}{sheet.pk}/{place}/", dict.fromkeys(answers(place), "3") | {"go": "next"})
    client.post(f"{BASE}{sheet.pk}/7/", {"go": "next"})
    shown = text(client.get(f"{BASE}{sheet.pk}/"))
    assert ("none: all six are equally strong" in shown, "same answer many times in a row" in shown) == (True, True)


def test_too_few_answers_give_no_result_and_lose_nothing(client: Client, schools: Schools) -> None:
    sheet = begin(client, schools)
    client.post(f"{BASE}{sheet.pk}/1/", {**answers(1), "go": "next"})
    answer = client.post(f"{BASE}{sheet.pk}/7/", {"go": "next"}, follow=True)
    assert "Answers are missing: 50" in text(answer)
    sheet.refresh_from_db()
    assert (sheet.finished_at, len(sheet.answers)) == (None, 10)


def test_answer_outside_the_scale_is_refused(client: Client, schools: Schools) -> None:
    sheet = begin(client, schools)
    assert client.post(f"{BASE}{sheet.pk}/1/", {**answers(1, R1="9"), "go": "next"}).status_code == 422
    sheet.refresh_from_db()
    assert sheet.answers == {}


def test_finished_sheet_changes_no_more(client: Client, schools: Schools) -> None:
    sheet = finished(client, schools)
    assert client.post(f"{BASE}{sheet.pk}/1/", {**answers(1), "go": "next"}).status_code == 404
    assert client.get(f"{BASE}{sheet.pk}/8/").status_code == 404


def test_nobody_but_the_person_sees_answers_until_shown(client: Client, schools: Schools) -> None:
    sheet = finished(client, schools)

    def seen() -> list[int]:
        found = []
        for account in (schools.anna, schools.baiba, schools.guardian, schools.world.marta, schools.pupil_account):
            client.force_login(account)
            found.append(client.get(f"{BASE}{sheet.pk}/").status_code)
        return found

    assert seen() == [404, 404, 404, 404, 200]
    assert client.post(f"{BASE}{sheet.pk}/share/", {"shared": "yes"}).status_code == 302
    assert seen() == [200, 404, 404, 404, 200]
    assert Look.objects.filter(person_id=schools.pupil.pk, reason="careers.interests").count() == 1
    client.force_login(schools.anna)
    assert "Delete my answers" not in text(client.get(f"{BASE}{sheet.pk}/"))
    assert [client.post(f"{BASE}{sheet.pk}/{verb}/").status_code for verb in ("share", "delete")] == [404, 404]
    client.force_login(schools.pupil_account)
    client.post(f"{BASE}{sheet.pk}/share/", {"shared": "no"})
    assert seen() == [404, 404, 404, 404, 200]


def test_deleted_answers_are_gone_from_the_history_too(client: Client, schools: Schools) -> None:
    sheet = finished(client, schools)
    history = Change.objects.filter(table_name="careers_interestsheet", row_id=str(sheet.pk), old__isnull=False)
    assert history.exists()
    client.post(f"{BASE}{sheet.pk}/delete/")
    assert (InterestSheet.objects.count(), history.exists()) == (0, False)


def test_answers_go_with_the_erased_person(client: Client, schools: Schools) -> None:
    finished(client, schools)
    erase_person(actor=schools.world.dace, person=schools.pupil, reason="lūgums")
    assert InterestSheet.objects.count() == 0


def test_child_below_the_age_does_not_begin(client: Client, schools: Schools) -> None:
    schools.pupil.birth_on = timezone.localdate() - timedelta(days=11 * 366)
    schools.pupil.save()
    client.force_login(schools.pupil_account)
    assert "from the age of 13" in text(client.get(BASE))
    client.post(f"{BASE}begin/")
    assert InterestSheet.objects.count() == 0
