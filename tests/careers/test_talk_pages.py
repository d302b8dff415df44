"""A counsellor's pages: hours, talks and their notes; who reads what, and what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from microcities.bookings.models import Booking, OpeningHours, Resource
from microcities.careers.actions.guidance import book_guidance, offer_guidance
from microcities.careers.actions.notes import seal_note
from microcities.careers.models import GuidanceTalk, SealedNote
from microcities.trail.models import Look
from tests.careers.conftest import Schools, make_counsellor, tomorrow_at

pytestmark = pytest.mark.django_db
BASE = "/en/careers/talks/"


def text(response: Any) -> str:
    return response.content.decode()


def booked(schools: Schools, days: int = 1) -> GuidanceTalk:
    return book_guidance(
        actor=schools.pupil_account, person=schools.pupil, counsellor=schools.counsellor, starts_at=tomorrow_at(10, days=days)
    )


def begun(talk: GuidanceTalk) -> None:
    start = timezone.now() - timedelta(hours=1)
    Booking.objects.filter(pk=talk.booking_id).update(starts_at=start, ends_at=start + timedelta(minutes=45))


def held(schools: Schools) -> GuidanceTalk:
    return GuidanceTalk.objects.create(
        person=schools.pupil, organisation=schools.ventspils.organisation, programme=schools.world.programme,
        held_on=timezone.localdate(), minutes=45, adviser=schools.anna.person, advice="Tehnikums",
        agreed="Atvērto durvju diena",
    )


def day_parts(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def test_list_shows_own_organisations_talks_by_view_and_logs_the_looks(client: Client, schools: Schools) -> None:
    talk = booked(schools)
    client.force_login(schools.anna)
    assert ["Jānis" in text(client.get(f"{BASE}?show={view}")) for view in ("today", "week", "waiting", "offered", "all")] == [
        False, True, False, False, True
    ]
    assert Look.objects.filter(person_id=schools.pupil.pk).count() == 2
    begun(talk)
    assert "Jānis" in text(client.get(f"{BASE}?show=waiting"))
    client.force_login(schools.baiba)
    assert "Jānis" not in text(client.get(f"{BASE}?show=all"))
    assert client.get(f"{BASE}{talk.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["pupil_account", "guardian"])
def test_pages_of_counsellors_are_for_counsellors(client: Client, schools: Schools, who: str) -> None:
    talk = held(schools)
    client.force_login(getattr(schools, who))
    for path in ("", "hours/", "hours/new/", f"{talk.pk}/", f"{talk.pk}/note/", f"offer/{schools.pupil.public_id}/"):
        assert client.get(f"{BASE}{path}").status_code == 403


def test_booked_talk_is_held_and_the_pupil_reads_the_shared_part(client: Client, schools: Schools) -> None:
    talk = booked(schools)
    begun(talk)
    client.force_login(schools.anna)
    empty = client.post(f"{BASE}{talk.pk}/hold/", {"minutes": "45", "mode": "in_person"})
    assert (empty.status_code, "Write what you advised or what was agreed" in text(empty)) == (422, True)
    data = {"minutes": "40", "mode": "virtual", "guardian_present": "on", "advice": "Tehnikums", "agreed": "Zvanīt",
            **day_parts("next_on", timezone.localdate() + timedelta(days=30))}
    shown = text(client.post(f"{BASE}{talk.pk}/hold/", data, follow=True))
    assert ("Tehnikums" in shown, "Zvanīt" in shown) == (True, True)
    talk.refresh_from_db()
    assert (talk.state, talk.minutes, talk.mode, talk.guardian_present, talk.adviser) == (
        "held", 40, "virtual", True, schools.anna.person
    )
    client.force_login(schools.pupil_account)
    assert "Zvanīt" in text(client.get(f"/en/careers/mine/talks/{talk.pk}/"))


def test_talk_is_noted_as_missed_when_its_hour_has_come(client: Client, schools: Schools) -> None:
    talk = booked(schools)
    client.force_login(schools.anna)
    assert "It has not begun yet" in text(client.post(f"{BASE}{talk.pk}/missed/", follow=True))
    begun(talk)
    client.post(f"{BASE}{talk.pk}/missed/")
    talk.refresh_from_db()
    assert talk.state == "no_show"


def test_counsellor_moves_and_cancels(client: Client, schools: Schools) -> None:
    talk = booked(schools)
    client.force_login(schools.anna)
    value = f"{schools.counsellor.pk}|{tomorrow_at(13, days=2).isoformat()}"
    client.post(f"{BASE}{talk.pk}/move/", {"time": value, "key": "0b0e4f3c-2a53-4f0e-9b7f-6d3c6c5c1a13"})
    talk = GuidanceTalk.objects.select_related("booking").get()
    assert talk.booking is not None
    assert talk.booking.starts_at == tomorrow_at(13, days=2)
    client.post(f"{BASE}{talk.pk}/cancel/", {"reason": "Konsultante slima"})
    assert "Konsultante slima" in text(client.get(f"{BASE}{talk.pk}/"))


def test_offer_is_made_and_its_refusal_noted(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    address = f"{BASE}offer/{schools.pupil.public_id}/"
    assert "Ventspils 1. vidusskola" in text(client.get(address))
    client.post(address, {"organisation": schools.ventspils.organisation_id, "guardian_told": "on"})
    talk = GuidanceTalk.objects.get()
    assert (talk.state, talk.guardian_told_on) == ("offered", timezone.localdate())
    client.post(f"{BASE}{talk.pk}/declined/")
    talk.refresh_from_db()
    assert talk.state == "declined"
    assert client.get(f"{BASE}offer/{schools.stranger.public_id}/").status_code == 404


def test_talk_without_booking_is_recorded_not_for_tomorrow(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    address = f"{BASE}record/{schools.pupil.public_id}/"
    data = {"organisation": schools.ventspils.organisation_id, "minutes": "30", "mode": "in_person", "advice": "Kursi"}
    later = client.post(address, {**data, **day_parts("held_on", timezone.localdate() + timedelta(days=1))})
    assert (later.status_code, GuidanceTalk.objects.count()) == (422, 0)
    client.post(address, {**data, **day_parts("held_on", timezone.localdate())})
    talk = GuidanceTalk.objects.get()
    assert (talk.state, talk.minutes, talk.advice, talk.held_on) == ("held", 30, "Kursi", timezone.localdate())


def test_open_offer_is_held_without_a_booking(client: Client, schools: Schools) -> None:
    talk = offer_guidance(actor=schools.anna, organisation=schools.ventspils.organisation, person=schools.pupil)
    client.force_login(schools.anna)
    data = {"minutes": "20", "mode": "in_person", "advice": "Kursi", **day_parts("held_on", timezone.localdate())}
    client.post(f"{BASE}{talk.pk}/hold/", data)
    talk.refresh_from_db()
    assert (talk.state, talk.held_on) == ("held", timezone.localdate())


def test_shared_notes_are_corrected(client: Client, schools: Schools) -> None:
    talk = held(schools)
    client.force_login(schools.anna)
    assert "Tehnikums" in text(client.get(f"{BASE}{talk.pk}/notes/"))
    client.post(f"{BASE}{talk.pk}/notes/", {"advice": "Koledža", "agreed": ""})
    talk.refresh_from_db()
    assert (talk.advice, talk.agreed) == ("Koledža", "")


def test_sealed_note_is_read_by_its_holder_alone_and_each_look_is_logged(client: Client, schools: Schools) -> None:
    talk = held(schools)
    colleague = make_counsellor("dita@example.org", schools.ventspils, "Dita")
    client.force_login(schools.anna)
    client.post(f"{BASE}{talk.pk}/note/", {"text": "Slepenais vārds"})
    assert "Slepenais vārds" not in text(client.get(f"{BASE}{talk.pk}/"))
    assert Look.objects.filter(reason="careers.sealed_note").count() == 0
    assert "Slepenais vārds" in text(client.get(f"{BASE}{talk.pk}/note/"))
    assert Look.objects.filter(reason="careers.sealed_note", person_id=schools.pupil.pk).count() == 1
    client.force_login(colleague)
    assert "It is sealed" in text(client.get(f"{BASE}{talk.pk}/"))
    assert [client.get(f"{BASE}{talk.pk}/{page}").status_code for page in ("note/", "note/give-out/")] == [403, 403]
    assert client.post(f"{BASE}{talk.pk}/note/", {"text": "Cits"}).status_code == 403
    assert SealedNote.objects.get().text == "Slepenais vārds"
    client.force_login(schools.pupil_account)
    assert "Slepenais vārds" not in text(client.get(f"/en/careers/mine/talks/{talk.pk}/"))


def test_note_is_handed_on_with_a_reason(client: Client, schools: Schools) -> None:
    talk = held(schools)
    colleague = make_counsellor("dita@example.org", schools.ventspils, "Dita")
    seal_note(actor=schools.anna, talk=talk, text="Slepenais vārds")
    client.force_login(schools.anna)
    address = f"{BASE}{talk.pk}/note/hand-on/"
    assert ("Dita" in text(client.get(address)), "Baiba" in text(client.get(address))) == (True, False)
    assert client.post(address, {"successor": colleague.pk}).status_code == 422
    client.post(address, {"successor": colleague.pk, "reason": "Atvaļinājums"})
    assert client.get(f"{BASE}{talk.pk}/note/").status_code == 403
    client.force_login(colleague)
    assert "Slepenais vārds" in text(client.get(f"{BASE}{talk.pk}/note/"))


def test_note_is_given_out_as_rewritten(client: Client, schools: Schools) -> None:
    talk = held(schools)
    seal_note(actor=schools.anna, talk=talk, text="Tēvs teica, ka Jānis prot")
    client.force_login(schools.anna)
    address = f"{BASE}{talk.pk}/note/give-out/"
    assert "Tēvs teica" in text(client.get(address))
    client.post(address, {"text": "Jānis prot"})
    note = SealedNote.objects.get()
    assert (note.disclosed, note.disclosed_on, note.text) == ("Jānis prot", timezone.localdate(), "Tēvs teica, ka Jānis prot")


def test_counsellor_opens_booking_and_sets_hours(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    data = {"organisation": schools.ventspils.organisation_id, "city": schools.world.ventspils.pk, "name": "Anna Kalniņa",
            "buffer_after": "15", "minimum_notice": "24"}
    client.post(f"{BASE}hours/new/", data)
    mine = Resource.objects.get(person=schools.anna.person)
    assert (mine.kind, mine.buffer_after, mine.minimum_notice) == ("counsellor", 15, 1440)
    address = f"{BASE}hours/{mine.pk}/"
    today = timezone.localdate()
    wrong = client.post(address, {**day_parts("from_on", today), "day1": "12-9"})
    assert (wrong.status_code, "Write 9:00–12:00" in text(wrong)) == (422, True)
    overlap = client.post(address, {**day_parts("from_on", today), "day1": "9-12, 11-13"})
    assert (overlap.status_code, "Two times of one day overlap" in text(overlap)) == (422, True)
    past = client.post(address, {**day_parts("from_on", today - timedelta(days=1)), "day1": "9-12"})
    assert (past.status_code, OpeningHours.objects.filter(resource=mine).count()) == (422, 0)
    client.post(address, {**day_parts("from_on", today), "day1": "9:00–12:00, 13-16:30", "day3": "10-12"})
    rows = OpeningHours.objects.of(mine).values_list("weekday", "opens", "closes")
    assert list(rows) == [(1, 540, 720), (1, 780, 990), (3, 600, 720)]
    assert "9:00–12:00, 13:00–16:30" in text(client.get(address))
    assert "09:00–12:00, 13:00–16:30" in text(client.get(f"{BASE}hours/"))


def test_new_hours_hold_from_their_day_and_the_old_until_then(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    day = timezone.localdate() + timedelta(days=10)
    client.post(f"{BASE}hours/{schools.counsellor.pk}/", {**day_parts("from_on", day), "day2": "10-12"})
    rows = OpeningHours.objects.filter(resource=schools.counsellor)
    assert (rows.filter(valid__contains=day).count(), rows.filter(valid__contains=day - timedelta(days=1)).count()) == (1, 7)


def test_hours_of_another_counsellor_are_not_set(client: Client, schools: Schools) -> None:
    schools.counsellor.person = schools.anna.person
    schools.counsellor.save()
    colleague = make_counsellor("dita@example.org", schools.ventspils, "Dita")
    client.force_login(colleague)
    address = f"{BASE}hours/{schools.counsellor.pk}/"
    answer = client.post(address, {**day_parts("from_on", timezone.localdate()), "day2": "10-12"})
    assert (answer.status_code, "set by the counsellor whose they are" in text(answer)) == (422, True)
    assert "You cannot be booked yet" in text(client.get(f"{BASE}hours/"))
    client.force_login(schools.baiba)
    assert client.get(address).status_code == 404


def test_coming_days_tell_what_is_booked(client: Client, schools: Schools) -> None:
    booked(schools)
    client.force_login(schools.anna)
    assert "10:00–10:45" in text(client.get(f"{BASE}hours/"))
