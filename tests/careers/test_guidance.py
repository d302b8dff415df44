"""Talks offered, booked, held, missed, declined; notes, and the part of them that is sealed."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.bookings.actions import BusyError
from microcities.bookings.models import Allocation, Booking
from microcities.careers.actions.guidance import (
    book_guidance,
    cancel_guidance,
    decline_guidance,
    hold_guidance,
    miss_guidance,
    move_guidance,
    offer_guidance,
    record_talk,
)
from microcities.careers.actions.notes import change_notes, disclose_note, hand_on_note, seal_note
from microcities.careers.counsellors import free_talks
from microcities.careers.models import GuidanceTalk, SealedNote
from microcities.careers.sealed_notes import read_sealed
from microcities.evidence.models import EvidenceRow
from microcities.people.models import Account, Membership
from microcities.privacy.erasure import erase_person
from microcities.privacy.export import export_json
from microcities.trail.looks import write_looks
from microcities.trail.models import Look
from tests import factories
from tests.careers.conftest import Schools, make_bookable, make_counsellor, make_pupil, tomorrow_at

pytestmark = pytest.mark.django_db


def offered(schools: Schools) -> GuidanceTalk:
    return offer_guidance(
        actor=schools.anna, organisation=schools.ventspils.organisation, person=schools.pupil, guardian_told=True
    )


def booked(schools: Schools, **fields: Any) -> GuidanceTalk:
    return book_guidance(
        **{
            "actor": schools.pupil_account, "person": schools.pupil, "counsellor": schools.counsellor,
            "starts_at": tomorrow_at(10), **fields,
        }
    )


def begun(talk: GuidanceTalk) -> None:
    """The booked hour has come."""
    start = timezone.now() - timedelta(hours=1)
    Booking.objects.filter(pk=talk.booking_id).update(starts_at=start, ends_at=start + timedelta(minutes=45))


def held(schools: Schools, talk: GuidanceTalk, **fields: Any) -> GuidanceTalk:
    return hold_guidance(
        **{"actor": schools.anna, "talk": talk, "minutes": 40, "advice": "Apskati tehnikumu", "agreed": "Līdz maijam", **fields}
    )


def test_offer_is_made_once_and_taken_up_by_the_booking(schools: Schools) -> None:
    first, second = offered(schools), offered(schools)
    assert (first.pk, first.state, first.guardian_told_on) == (second.pk, "offered", timezone.localdate())
    talk = booked(schools)
    assert (talk.pk, talk.state, talk.offered_on) == (first.pk, "booked", timezone.localdate())
    assert talk.booking is not None
    assert (talk.booking.person_id, talk.booking.kind) == (schools.pupil.pk, "guidance")


def test_same_form_sent_twice_books_once(schools: Schools) -> None:
    key = uuid.uuid4()
    assert booked(schools, key=key).pk == booked(schools, key=key).pk
    assert (GuidanceTalk.objects.count(), Allocation.objects.live().count()) == (1, 1)


def test_counsellor_is_not_booked_twice(schools: Schools) -> None:
    booked(schools)
    other = make_pupil(schools.ventspils, "Anete")
    with pytest.raises(BusyError):
        book_guidance(actor=schools.anna, person=other, counsellor=schools.counsellor, starts_at=tomorrow_at(10, 30))
    assert (GuidanceTalk.objects.count(), Booking.objects.count()) == (1, 1)


def test_pupil_has_one_booked_talk_at_a_time(schools: Schools, english: None) -> None:
    booked(schools)
    with pytest.raises(RefusedError, match="booked already"):
        booked(schools, starts_at=tomorrow_at(13))
    assert Allocation.objects.live().count() == 1


@pytest.mark.parametrize(
    ("start", "minutes", "reason"),
    [
        (lambda: timezone.now() - timedelta(minutes=5), 45, "has passed"),
        (lambda: tomorrow_at(15, 30), 45, "does not work at this time"),
        (lambda: tomorrow_at(8, 45), 45, "does not work at this time"),
        (lambda: tomorrow_at(10), 5, "from 10 minutes to 4 hours"),
    ],
)
def test_time_that_cannot_be_booked_is_refused(
    schools: Schools, english: None, start: Callable[[], Any], minutes: int, reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        booked(schools, starts_at=start(), minutes=minutes)


def test_minimum_notice_holds(schools: Schools, english: None) -> None:
    slow = make_bookable(schools.ventspils, "Lēnā konsultante", minimum_notice=60 * 72)
    with pytest.raises(RefusedError, match="at least 72 hours before"):
        booked(schools, counsellor=slow)
    assert booked(schools, counsellor=slow, starts_at=tomorrow_at(10, days=5)).state == "booked"


def test_free_times_are_hours_less_what_is_taken(schools: Schools) -> None:
    booked(schools, starts_at=tomorrow_at(10), minutes=60)
    day = timezone.localdate() + timedelta(days=1)
    starts = [f"{timezone.localtime(each.starts_at):%H:%M}" for each in free_talks(schools.counsellor, day, day, minutes=60)]
    assert starts[:3] == ["09:00", "11:00", "11:15"]
    assert starts[-1] == "15:00"


def test_stranger_and_another_school_neither_book_nor_offer(schools: Schools, english: None) -> None:
    for outsider in (schools.baiba, schools.world.svens, schools.world.valda, schools.world.aija):
        with pytest.raises(RefusedError, match="booked by the person, a guardian or the counsellor"):
            booked(schools, actor=outsider)
        with pytest.raises(RefusedError, match="that organisation's counsellors"):
            offer_guidance(actor=outsider, organisation=schools.ventspils.organisation, person=schools.pupil)
    with pytest.raises(RefusedError, match="Choose a counsellor of yours"):
        booked(schools, counsellor=make_bookable(schools.valmiera))
    with pytest.raises(RefusedError, match="booked by the person, a guardian"):
        booked(schools, actor=schools.pupil_account, person=schools.stranger)
    assert booked(schools, actor=schools.guardian).state == "booked"


def test_only_counsellors_and_the_family_see_talks(schools: Schools) -> None:
    booked(schools)
    everybody = {**schools.world.everybody(), "anna": schools.anna, "baiba": schools.baiba, "guardian": schools.guardian,
                 "janis": schools.pupil_account}
    seen = {name for name, account in everybody.items() if GuidanceTalk.objects.visible_to(account).exists()}
    assert seen == {"anna", "guardian", "janis"}


def test_talk_is_moved_and_the_old_time_is_free_again(schools: Schools) -> None:
    talk = booked(schools)
    move_guidance(actor=schools.guardian, talk=talk, counsellor=schools.counsellor, starts_at=tomorrow_at(14))
    (row,) = Allocation.objects.live()
    assert row.starts_at == tomorrow_at(14)
    with pytest.raises(RefusedError):
        move_guidance(actor=schools.baiba, talk=talk, counsellor=schools.counsellor, starts_at=tomorrow_at(9))


def test_cancelled_talk_leaves_the_offer_a_fact_and_lets_book_again(schools: Schools) -> None:
    offered(schools)
    talk = cancel_guidance(actor=schools.pupil_account, talk=booked(schools), reason="Slims")
    assert (talk.state, talk.offered_on, Allocation.objects.live().count()) == ("cancelled", timezone.localdate(), 0)
    again = booked(schools)
    assert (again.pk != talk.pk, again.offered_on) == (True, None)


def test_declined_offer_is_neither_held_nor_declined_again(schools: Schools, english: None) -> None:
    talk = decline_guidance(actor=schools.guardian, talk=offered(schools))
    for act in (lambda: decline_guidance(actor=schools.guardian, talk=talk), lambda: held(schools, talk)):
        with pytest.raises(RefusedError, match="“declined”"):
            act()


def test_missed_talk_is_a_fact_of_its_own(schools: Schools, english: None) -> None:
    talk = booked(schools)
    with pytest.raises(RefusedError, match="not begun yet"):
        miss_guidance(actor=schools.anna, talk=talk)
    begun(talk)
    with pytest.raises(RefusedError, match="that organisation's counsellors"):
        miss_guidance(actor=schools.pupil_account, talk=talk)
    missed = miss_guidance(actor=schools.anna, talk=talk)
    assert (missed.state, missed.held_on, Allocation.objects.live().count()) == ("no_show", None, 0)
    assert booked(schools, starts_at=tomorrow_at(9)).pk != missed.pk


def test_held_talk_says_what_was_agreed_and_counts_as_evidence(schools: Schools, english: None) -> None:
    talk = booked(schools)
    with pytest.raises(RefusedError, match="has not been yet"):
        held(schools, talk)
    begun(talk)
    with pytest.raises(RefusedError, match="Write what you advised"):
        held(schools, talk, advice=" ", agreed="")
    done = held(schools, talk, next_on=timezone.localdate() + timedelta(days=60))
    assert (done.state, done.adviser, done.minutes) == ("held", schools.anna.person, 40)
    (row,) = EvidenceRow.objects.filter(measure="careers.guided")
    assert (row.subject_id, row.city_id, row.partner_id) == (
        schools.pupil.pk, schools.world.ventspils.pk, schools.ventspils.organisation_id
    )


def test_unbooked_talk_is_recorded_by_a_counsellor_only(schools: Schools, english: None) -> None:
    given = {
        "organisation": schools.ventspils.organisation, "person": schools.pupil, "held_on": timezone.localdate(),
        "minutes": 20, "advice": "Runājām", "agreed": "",
    }
    assert record_talk(actor=schools.anna, **given).state == "held"
    with pytest.raises(RefusedError, match="that organisation's counsellors"):
        record_talk(actor=schools.baiba, **given)


# --- notes ---


@pytest.fixture
def note(schools: Schools) -> SealedNote:
    talk = booked(schools)
    begun(talk)
    return seal_note(actor=schools.anna, talk=held(schools, talk), text="Zvkxq: māte slima")


def test_sealed_note_is_read_by_its_holder_only_and_each_look_is_logged(schools: Schools, note: SealedNote) -> None:
    colleague = make_counsellor("elina@example.org", schools.ventspils, "Elīna")
    others = {**schools.world.everybody(), "baiba": schools.baiba, "guardian": schools.guardian,
              "pupil": schools.pupil_account, "colleague": colleague}
    for account in others.values():
        with pytest.raises(RefusedError):
            read_sealed(actor=account, talk=note.talk)
        assert not SealedNote.objects.held_by(account).exists()
        with pytest.raises(RefusedError):
            seal_note(actor=account, talk=note.talk, text="Cits")
    assert read_sealed(actor=schools.anna, talk=note.talk) == "Zvkxq: māte slima"
    write_looks()
    assert list(Look.objects.values_list("person_id", "what")) == [(schools.pupil.pk, "careers.sealed_note")]


def test_sealed_note_goes_to_a_successor_and_leaves_its_holder(schools: Schools, note: SealedNote, english: None) -> None:
    colleague = make_counsellor("elina@example.org", schools.ventspils, "Elīna")
    with pytest.raises(RefusedError, match="successor has to be a counsellor"):
        hand_on_note(actor=schools.anna, note=note, successor=schools.baiba, reason="Aiziet")
    with pytest.raises(RefusedError, match="Only the counsellor who holds"):
        hand_on_note(actor=colleague, note=note, successor=colleague, reason="Gribu lasīt")
    hand_on_note(actor=schools.anna, note=note, successor=colleague, reason="Aiziet")
    assert read_sealed(actor=colleague, talk=note.talk) == "Zvkxq: māte slima"
    with pytest.raises(RefusedError):
        read_sealed(actor=schools.anna, talk=note.talk)


def test_note_of_a_counsellor_who_has_gone_is_handed_on_by_who_leads_the_staff(schools: Schools, note: SealedNote) -> None:
    leader = factories.make_account("vaditaja@example.org")
    factories.give_role(leader, schools.ventspils.organisation, "partner_reporter")
    colleague = make_counsellor("elina@example.org", schools.ventspils, "Elīna")
    with pytest.raises(RefusedError):
        hand_on_note(actor=leader, note=note, successor=colleague, reason="Vēl strādā")
    Membership.objects.filter(account=schools.anna).update(valid_to=timezone.localdate() - timedelta(days=1))
    anna = Account.objects.get(pk=schools.anna.pk)
    with pytest.raises(RefusedError):
        read_sealed(actor=anna, talk=note.talk)
    hand_on_note(actor=leader, note=note, successor=colleague, reason="Anna aizgājusi")
    assert SealedNote.objects.held_by(colleague).count() == 1


def test_own_data_hold_the_shared_part_and_the_sealed_one_once_given_out(schools: Schools, note: SealedNote) -> None:
    exported = export_json(schools.pupil).decode()
    assert "Apskati tehnikumu" in exported
    assert "Zvkxq" not in exported
    assert "careers.SealedNote" in exported
    with pytest.raises(RefusedError):
        disclose_note(actor=schools.guardian, note=note, text="Zvkxq")
    disclose_note(actor=schools.anna, note=note, text="Wqrtz: runājām par ģimeni")
    exported = export_json(schools.pupil).decode()
    assert "Wqrtz" in exported
    assert "Zvkxq" not in exported


def test_notes_are_corrected_and_erased_with_the_person(schools: Schools, note: SealedNote) -> None:
    change_notes(actor=schools.anna, talk=note.talk, advice="Apskati abus tehnikumus", agreed="")
    with pytest.raises(RefusedError):
        change_notes(actor=schools.baiba, talk=note.talk, advice="x", agreed="")
    erase_person(actor=schools.anna, person=schools.pupil, reason="pieprasījums")
    talk, sealed = GuidanceTalk.objects.get(), SealedNote.objects.get()
    assert talk.held_on is not None  # the fact stays, on the day that was booked
    assert (talk.advice, talk.agreed, sealed.text, talk.held_on) == ("", "", "", note.talk.held_on)
    assert EvidenceRow.objects.filter(measure="careers.guided").count() == 1
