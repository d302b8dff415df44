"""Booking a talk on the pages: free times, refusals in plain words, moving, cancelling, declining, and the letters."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from microcities.bookings.models import Booking, Resource
from microcities.careers.actions.guidance import book_guidance, offer_guidance
from microcities.careers.letters import remind_people
from microcities.careers.models import GuidanceTalk
from microcities.notices.models import Notice
from tests.careers.conftest import Schools, make_bookable, make_pupil, tomorrow_at

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return response.content.decode()


def book_page(schools: Schools, query: str = "") -> str:
    return f"/en/careers/mine/{schools.pupil.public_id}/book/{query}"


def value(counsellor: Resource, hour: int, days: int = 1) -> str:
    return f"{counsellor.pk}|{tomorrow_at(hour, days=days).isoformat()}"


def sent(client: Client, schools: Schools, time: str, **fields: Any) -> Any:
    key = "0b0e4f3c-2a53-4f0e-9b7f-6d3c6c5c1a10"
    return client.post(book_page(schools), {"time": time, "key": key, **fields}, follow=True)


def booked(schools: Schools, hour: int = 10, days: int = 2) -> GuidanceTalk:
    return book_guidance(
        actor=schools.pupil_account, person=schools.pupil, counsellor=schools.counsellor, starts_at=tomorrow_at(hour, days=days)
    )


def told() -> list[tuple[str, str]]:
    return [(each.account.email if each.account else "", each.subject) for each in Notice.objects.order_by("pk")]


@pytest.mark.parametrize("who", ["pupil_account", "guardian"])
def test_pupil_or_guardian_books_a_free_time(client: Client, schools: Schools, who: str) -> None:
    client.force_login(getattr(schools, who))
    assert f'value="{value(schools.counsellor, 10)}"' in text(client.get(book_page(schools)))
    done = sent(client, schools, value(schools.counsellor, 10))
    talk = GuidanceTalk.objects.get()
    assert (talk.state, talk.booking.starts_at if talk.booking else None) == ("booked", tomorrow_at(10))
    assert "The talk is booked" in text(done)
    assert "Karjeras konsultante" in text(done)


def test_same_form_sent_twice_books_once_and_says_the_same(client: Client, schools: Schools) -> None:
    client.force_login(schools.pupil_account)
    sent(client, schools, value(schools.counsellor, 10))
    again = sent(client, schools, value(schools.counsellor, 10))
    assert GuidanceTalk.objects.count() == Booking.objects.count() == 1
    assert again.status_code == 422  # the time is no longer free: it is this talk's


def test_taken_time_is_refused_in_plain_words(client: Client, schools: Schools) -> None:
    other = make_pupil(schools.ventspils, "Otrs")
    book_guidance(actor=schools.anna, person=other, counsellor=schools.counsellor, starts_at=tomorrow_at(10))
    client.force_login(schools.pupil_account)
    answer = sent(client, schools, value(schools.counsellor, 10))
    assert (answer.status_code, "This time has been taken or is too soon" in text(answer)) == (422, True)
    assert GuidanceTalk.objects.filter(person=schools.pupil).count() == 0


def test_second_talk_is_refused_with_what_to_do(client: Client, schools: Schools) -> None:
    booked(schools)
    client.force_login(schools.pupil_account)
    answer = sent(client, schools, value(schools.counsellor, 12))
    assert (answer.status_code, "A talk is booked already. Move that one" in text(answer)) == (422, True)


def test_times_within_the_notice_are_not_offered(client: Client, schools: Schools) -> None:
    schools.counsellor.minimum_notice = 3 * 24 * 60
    schools.counsellor.save()
    client.force_login(schools.pupil_account)
    shown = text(client.get(book_page(schools)))
    assert (value(schools.counsellor, 10) in shown, value(schools.counsellor, 10, days=5) in shown) == (False, True)
    assert sent(client, schools, value(schools.counsellor, 10)).status_code == 422


def test_later_days_and_strange_addresses(client: Client, schools: Schools) -> None:
    client.force_login(schools.pupil_account)
    day = timezone.localdate() + timedelta(days=7)
    assert f"?from={day}" in text(client.get(book_page(schools)))
    assert value(schools.counsellor, 10, days=8) in text(client.get(book_page(schools, f"?from={day}")))
    for query in ("?from=abc", "?from=0001-01-01", "?from=9999-12-31"):
        assert client.get(book_page(schools, query)).status_code == 200


def test_counsellor_of_another_school_is_not_offered(client: Client, schools: Schools) -> None:
    theirs = make_bookable(schools.valmiera, "Cita konsultante")
    client.force_login(schools.pupil_account)
    assert "Cita konsultante" not in text(client.get(book_page(schools)))
    assert sent(client, schools, value(theirs, 10)).status_code == 422
    schools.counsellor.delete()
    assert "No free time in these days" in text(client.get(book_page(schools)))


def test_talk_is_moved_and_the_old_time_is_free_again(client: Client, schools: Schools) -> None:
    talk = booked(schools)
    client.force_login(schools.guardian)
    address = f"/en/careers/mine/talks/{talk.pk}/move/"
    data = {"time": value(schools.counsellor, 14, days=3), "key": "0b0e4f3c-2a53-4f0e-9b7f-6d3c6c5c1a11"}
    assert client.post(address, data).status_code == 302
    talk = GuidanceTalk.objects.get()
    assert talk.booking is not None
    assert talk.booking.starts_at == tomorrow_at(14, days=3)
    assert value(schools.counsellor, 10, days=2) in text(client.get(book_page(schools)))


def test_talk_is_cancelled_with_a_reason_and_only_once(client: Client, schools: Schools) -> None:
    talk = booked(schools)
    client.force_login(schools.pupil_account)
    address = f"/en/careers/mine/talks/{talk.pk}/cancel/"
    assert client.post(address, {"reason": "Slims"}).status_code == 302
    talk.refresh_from_db()
    assert talk.state == "cancelled"
    assert "Slims" in text(client.get(f"/en/careers/mine/talks/{talk.pk}/"))
    again = client.post(address, {"reason": ""})
    assert (again.status_code, "so this cannot be done now" in text(again)) == (422, True)


def test_offer_is_declined_or_taken_up(client: Client, schools: Schools) -> None:
    talk = offer_guidance(actor=schools.anna, organisation=schools.ventspils.organisation, person=schools.pupil)
    client.force_login(schools.pupil_account)
    shown = text(client.get(f"/en/careers/mine/talks/{talk.pk}/"))
    assert ("No, thank you" in shown, "Book a talk" in shown) == (True, True)
    assert "Answer the offer of a guidance talk" in text(client.get("/en/work/"))
    client.post(f"/en/careers/mine/talks/{talk.pk}/decline/")
    talk.refresh_from_db()
    assert talk.state == "declined"
    assert "Answer the offer" not in text(client.get("/en/work/"))


def test_everybody_concerned_is_told_of_booking_moving_and_cancelling(client: Client, schools: Schools) -> None:
    schools.counsellor.person = schools.anna.person
    schools.counsellor.save()
    for account in (schools.anna, schools.guardian, schools.pupil_account):
        account.language = "en"
        account.save()
    talk = booked(schools)
    client.force_login(schools.pupil_account)
    data = {"time": value(schools.counsellor, 14, days=3), "key": "0b0e4f3c-2a53-4f0e-9b7f-6d3c6c5c1a12"}
    client.post(f"/en/careers/mine/talks/{talk.pk}/move/", data)
    client.post(f"/en/careers/mine/talks/{talk.pk}/cancel/", {"reason": "Slims"})
    readers = sorted(each.email for each in (schools.anna, schools.guardian, schools.pupil_account))
    for place, word in enumerate(("booked", "moved", "cancelled")):
        three = told()[3 * place : 3 * place + 3]
        assert sorted(email for email, _subject in three) == readers
        assert all(subject.startswith(f"Guidance talk {word}: ") for _email, subject in three)
    last = Notice.objects.latest("pk")
    assert "Slims" in last.text
    urls = dict(Notice.objects.values_list("account__email", "url"))
    assert urls["anna@example.org"] == f"/en/careers/talks/{talk.pk}/"
    assert urls["ilze@example.org"] == f"/en/careers/mine/talks/{talk.pk}/"


def test_reminder_comes_once_the_day_before(schools: Schools) -> None:
    talk = booked(schools, days=3)
    Notice.objects.all().delete()
    assert remind_people() == 0
    day_before = tomorrow_at(11, days=2)
    assert remind_people(now=day_before) == 2
    assert remind_people(now=day_before) == 0
    assert {each.account_id for each in Notice.objects.all()} == {schools.pupil_account.pk, schools.guardian.pk}
    GuidanceTalk.objects.filter(pk=talk.pk).update(cancelled_at=timezone.now())
    Notice.objects.all().delete()
    assert remind_people(now=day_before) == 0


def test_talk_booked_within_the_last_day_needs_no_reminder(schools: Schools) -> None:
    talk = booked(schools, days=3)
    GuidanceTalk.objects.filter(pk=talk.pk).update(booked_at=tomorrow_at(10, days=2) + timedelta(hours=2))
    assert remind_people(now=tomorrow_at(13, days=2)) == 0


def test_guardian_of_an_adult_is_not_told(schools: Schools) -> None:
    schools.pupil.birth_on = timezone.localdate() - timedelta(days=19 * 366)
    schools.pupil.save()
    booked(schools)
    assert [email for email, _subject in told()] == ["janis@example.org"]
