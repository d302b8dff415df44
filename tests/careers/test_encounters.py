"""Encounters by hand and from an event's attendance; which of them count; what else a school records."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.careers.actions.encounters import (
    add_pupils,
    change_encounter,
    confirm_reading,
    mark_attendance,
    read_attendance_again,
    receive_record,
    record_encounter,
    record_from_event,
)
from microcities.careers.actions.outcomes import (
    record_destination,
    record_evidence,
    record_feedback,
    record_qualification,
    record_training,
)
from microcities.careers.models import CHECKS, Destination, Encounter, EncounterAttendance, RecordStep, meaningful
from microcities.evidence.models import EvidenceRow
from tests import factories
from tests.careers.conftest import YEAR, Schools, attend, make_pupil, past_event, place

pytestmark = pytest.mark.django_db
MEANINGFUL = dict.fromkeys(CHECKS["employer"], True)


def recorded(schools: Schools, **fields: Any) -> Encounter:
    given = {
        "actor": schools.anna, "school": schools.ventspils, "pupils": [schools.pupil], "kind": "employer", "name": "Tikšanās",
        "held_on": timezone.localdate(), "hours": 2,
    }
    return record_encounter(**{**given, **fields})


def counted() -> list[tuple[int, Decimal]]:
    rows = EvidenceRow.objects.filter(measure="careers.attended").order_by("record_id")
    return list(rows.values_list("subject_id", "quantity"))


@pytest.mark.parametrize("kind", sorted(CHECKS))
def test_encounter_counts_when_nothing_its_kind_asks_for_is_missing(schools: Schools, kind: str) -> None:
    needs = {"provider": {"provider_kind": "university"}, "subject": {"subject": "fizika"}}.get(kind, {})
    whole = recorded(schools, kind=kind, name="a", **needs, **dict.fromkeys(CHECKS[kind], True))
    assert (whole.is_meaningful, whole.missing_checks) == (True, ())
    for check in CHECKS[kind]:
        lacking = recorded(schools, kind=kind, name=check, **needs, **{**dict.fromkeys(CHECKS[kind], True), check: False})
        assert lacking.missing_checks == (check,)
    assert list(Encounter.objects.filter(meaningful())) == [whole]


def test_evidence_follows_presence_and_answers(schools: Schools) -> None:
    found = recorded(schools, **MEANINGFUL)
    assert counted() == []
    mark_attendance(actor=schools.anna, encounter=found, attended=[schools.pupil.pk], reflected=[schools.pupil.pk])
    assert counted() == [(schools.pupil.pk, Decimal(2))]
    change_encounter(actor=schools.anna, encounter=found, two_way=False)
    assert counted() == []
    change_encounter(actor=schools.anna, encounter=found, two_way=True)
    mark_attendance(actor=schools.anna, encounter=found, attended=[], absent=[schools.pupil.pk])
    assert counted() == []
    assert EncounterAttendance.objects.values_list("presence", "reflection_done").get() == ("absent", False)


def test_evidence_is_of_the_school_its_city_and_the_events_money(schools: Schools) -> None:
    event = past_event(schools.ventspils, funding_source=schools.world.erdf)
    attend(event, schools.pupil)
    record_from_event(actor=schools.anna, school=schools.ventspils, event=event, kind="employer", hours=3, **MEANINGFUL)
    row = EvidenceRow.objects.get(measure="careers.attended")
    assert (row.city_id, row.partner_id, row.funding_ids, row.proof) == (
        schools.world.ventspils.pk, schools.ventspils.organisation_id, [schools.world.erdf.pk], "measurement"
    )


def test_event_gives_attendance_of_the_schools_own_pupils(schools: Schools, english: None) -> None:
    event = past_event(schools.ventspils)
    second = make_pupil(schools.ventspils, "Anete")
    place(schools.nine_b, second)
    third = make_pupil(schools.ventspils, "Rihards")
    place(schools.nine_b, third)
    late = attend(event, third, "unknown")
    for person, attendance in ((schools.pupil, "attended"), (schools.stranger, "attended"), (second, "no_show")):
        attend(event, person, attendance)
    found = record_from_event(actor=schools.anna, school=schools.ventspils, event=event, kind="employer", hours=3)
    presence = dict(found.attendances.values_list("person_id", "presence"))
    assert presence == {schools.pupil.pk: "attended", second.pk: "absent"}
    assert (found.name, found.held_on) == ("Karjeras diena", timezone.localdate(event.starts_at))
    late.attendance = "attended"
    late.save()
    assert read_attendance_again(actor=schools.anna, encounter=found) == 3
    assert found.attendances.attended().count() == 2
    with pytest.raises(RefusedError, match="recorded for this school, kind and host already"):
        record_from_event(actor=schools.anna, school=schools.ventspils, event=event, kind="employer", hours=3)
    theirs = record_from_event(actor=schools.baiba, school=schools.valmiera, event=event, kind="employer", hours=3)
    assert list(theirs.attendances.values_list("person_id", flat=True)) == [schools.stranger.pk]


def test_event_that_is_not_over_or_not_for_everybody_is_not_recorded(schools: Schools, english: None) -> None:
    coming = past_event(schools.ventspils, ends_at=timezone.now() + timedelta(hours=1))
    given = {"kind": "employer", "hours": 1}
    with pytest.raises(RefusedError, match="not over yet"):
        record_from_event(actor=schools.anna, school=schools.ventspils, event=coming, **given)
    closed = past_event(schools.ventspils, is_public=False)
    with pytest.raises(RefusedError, match="invited people only"):
        record_from_event(actor=schools.baiba, school=schools.valmiera, event=closed, **given)
    cancelled = past_event(schools.ventspils, state="cancelled", cancel_reason="Vētra")
    with pytest.raises(RefusedError, match="was not cancelled"):
        record_from_event(actor=schools.anna, school=schools.ventspils, event=cancelled, **given)


def test_list_of_an_encounter_takes_the_schools_pupils_of_the_day_only(schools: Schools, english: None) -> None:
    with pytest.raises(RefusedError, match="no pupil of the school on that day"):
        recorded(schools, pupils=[schools.pupil, schools.stranger])
    assert not Encounter.objects.exists()
    found = recorded(schools)
    assert add_pupils(actor=schools.anna, encounter=found, pupils=[schools.pupil]) == 0
    with pytest.raises(RefusedError, match="not on the list"):
        mark_attendance(actor=schools.anna, encounter=found, attended=[schools.stranger.pk])
    with pytest.raises(RefusedError, match="both as having been there and as absent"):
        mark_attendance(actor=schools.anna, encounter=found, attended=[schools.pupil.pk], absent=[schools.pupil.pk])
    with pytest.raises(RefusedError, match="Only somebody who was there"):
        mark_attendance(actor=schools.anna, encounter=found, attended=[], reflected=[schools.pupil.pk])


def test_encounter_to_come_is_planned_but_not_attended(schools: Schools, english: None) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    planned = recorded(schools, held_on=tomorrow)
    with pytest.raises(RefusedError, match="not come yet"):
        mark_attendance(actor=schools.anna, encounter=planned, attended=[schools.pupil.pk])
    with pytest.raises(RefusedError, match="not come yet"):
        recorded(schools, held_on=tomorrow, attended=True)
    with pytest.raises(ValidationError):
        recorded(schools, hours=-1)


def test_another_school_and_a_stranger_neither_record_nor_see(schools: Schools, english: None) -> None:
    found = recorded(schools)
    for outsider in (schools.baiba, schools.world.svens, schools.pupil_account, schools.world.valda):
        for act in (
            lambda who=outsider: recorded(schools, actor=who),
            lambda who=outsider: mark_attendance(actor=who, encounter=found, attended=[schools.pupil.pk]),
            lambda who=outsider: change_encounter(actor=who, encounter=found, name="x"),
            lambda who=outsider: record_feedback(
                actor=who, school=schools.ventspils, group="pupils", held_on=date(2026, 9, 2), asked=1, answered=1
            ),
        ):
            with pytest.raises(RefusedError, match="another school"):
                act()
    seen = {
        name: (Encounter.objects.visible_to(account).count(), EncounterAttendance.objects.visible_to(account).count())
        for name, account in {
            "anna": schools.anna, "baiba": schools.baiba, "svens": schools.world.svens, "guardian": schools.guardian,
            "pupil": schools.pupil_account, "aija": schools.world.aija,
        }.items()
    }
    assert seen == {"anna": (1, 1), "baiba": (0, 0), "svens": (0, 0), "guardian": (0, 1), "pupil": (0, 1), "aija": (1, 1)}


def test_own_record_is_read_by_the_family_and_received_by_the_school(schools: Schools) -> None:
    for _again in range(2):
        confirm_reading(actor=schools.guardian, person=schools.pupil)
    receive_record(actor=schools.anna, school=schools.ventspils, person=schools.pupil)
    assert set(RecordStep.objects.values_list("kind", flat=True)) == {"record_viewed", "record_received"}
    assert RecordStep.objects.count() == 2
    with pytest.raises(RefusedError):
        confirm_reading(actor=schools.anna, person=schools.pupil)
    with pytest.raises(RefusedError):
        receive_record(actor=schools.baiba, school=schools.valmiera, person=schools.pupil)


def test_destination_is_said_by_the_pupil_and_seen_by_the_school(schools: Schools, english: None) -> None:
    today = timezone.localdate()
    given = {"school": schools.ventspils, "person": schools.pupil, "said_on": today, "way": "study", "field_code": "0613"}
    record_destination(actor=schools.pupil_account, kind="intended", confirmed_by="pupil", level=6, **given)
    with pytest.raises(RefusedError, match="documents are seen by the school"):
        record_destination(actor=schools.guardian, kind="intended", confirmed_by="document", **given)
    with pytest.raises(RefusedError, match="another school"):
        record_destination(actor=schools.pupil_account, kind="actual", confirmed_by="pupil", **given)
    with pytest.raises(RefusedError, match="never in a class"):
        record_destination(
            actor=schools.pupil_account, kind="intended", confirmed_by="pupil", **{**given, "school": schools.valmiera}
        )
    with pytest.raises(RefusedError, match="never in a class"):
        record_destination(
            actor=schools.anna, kind="actual", confirmed_by="document", **{**given, "person": schools.stranger}
        )
    record_destination(actor=schools.anna, kind="actual", confirmed_by="provider", **given)
    with pytest.raises(ValidationError):
        record_destination(actor=schools.anna, kind="sustained", confirmed_by="provider", **{**given, "field_code": "STEM"})
    assert Destination.objects.visible_to(schools.guardian).count() == 2
    assert not Destination.objects.visible_to(schools.baiba).exists()


def test_staff_feedback_evidence_and_qualifications_are_recorded(schools: Schools, english: None) -> None:
    day = timezone.localdate()
    with pytest.raises(RefusedError, match="not known at the school"):
        record_training(actor=schools.anna, school=schools.ventspils, person=schools.stranger, held_on=day, hours=6, topic="x")
    teacher = make_pupil(schools.ventspils, "Skolotāja", age=40)
    record_training(actor=schools.anna, school=schools.ventspils, person=teacher, held_on=day, hours=6, topic="Darba tirgus")
    found = record_feedback(actor=schools.anna, school=schools.ventspils, group="employers", held_on=day, asked=9, answered=4)
    assert found.school_year == YEAR
    with pytest.raises(RefusedError, match="More people answered"):
        record_feedback(actor=schools.anna, school=schools.ventspils, group="pupils", held_on=day, asked=1, answered=2)
    record_evidence(
        actor=schools.anna, school=schools.ventspils, kind="staff_lmi", from_on=day, proof="protokols", reached=20, total=40
    )
    leader = factories.make_account("vaditaja@example.org", factories.make_person("Vija", "Liepa"))
    factories.give_role(leader, schools.ventspils.organisation, "partner_reporter")
    given = {"counsellor": schools.anna.person, "name": "Karjeras konsultants", "level": 6, "valid_from": date(2020, 1, 1)}
    record_qualification(actor=leader, **given)
    for outsider in (schools.anna, schools.baiba, schools.world.valda):
        with pytest.raises(RefusedError):
            record_qualification(actor=outsider, **{**given, "name": "Cits"})
