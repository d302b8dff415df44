"""Kinds of studies and programmes: who enters them, what the database refuses, what fits where a pupil is."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from microcities.access.answers import RefusedError
from microcities.careers.actions.studies import add_study, change_study, withdraw_study
from microcities.careers.models import Enrolment, Stage, StudyProgramme
from microcities.careers.study_paths import kind_words, level_words, paths, stage_of, study_rule
from microcities.careers.study_rules import may_keep_studies, may_keep_study, places_of
from microcities.people.models import Organisation
from microcities.rulebooks.registry import NoRuleInForceError, rule
from microcities.trail.models import Action
from tests import factories
from tests.careers.conftest import Schools, make_class, make_pupil, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
KINDS = ["secondary_school", "state_gymnasium", "technikum", "vocational_after_secondary", "work_based", "college", "bachelor",
         "adult"]


def fields(schools: Schools, **other: Any) -> dict[str, Any]:
    known = {"name": "Programmēšanas tehniķis", "field_code": "0613", "city": schools.world.ventspils, "languages": ["lv"]}
    return known | other


def technikum(schools: Schools) -> Organisation:
    return factories.make_organisation("Ostas tehnikums", kind="technikum")


def add(schools: Schools, kind: str = "secondary_school", **other: Any) -> StudyProgramme:
    return add_study(actor=schools.anna, organisation=schools.ventspils.organisation, kind=kind, **fields(schools, **other))


# --- the rulebook ---


def test_rulebook_names_every_kind_in_both_languages_with_its_law() -> None:
    kinds = study_rule().values.kinds
    assert [kind.code for kind in kinds] == KINDS
    for kind in kinds:
        for words in (kind.name, kind.requires, kind.entrance, kind.documents, kind.leads_to, kind.length, kind.law):
            assert words.lv != words.en


def test_levels_are_those_of_the_latvian_framework() -> None:
    levels = {kind.code: (kind.level_from, kind.level_to) for kind in study_rule().values.kinds}
    assert levels == {
        "secondary_school": (4, 4), "state_gymnasium": (4, 4), "technikum": (4, 4), "vocational_after_secondary": (3, 4),
        "work_based": (2, 4), "college": (5, 5), "bachelor": (6, 6), "adult": (None, None),
    }


def test_names_of_2022_are_not_told_of_earlier_days() -> None:
    with pytest.raises(NoRuleInForceError):
        rule("careers.study_paths", on=date(2022, 10, 10), territory="LV")


def test_level_is_told_in_words() -> None:
    kinds = {kind.code: kind for kind in study_rule().values.kinds}
    with translation.override("en"):
        assert level_words(kinds["college"]) == "Latvian and European framework (LQF, EQF): 5 of 8"
        assert level_words(kinds["work_based"]) == "Latvian and European framework (LQF, EQF): 2 to 4 of 8"
        assert (level_words(kinds["adult"]), kind_words("college")) == ("", "College: short-cycle higher education")
        assert kind_words("gone") == "gone"


# --- what fits ---


@pytest.mark.parametrize(
    ("stage", "number", "expected"),
    [
        (Stage.GRADE, 9, "basic"), (Stage.GRADE, 10, "secondary"), (Stage.GRADE, 12, "secondary"),
        (Stage.COURSE, 1, "vocational"),
    ],
)
def test_stage_follows_the_class_of_today(schools: Schools, stage: str, number: int, expected: str) -> None:
    pupil = make_pupil(schools.ventspils, "Anete", "Ozola")
    place(make_class(schools.ventspils, f"{stage}{number}", stage=stage, number=number), pupil)
    assert stage_of(pupil) == expected


def test_whoever_is_in_no_class_today_is_an_adult_learner(schools: Schools) -> None:
    assert stage_of(schools.pupil) == "basic"
    Enrolment.objects.filter(person=schools.pupil).delete()
    assert stage_of(schools.pupil) == "adult"


@pytest.mark.parametrize(
    ("stage", "fitting"),
    [
        ("basic", ["secondary_school", "state_gymnasium", "technikum", "work_based"]),
        ("secondary", ["vocational_after_secondary", "college", "bachelor"]),
        ("vocational", ["work_based", "college", "bachelor"]),
        ("adult", ["vocational_after_secondary", "college", "bachelor", "adult"]),
        ("", []),
    ],
)
def test_fitting_kinds_stand_first_and_no_kind_is_left_out(schools: Schools, stage: str, fitting: list[str]) -> None:
    found = paths(stage)
    assert [path.code for path in found if path.fits] == fitting
    assert [path.code for path in found][: len(fitting)] == fitting
    assert sorted(path.code for path in found) == sorted(KINDS)


def test_kinds_count_what_is_offered_and_what_is_open(
    schools: Schools, django_assert_num_queries: Callable[[int], Any]
) -> None:
    today = timezone.localdate()
    add(schools, closes_on=today)
    add(schools, name="Otrā", opens_on=today + timedelta(days=1))
    withdraw_study(actor=schools.anna, study=add(schools, name="Trešā", closes_on=today))
    with django_assert_num_queries(1):
        counts = {path.code: (path.offered, path.open_now) for path in paths()}
    assert (counts["secondary_school"], counts["college"]) == ((2, 1), (0, 0))


# --- who enters programmes ---


def test_own_people_and_coordinators_enter_programmes(schools: Schools) -> None:
    port = technikum(schools)
    own = schools.ventspils.organisation
    assert [bool(may_keep_study(account, own)) for account in (schools.anna, schools.baiba, schools.world.marta)] == [
        True, False, True
    ]
    assert [bool(may_keep_study(account, port)) for account in (schools.anna, schools.world.marta)] == [False, True]
    assert bool(may_keep_studies(schools.pupil_account)) is False
    assert list(places_of(schools.anna)) == [own]
    assert set(places_of(schools.world.marta)) >= {own, port}


def test_coordinator_does_not_enter_programmes_of_firms(schools: Schools) -> None:
    firm = factories.make_organisation("SIA Vilnis", kind="company")
    with pytest.raises(RefusedError, match="another place of study"):
        add_study(actor=schools.world.marta, organisation=firm, kind="work_based", **fields(schools))


def test_programme_is_entered_changed_and_withdrawn_with_a_trail(schools: Schools) -> None:
    found = add(schools)
    change_study(actor=schools.anna, study=found, places=24, name="Sistēmu tehniķis")
    withdraw_study(actor=schools.anna, study=found)
    found.refresh_from_db()
    assert (found.name, found.places, found.withdrawn_on) == ("Sistēmu tehniķis", 24, timezone.localdate())
    withdraw_study(actor=schools.anna, study=found, offered=True)
    verbs = Action.objects.filter(verb__endswith="_study").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["careers.add_study", "careers.change_study", "careers.withdraw_study", "careers.withdraw_study"]


def test_strangers_change_nothing(schools: Schools) -> None:
    found = add(schools)
    with pytest.raises(RefusedError):
        change_study(actor=schools.baiba, study=found, places=1)
    for account in (schools.baiba, schools.pupil_account):
        with pytest.raises(RefusedError):
            withdraw_study(actor=account, study=found)
    with pytest.raises(RefusedError, match="stays with its place"):
        change_study(actor=schools.anna, study=found, organisation=schools.valmiera.organisation)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"field_code": "9913"}, "field_code"), ({"languages": ["xx"]}, "languages"), ({"name": ""}, "name"),
        ({"opens_on": date(2026, 5, 2), "closes_on": date(2026, 5, 1)}, "closes_on"), ({"url": "no page"}, "url"),
    ],
)
def test_wrong_programme_is_refused_at_its_field(schools: Schools, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        add(schools, **wrong)
    assert list(error.value.message_dict) == [field]
    assert StudyProgramme.objects.count() == 0


def test_kind_that_the_rulebook_does_not_know_is_refused(schools: Schools) -> None:
    with pytest.raises(RefusedError, match="no such kind"):
        add(schools, "knight_school")


def test_programme_is_offered_once_and_may_come_back(schools: Schools) -> None:
    first = add(schools)
    with pytest.raises(ValidationError, match="offers a programme of this kind and name already"):
        add(schools)
    withdraw_study(actor=schools.anna, study=first)
    add(schools)
    with pytest.raises(RefusedError, match="of this kind and name already"):
        withdraw_study(actor=schools.anna, study=first, offered=True)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"kind": "A B"}, "study_programme_kind"), ({"field_code": "x"}, "study_programme_field"),
        ({"months": 0}, "study_programme_months"), ({"places": 0}, "study_programme_places"),
        ({"opens_on": date(2026, 5, 2), "closes_on": date(2026, 5, 1)}, "study_programme_dates"),
    ],
)
def test_database_refuses(schools: Schools, wrong: dict[str, Any], name: str) -> None:
    row = {"organisation": schools.ventspils.organisation, "kind": "college", **fields(schools)} | wrong
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        StudyProgramme.objects.create(**row)
    assert error.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("opens", "closes", "is_open"),
    [(None, None, False), (0, None, True), (1, None, False), (None, 0, True), (None, -1, False), (-3, 3, True)],
)
def test_open_is_the_same_for_the_row_and_the_query(
    schools: Schools, opens: int | None, closes: int | None, is_open: bool
) -> None:
    today = timezone.localdate()
    days = [None if each is None else today + timedelta(days=each) for each in (opens, closes)]
    found = add(schools, opens_on=days[0], closes_on=days[1])
    assert (found.is_open(), StudyProgramme.objects.open_on(today).filter(pk=found.pk).exists()) == (is_open, is_open)
