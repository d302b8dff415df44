"""Enrolment, change of class, transfer, leaving and the roll-over; and who may do none of it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.careers.actions.encounters import record_encounter
from microcities.careers.actions.pupils import enrol, hand_over, leave, move_to_class, roll_over
from microcities.careers.actions.schools import (
    add_school,
    end_interpretation,
    found_class,
    interpret_criterion,
    publish_programme,
    write_programme,
)
from microcities.careers.models import (
    CareersProgramme,
    EncounterAttendance,
    Enrolment,
    Interpretation,
    RecordStep,
    School,
    SchoolClass,
)
from microcities.careers.school_years import first_day, label, last_day, year_of
from microcities.privacy.export import export_person
from tests import factories
from tests.careers.conftest import YEAR, Schools, make_class, make_pupil, place

pytestmark = pytest.mark.django_db


def enrolment_of(schools: Schools) -> Enrolment:
    return Enrolment.objects.get(person=schools.pupil)


@pytest.mark.parametrize(
    ("day", "year"), [(date(2018, 8, 31), 2017), (date(2018, 9, 1), 2018), (date(2019, 1, 1), 2018), (date(2019, 8, 31), 2018)]
)
def test_school_year_begins_on_the_first_of_september(day: date, year: int) -> None:
    assert year_of(day) == year
    assert first_day(year) <= day <= last_day(year)
    assert label(2018) == "2018/2019"


def test_person_known_at_the_school_is_taken_into_a_class(schools: Schools) -> None:
    new = make_pupil(schools.ventspils, "Anete")
    found = enrol(actor=schools.anna, school_class=schools.nine_b, person=new)
    assert (found.joined_on, found.left_on, found.reason) == (first_day(YEAR), last_day(YEAR), "year_end")


def test_person_unknown_at_the_school_is_not_enrolled(schools: Schools, english: None) -> None:
    with pytest.raises(RefusedError, match="not known at the school"):
        enrol(actor=schools.anna, school_class=schools.nine_b, person=schools.stranger)


def test_pupil_of_another_school_is_refused_without_naming_it(schools: Schools, english: None) -> None:
    factories.register(schools.stranger, schools.ventspils.organisation)
    with pytest.raises(RefusedError) as refused:
        enrol(actor=schools.anna, school_class=schools.nine_b, person=schools.stranger)
    assert str(refused.value) == (
        "Xqvorn Plzenka is in a class of another school on these days, and nobody is in two schools at once. Ask that school "
        "to enter the last day and hand the pupil over, or begin after it."
    )
    assert "Valmiera" not in str(refused.value)


def test_pupil_already_in_a_class_of_the_school_is_named_with_it(schools: Schools, english: None) -> None:
    with pytest.raises(RefusedError, match=r"Jānis Bērziņš is in class 9\.a from"):
        enrol(actor=schools.anna, school_class=schools.nine_b, person=schools.pupil)


def test_other_school_and_stranger_change_nothing(schools: Schools, english: None) -> None:
    mine = enrolment_of(schools)
    day = first_day(YEAR) + timedelta(days=30)
    for outsider in (schools.baiba, schools.world.svens, schools.pupil_account, schools.guardian, schools.world.aija):
        with pytest.raises(RefusedError, match="another school"):
            leave(actor=outsider, enrolment=mine, last_on=day, reason="left")
        with pytest.raises(RefusedError, match="another school"):
            move_to_class(actor=outsider, enrolment=mine, school_class=schools.nine_b, on=day)
        with pytest.raises(RefusedError, match="another school"):
            hand_over(actor=outsider, enrolment=mine, to_school=schools.valmiera, last_on=day)
        with pytest.raises(RefusedError, match="another school"):
            roll_over(actor=outsider, school=schools.ventspils, from_year=YEAR)
        with pytest.raises(RefusedError, match="another school"):
            found_class(actor=outsider, school=schools.ventspils, school_year=YEAR, number=8, name="8.a")
    mine.refresh_from_db()
    assert (mine.left_on, SchoolClass.objects.count()) == (last_day(YEAR), 3)


def test_each_account_sees_its_own_pupils_only(schools: Schools) -> None:
    def seen(account: object) -> set[int]:
        return set(Enrolment.objects.visible_to(account).values_list("person_id", flat=True))  # type: ignore[arg-type]

    assert seen(schools.anna) == {schools.pupil.pk}
    assert seen(schools.baiba) == {schools.stranger.pk}
    assert seen(schools.pupil_account) == seen(schools.guardian) == {schools.pupil.pk}
    assert seen(schools.world.svens) == seen(schools.world.ventis) == set()
    assert seen(schools.world.aija) == {schools.pupil.pk, schools.stranger.pk}


def test_change_of_class_ends_one_enrolment_the_day_before_the_next(schools: Schools) -> None:
    day = first_day(YEAR) + timedelta(days=45)
    found = move_to_class(actor=schools.anna, enrolment=enrolment_of(schools), school_class=schools.nine_b, on=day)
    rows = Enrolment.objects.filter(person=schools.pupil).order_by("joined_on").values_list("left_on", "reason")
    assert list(rows) == [(day - timedelta(days=1), "moved"), (last_day(YEAR), "year_end")]
    assert found.joined_on == day


def test_transfer_brings_the_record_to_the_next_school(schools: Schools) -> None:
    today = timezone.localdate()
    record_encounter(
        actor=schools.anna, school=schools.ventspils, pupils=[schools.pupil], attended=True, kind="employer", name="Tikšanās",
        held_on=today, hours=2,
    )
    assert not EncounterAttendance.objects.visible_to(schools.baiba).exists()
    yesterday = today - timedelta(days=1)
    mine = enrolment_of(schools)
    hand_over(actor=schools.anna, enrolment=mine, to_school=schools.valmiera, last_on=yesterday)
    assert not EncounterAttendance.objects.visible_to(schools.baiba).exists()
    enrol(actor=schools.baiba, school_class=schools.theirs, person=schools.pupil, joined_on=today)
    assert EncounterAttendance.objects.visible_to(schools.baiba).count() == 1
    assert EncounterAttendance.objects.visible_to(schools.anna).count() == 1
    assert Enrolment.objects.visible_to(schools.baiba).filter(person=schools.pupil).count() == 2
    assert list(RecordStep.objects.values_list("person_id", "kind", "on")) == [(schools.pupil.pk, "record_received", today)]


def test_last_day_lies_within_the_enrolment_and_stands(schools: Schools, english: None) -> None:
    mine = enrolment_of(schools)
    with pytest.raises(RefusedError, match="last day has to lie between"):
        leave(actor=schools.anna, enrolment=mine, last_on=first_day(YEAR) - timedelta(days=1), reason="left")
    with pytest.raises(RefusedError, match="left school or finished"):
        leave(actor=schools.anna, enrolment=mine, last_on=first_day(YEAR), reason="moved")
    leave(actor=schools.anna, enrolment=mine, last_on=first_day(YEAR), reason="left")
    with pytest.raises(RefusedError, match="left this class already"):
        leave(actor=schools.anna, enrolment=mine, last_on=first_day(YEAR), reason="left")


def test_year_rolls_over_with_leavers_repeaters_and_final_classes(schools: Schools) -> None:
    twelve = make_class(schools.ventspils, "12.", number=12, is_final=True)
    finishing, leaver, repeater = (make_pupil(schools.ventspils, name) for name in ("Fricis", "Laura", "Rihards"))
    place(twelve, finishing)
    place(schools.nine_a, leaver, left_on=last_day(YEAR) - timedelta(days=90), reason="left")
    staying = place(schools.nine_b, repeater)
    again = make_class(schools.ventspils, "9.c", school_year=YEAR + 1)
    done = roll_over(
        actor=schools.anna, school=schools.ventspils, from_year=YEAR, names={schools.nine_b.pk: "10.H"},
        repeating={staying.pk: again},
    )
    assert (done.classes, done.moved_up, done.finished) == (2, 2, 1)
    next_year = Enrolment.objects.of_year(YEAR + 1).order_by("person__given_name")
    assert [(row.person.given_name, row.school_class.name, row.joined_on, row.left_on) for row in next_year] == [
        ("Jānis", "10.a", first_day(YEAR + 1), last_day(YEAR + 1)),
        ("Rihards", "9.c", first_day(YEAR + 1), last_day(YEAR + 1)),
    ]
    assert Enrolment.objects.get(person=finishing).reason == "graduated"
    assert set(SchoolClass.objects.of_year(YEAR + 1).values_list("name", "number")) == {("10.a", 10), ("10.H", 10), ("9.c", 9)}
    assert not Enrolment.objects.of_year(YEAR + 1).filter(school_class__school=schools.valmiera).exists()


def test_year_rolls_over_once_and_whole(schools: Schools, english: None) -> None:
    taken = make_class(schools.ventspils, "X", number=9, school_year=YEAR + 1)
    place(taken, schools.pupil)
    with pytest.raises(RefusedError, match="in a class of the new year already"):
        roll_over(actor=schools.anna, school=schools.ventspils, from_year=YEAR)
    assert SchoolClass.objects.of_year(YEAR + 1).count() == 1
    Enrolment.objects.of_year(YEAR + 1).delete()
    roll_over(actor=schools.anna, school=schools.ventspils, from_year=YEAR)
    with pytest.raises(RefusedError, match="has begun already"):
        roll_over(actor=schools.anna, school=schools.ventspils, from_year=YEAR)
    with pytest.raises(RefusedError, match="has no classes"):
        roll_over(actor=schools.anna, school=schools.ventspils, from_year=YEAR - 5)


def test_twelfth_grade_that_is_not_final_stops_the_roll_over(schools: Schools, english: None) -> None:
    make_class(schools.ventspils, "12.", number=12)
    with pytest.raises(RefusedError, match="Mark it as the last year"):
        roll_over(actor=schools.anna, school=schools.ventspils, from_year=YEAR)
    assert not SchoolClass.objects.of_year(YEAR + 1).exists()


def test_school_is_added_by_its_staff_or_a_coordinator_once(schools: Schools, english: None) -> None:
    organisation = factories.make_organisation("Ventspils tehnikums", kind="technikum")
    given = {"organisation": organisation, "programme": schools.world.programme, "city": schools.world.ventspils}
    with pytest.raises(RefusedError, match="added by its own staff"):
        add_school(actor=schools.baiba, setting="technikum", **given)
    assert add_school(actor=schools.world.marta, setting="technikum", **given).setting == "technikum"
    with pytest.raises(RefusedError, match="here already"):
        add_school(actor=schools.world.marta, setting="technikum", **given)
    with pytest.raises(RefusedError, match="none of the programme's"):
        add_school(
            actor=schools.world.marta, setting="school", organisation=organisation, programme=schools.world.programme,
            city=factories.make_city("riga", "Rīga"),
        )
    assert School.objects.count() == 3


def test_programme_is_published_once_it_says_what_pupils_learn(schools: Schools, english: None) -> None:
    programme = CareersProgramme.objects.create(school=schools.ventspils, school_year=YEAR)
    with pytest.raises(RefusedError, match="what pupils learn"):
        publish_programme(actor=schools.anna, programme=programme, address="https://skola.example.org/karjera")
    write_programme(actor=schools.anna, school=schools.ventspils, school_year=YEAR, outcomes="Zina trīs profesijas")
    publish_programme(actor=schools.anna, programme=programme, address="https://skola.example.org/karjera")
    programme.refresh_from_db()
    assert (programme.published_on, programme.address) == (timezone.localdate(), "https://skola.example.org/karjera")
    with pytest.raises(RefusedError, match="another school"):
        publish_programme(actor=schools.baiba, programme=programme, address="https://evil.example.org/")


def test_criterion_is_read_for_a_pupil_with_its_reason_and_until_a_day(schools: Schools, english: None) -> None:
    given = {"actor": schools.anna, "school": schools.ventspils, "person": schools.pupil, "criterion": "6.1"}
    today = timezone.localdate()
    with pytest.raises(RefusedError, match="Give the reason"):
        interpret_criterion(**given, reading="not_applied", reason=" ")
    found = interpret_criterion(**given, reading="fewer", count=1, reason="Individuālais plāns")
    assert (found.valid_from, found.valid_to, found.decided_by_id) == (today, last_day(YEAR), schools.anna.pk)
    with pytest.raises(RefusedError, match="read for the pupil on these days already"):
        interpret_criterion(**given, reading="not_applied", reason="Cits")
    with pytest.raises(RefusedError, match="in no class of this school"):
        interpret_criterion(**{**given, "person": schools.stranger}, reading="fewer", reason="x")
    end_interpretation(actor=schools.anna, interpretation=found, last_on=today, reason="Vairs nevajag")
    assert Interpretation.objects.on(today + timedelta(days=1)).count() == 0
    whose = (schools.anna, schools.baiba, schools.guardian, schools.world.aija)
    assert [Interpretation.objects.visible_to(account).count() for account in whose] == [1, 0, 1, 0]


def test_export_of_own_data_holds_enrolment_and_class(schools: Schools) -> None:
    tables = {table["table"]: table["rows"] for table in export_person(schools.pupil)["records"]}
    (row,) = tables["careers.Enrolment"]
    assert {field["name"] for field in row["fields"]} == {"joined_on", "left_on", "reason"}
    assert any("9.a" in each["words"] for each in row["context"])
