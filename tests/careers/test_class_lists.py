"""Class lists: compared without writing, applied whole, refused with row and column, taken back."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import Workbook

from microcities.access.answers import RefusedError
from microcities.careers.actions.class_lists import apply_class_list, undo_class_list
from microcities.careers.actions.encounters import record_encounter
from microcities.careers.class_lists.comparing import Comparison
from microcities.careers.class_lists.dry_run import compare_class_list
from microcities.careers.models import ClassList, Enrolment, SchoolClass
from microcities.careers.school_years import first_day, last_day
from microcities.people.codes import code_hash
from microcities.people.models import MatchCandidate, Person, Registration
from microcities.spreadsheets.reading import ListUnreadableError
from tests.careers.conftest import YEAR, Schools, make_pupil, place

pytestmark = pytest.mark.django_db
HEADER = ("Vārds", "Uzvārds", "Dzimšanas datums", "Klase")
TODAY = timezone.localdate()


def csv_list(rows: Iterable[Sequence[Any]], header: Sequence[str] = HEADER) -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([header, *rows])
    return io.BytesIO(text.getvalue().encode())


def xlsx_list(rows: Iterable[Sequence[Any]], header: Sequence[str] = HEADER) -> io.BytesIO:
    book, content = Workbook(), io.BytesIO()
    for row in (header, *rows):
        book.active.append(list(row))
    book.save(content)
    content.seek(0)
    return content


def born(person: Person) -> str:
    assert person.birth_on is not None
    return f"{person.birth_on:%d.%m.%Y}"


def compared(schools: Schools, file: io.BytesIO, **fields: Any) -> Comparison:
    return compare_class_list(**{"actor": schools.anna, "school": schools.ventspils, "file": file, **fields})


def applied(schools: Schools, file: io.BytesIO, **fields: Any) -> ClassList:
    given = {"actor": schools.anna, "school": schools.ventspils, **fields}
    digest = compare_class_list(**given, file=file).digest
    return apply_class_list(**given, file=file, file_name="klases.csv", digest=digest)


def in_class(name: str) -> list[str]:
    rows = Enrolment.objects.on(TODAY).filter(school_class__name=name, school_class__school_year=YEAR)
    return sorted(rows.values_list("person__given_name", flat=True))


def full_list(schools: Schools) -> list[Sequence[Any]]:
    """The school's only pupil moves to 9.b; Anete is new there, Rihards in a class that is new."""
    return [
        ("Jānis", "Bērziņš", born(schools.pupil), "9.b"),
        ("Anete", "Liepa", "03.04.2011", "9.b"),
        ("Rihards", "Kalns", "05.06.2012", "8.c"),
    ]


@pytest.mark.parametrize("make", [csv_list, xlsx_list])
def test_comparison_says_what_would_change_and_writes_nothing(schools: Schools, make: Any) -> None:
    people, rows = Person.objects.count(), Enrolment.objects.count()
    found = compared(schools, make(full_list(schools)))
    assert [(plan.row.number, plan.outcome) for plan in found.plans] == [(2, "moved"), (3, "new"), (4, "new")]
    assert found.outcomes == {"leaving": 0, "moved": 1, "new": 2, "new_classes": 1}
    assert (Person.objects.count(), Enrolment.objects.count()) == (people, rows)
    assert not SchoolClass.objects.filter(name="8.c").exists()


def test_applied_list_moves_adds_and_makes_classes(schools: Schools) -> None:
    applied(schools, csv_list(full_list(schools)))
    assert (in_class("9.a"), in_class("9.b"), in_class("8.c")) == (["Xqvorn"], ["Anete", "Jānis"], ["Rihards"])
    former = Enrolment.objects.get(person=schools.pupil, school_class=schools.nine_a)
    assert (former.left_on, former.reason) == (TODAY - timedelta(days=1), "moved")
    assert SchoolClass.objects.values_list("stage", "number").get(name="8.c") == ("grade", 8)
    anete = Person.objects.get(given_name="Anete")
    assert Registration.objects.filter(person=anete, organisation=schools.ventspils.organisation).count() == 1


def test_same_list_again_has_nothing_to_apply(schools: Schools, english: None) -> None:
    applied(schools, csv_list(full_list(schools)))
    assert compared(schools, csv_list(full_list(schools))).outcomes == {"leaving": 0, "new_classes": 0, "unchanged": 3}
    with pytest.raises(RefusedError, match="nothing to apply"):
        applied(schools, csv_list(full_list(schools)))


def test_who_is_not_in_the_list_any_more_leaves(schools: Schools) -> None:
    staying = make_pupil(schools.ventspils, "Laura", "Ozola")
    place(schools.nine_b, staying)
    rows = [("Laura", "Ozola", born(staying), "9.b")]
    assert compared(schools, csv_list(rows), is_whole_school=False).outcomes == {"leaving": 0, "new_classes": 0, "unchanged": 1}
    found = compared(schools, csv_list(rows))
    assert [each.person for each in found.leavers] == [schools.pupil]
    applied(schools, csv_list(rows))
    gone = Enrolment.objects.get(person=schools.pupil)
    assert (gone.left_on, gone.reason) == (TODAY - timedelta(days=1), "left")
    assert Enrolment.objects.get(person=schools.stranger).reason == "year_end"


def test_first_list_of_the_year_corrects_the_roll_over(schools: Schools) -> None:
    start = first_day(YEAR)
    never_came = make_pupil(schools.ventspils, "Fricis", "Skuja")
    place(schools.nine_a, never_came)
    rows = [("Jānis", "Bērziņš", born(schools.pupil), "9.b")]
    applied(schools, csv_list(rows), taken_on=start)
    mine = Enrolment.objects.get(person=schools.pupil)
    assert (mine.school_class, mine.joined_on, mine.left_on) == (schools.nine_b, start, last_day(YEAR))
    assert not Enrolment.objects.filter(person=never_came).exists()
    undo_class_list(actor=schools.anna, class_list=ClassList.objects.get())
    assert Enrolment.objects.get(person=schools.pupil).school_class == schools.nine_a
    assert Enrolment.objects.get(person=never_came).school_class == schools.nine_a


def test_known_person_is_found_by_code_and_doubtful_ones_are_for_somebody_to_decide(schools: Schools) -> None:
    known = make_pupil(schools.ventspils, "Kristaps", "Vītols")
    Person.objects.filter(pk=known.pk).update(code_hash=code_hash("161175-19997"))
    similar = make_pupil(schools.valmiera, "Anete", "Liepa")
    header = (*HEADER, "Personas kods")
    rows = [
        ("Kristaps", "Vītols", "", "9.b", "161175-19997"), ("Aneta", "Liepa", born(similar), "9.b", ""),
        ("Jānis", "Bērziņš", born(schools.pupil), "9.a", ""),
    ]
    found = compared(schools, csv_list(rows, header))
    assert [plan.outcome for plan in found.plans] == ["known", "new", "unchanged"]
    assert [each.key for each in found.plans[1].candidates] == [similar.pk]
    applied(schools, csv_list(rows, header))
    assert Enrolment.objects.filter(person=known, school_class=schools.nine_b).exists()
    made = Person.objects.get(given_name="Aneta")
    pairs = MatchCandidate.objects.filter(first__in=[made, similar], second__in=[made, similar])
    assert pairs.count() == 1


def test_wrong_cells_are_refused_by_row_and_column_and_nothing_is_applied(schools: Schools, english: None) -> None:
    wrong = [
        ("Jānis", "Bērziņš", born(schools.pupil), "9.a"),
        ("Anete", "Liepa", "31.02.2011", "9.b"),
        ("Rihards", "Kalns", "05.06.2012", ""),
        ("Laura", "Ozola", "", "9.b"),
        ("Toms", "Eglītis", "05.06.2012", "Saulītes"),
        ("Evija", "Priede", "05.06.2010", "13.a"),
        ("Anna", "Zīle", "05.06.2010", "9.b"),
        ("Anna", "Zīle", "05.06.2010", "9.a"),
    ]
    found = compared(schools, csv_list(wrong))
    said = {
        plan.row.number: (each.letter, each.field, each.code, each.row)
        for plan in found.plans for each in plan.row.problems
    }
    assert said == {
        3: ("C", "birth_on", "no_such_day", 0), 4: ("D", "class_name", "empty", 0),
        5: ("", "birth_on", "cannot_be_told_apart", 0), 6: ("", "class_name", "no_number", 0),
        7: ("", "class_name", "no_such_grade", 0), 9: ("", "given_name", "twice_in_list", 8),
    }
    assert found.plans[-1].row.problems[0].advice == "The same pupil stands in row 8 already. Leave one."
    with pytest.raises(RefusedError, match="applied whole"):
        applied(schools, csv_list(wrong))
    assert (Person.objects.filter(family_name="Zīle").count(), ClassList.objects.count()) == (0, 0)


def test_pupil_of_another_school_is_refused_without_naming_it(schools: Schools, english: None) -> None:
    rows = [("Xqvorn", "Plzenka", born(schools.stranger), "9.b"), ("Jānis", "Bērziņš", born(schools.pupil), "9.a")]
    Person.objects.filter(pk=schools.stranger.pk).update(code_hash=code_hash("161175-19997"))
    (plan, _same) = compared(
        schools, csv_list([(*rows[0], "161175-19997"), (*rows[1], "")], (*HEADER, "Personas kods"))
    ).plans
    assert [each.code for each in plan.row.problems] == ["elsewhere"]
    assert plan.row.problems[0].advice.startswith("The pupil is in a class of another school on these days")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (("Vārds", "Uzvārds", "Dzimšanas datums"), "Add the column Klase"),
        (("Vārds", "Dzimšanas datums", "Klase"), "Add the columns Vārds and Uzvārds"),
        (("Vārds", "Uzvārds", "Klase"), "Nothing tells pupils of one name apart"),
        (("Anete", "Liepa", "03.04.2011", "9.b"), "holds a person, not headings"),
    ],
)
def test_list_without_a_needed_column_is_refused(
    schools: Schools, english: None, header: Sequence[str], reason: str
) -> None:
    with pytest.raises(ListUnreadableError, match=reason):
        compared(schools, csv_list([("Anete",) * len(header)], header))


def test_list_of_a_day_to_come_or_of_another_school_is_refused(schools: Schools, english: None) -> None:
    file = csv_list(full_list(schools))
    with pytest.raises(RefusedError, match="not come yet"):
        compared(schools, file, taken_on=TODAY + timedelta(days=1))
    for outsider in (schools.baiba, schools.world.svens, schools.pupil_account, schools.world.aija):
        with pytest.raises(RefusedError, match="another school"):
            compared(schools, csv_list(full_list(schools)), actor=outsider)
        with pytest.raises(RefusedError, match="another school"):
            apply_class_list(
                actor=outsider, school=schools.ventspils, file=csv_list([]), file_name="x", digest="x"
            )


def test_records_changed_since_the_comparison_stop_the_application(schools: Schools, english: None) -> None:
    file = csv_list(full_list(schools))
    digest = compared(schools, file).digest
    place(schools.nine_b, make_pupil(schools.ventspils, "Laura", "Ozola"))
    with pytest.raises(RefusedError, match="changed since the list was compared"):
        apply_class_list(actor=schools.anna, school=schools.ventspils, file=file, file_name="klases.csv", digest=digest)
    assert not ClassList.objects.exists()


def test_applied_list_is_taken_back_whole(schools: Schools, english: None) -> None:
    before = (Person.objects.count(), Registration.objects.count(), SchoolClass.objects.count())
    done = applied(schools, csv_list(full_list(schools)))
    undo_class_list(actor=schools.anna, class_list=done)
    assert (Person.objects.count(), Registration.objects.count(), SchoolClass.objects.count()) == before
    assert Enrolment.objects.values_list("school_class", "left_on", "reason").get(person=schools.pupil) == (
        schools.nine_a.pk, last_day(YEAR), "year_end"
    )
    with pytest.raises(RefusedError, match="only once"):
        undo_class_list(actor=schools.anna, class_list=done)


def test_list_on_which_something_rests_is_not_taken_back(schools: Schools, english: None) -> None:
    done = applied(schools, csv_list(full_list(schools)))
    with pytest.raises(RefusedError, match="another school"):
        undo_class_list(actor=schools.baiba, class_list=done)
    anete = Person.objects.get(given_name="Anete")
    record_encounter(
        actor=schools.anna, school=schools.ventspils, pupils=[anete], attended=True, kind="employer", name="Tikšanās",
        held_on=TODAY, hours=1,
    )
    with pytest.raises(RefusedError, match="Something rests on this list"):
        undo_class_list(actor=schools.anna, class_list=done)
    assert in_class("9.b") == ["Anete", "Jānis"]


def test_technikums_classes_are_counted_in_years(schools: Schools) -> None:
    schools.ventspils.setting = "technikum"
    schools.ventspils.save()
    applied(schools, csv_list([*full_list(schools)[:2], ("Rihards", "Kalns", "05.06.2009", "2. kurss PT")]))
    assert SchoolClass.objects.values_list("stage", "number").get(name="2. kurss PT") == ("course", 2)


def test_day_in_the_list_is_the_first_day_in_the_class(schools: Schools) -> None:
    rows = [
        ("Jānis", "Bērziņš", born(schools.pupil), "9.a", ""),
        ("Anete", "Liepa", "03.04.2011", "9.b", f"{first_day(YEAR) + timedelta(days=9):%d.%m.%Y}"),
        ("Laura", "Ozola", "03.04.2011", "9.b", f"{date(YEAR - 1, 12, 1):%d.%m.%Y}"),
    ]
    found = compared(schools, csv_list(rows, (*HEADER, "Iestājies")))
    assert found.plans[1].joined_on == first_day(YEAR) + timedelta(days=9)
    assert [each.code for each in found.plans[2].row.problems] == ["outside_year"]
