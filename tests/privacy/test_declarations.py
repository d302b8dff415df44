"""Each field of each table is declared; a new field without a declaration fails here."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import isolate_apps
from django.utils.functional import Promise

from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal
from microcities.privacy.outside import LABELS, OUTSIDE, WITHOUT_MODEL, OutsideTable
from microcities.privacy.record import clock_name, table_name
from microcities.privacy.walk import (
    PERSON,
    about_person,
    declared_fields,
    follow,
    models_about_person,
    personal_fields,
    problems,
)


def throw_away(**attributes: Any) -> type[models.Model]:
    """A first-party model that exists in one test only."""
    with isolate_apps("microcities.people"):
        meta = type("Meta", (), {"app_label": "people"})
        return type(
            "ThrowAway", (models.Model,), {"__module__": "microcities.people.models", "Meta": meta, **attributes}
        )


def test_every_field_of_every_table_is_declared() -> None:
    assert problems() == []


@pytest.mark.django_db
def test_every_table_of_the_database_belongs_to_a_model() -> None:
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        found = {table.name for table in connection.introspection.get_table_list(cursor) if table.type == "t"}
    assert found - known - WITHOUT_MODEL == set()


def test_undeclared_model_is_found() -> None:
    assert problems([throw_away()]) == ["people.ThrowAway: no `privacy` declaration"]


def test_undeclared_field_is_found() -> None:
    model = throw_away(
        privacy=AboutPerson(path="person", impersonal=("id", "person")),
        person=models.ForeignKey(Person, models.PROTECT, related_name="+"),
        nickname=models.CharField(max_length=20),
    )
    assert problems([model]) == ["people.ThrowAway.nickname: neither personal(...) nor in `impersonal`"]


def test_wrong_declarations_are_found() -> None:
    model = throw_away(
        privacy=AboutPerson(path="place", impersonal=("id", "place", "gone", "email")),
        place=models.ForeignKey(Organisation, models.PROTECT, related_name="+"),
        email=personal(models.EmailField(), purpose=Purpose.CONTACT),
        height=personal(models.IntegerField(), purpose=Purpose.IDENTIFY),
        photo=personal(models.FileField(), purpose=Purpose.IDENTIFY),
        born_at=personal(models.DateTimeField(), purpose=Purpose.IDENTIFY, on_erasure=OnErasure.COARSEN),
    )
    assert problems([model]) == [
        "people.ThrowAway.email: personal(...) and in `impersonal` at once",
        "people.ThrowAway.height: cannot be erased as declared (blank)",
        "people.ThrowAway.born_at: cannot be erased as declared (coarsen)",
        "people.ThrowAway.gone: declared but there is no such field",
        "people.ThrowAway.photo: a file that `files` does not name",
        "people.ThrowAway: path 'place' leads to people.Organisation, not to people.Person",
    ]


def test_path_that_leads_nowhere_is_found() -> None:
    model = throw_away(privacy=AboutPerson(path="owner.person", impersonal=("id",)))
    assert problems([model]) == ["people.ThrowAway: path 'owner.person' has no foreign key 'owner' in people.ThrowAway"]


def test_personal_field_of_an_impersonal_model_is_found() -> None:
    model = throw_away(privacy=NoPersonalData("nothing"), phone=personal(models.CharField(), purpose=Purpose.CONTACT))
    assert problems([model]) == ["people.ThrowAway: declares no personal data but phone is personal"]


def test_undeclared_field_of_a_library_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OUTSIDE, "account.EmailAddress", OutsideTable(impersonal=("id", "user", "sent")))
    assert problems([apps.get_model("account.EmailAddress")]) == [
        "account.EmailAddress.email: not declared in privacy/outside.py",
        "account.EmailAddress.primary: not declared in privacy/outside.py",
        "account.EmailAddress.verified: not declared in privacy/outside.py",
        "account.EmailAddress.sent: declared in privacy/outside.py but there is no such field",
    ]


def test_every_declared_table_and_field_has_a_translated_name_and_a_known_clock() -> None:
    for field in declared_fields():
        clock_name(field.declaration.retention)
        assert table_name(field.model)
        if field.model in OUTSIDE:
            assert field.column.removesuffix("_id") in LABELS or field.column in LABELS
        else:
            model = apps.get_model(field.model)
            assert isinstance(model._meta.verbose_name_plural, Promise), f"{field.model} has no translated name"
            verbose = next(f for f in model._meta.concrete_fields if f.column == field.column).verbose_name
            assert isinstance(verbose, Promise), f"{field.model}.{field.column} has no translated name"


def test_second_persons_of_shared_tables_are_persons() -> None:
    shared = {
        model._meta.label: [follow(model, path)._meta.label for path in about_person(model).shared_with]
        for model in models_about_person() if about_person(model).shared_with
    }
    assert shared == {
        "people.Consent": [PERSON], "people.Guardianship": [PERSON], "people.Invitation": [PERSON],
        "people.MatchCandidate": [PERSON], "people.Merge": [PERSON],
        "careers.Question": [PERSON], "careers.QuestionTurn": [PERSON], "summerjobs.GuardianWord": [PERSON],
    }


def test_wrong_way_to_a_second_person_is_found() -> None:
    model = throw_away(
        privacy=AboutPerson(path="person", impersonal=("id", "person", "place"), shared_with=("place", "friend")),
        person=models.ForeignKey(Person, models.PROTECT, related_name="+"),
        place=models.ForeignKey(Organisation, models.PROTECT, related_name="+"),
    )
    assert problems([model]) == [
        "people.ThrowAway: path 'place' leads to people.Organisation, not to people.Person",
        "people.ThrowAway: path 'friend' has no foreign key 'friend' in people.ThrowAway",
    ]


def test_texts_that_erasure_keeps_are_codes_only() -> None:
    """A free text that outlives the person could name the person; whoever adds one here has looked at it."""
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in models_about_person()
        for field, declaration in personal_fields(model)
        if declaration.on_erasure is OnErasure.KEEP
        and isinstance(field, models.CharField | models.TextField)
        and not field.choices
    }
    assert kept == {
        "people.Person.language",  # a language code
        "people.Person.country",  # a country code
        "people.Person.place",  # a key of the rulebook of territories
        "people.Account.language",
        "people.Consent.purpose",  # a key of the rulebook of consents
        "people.Consent.text_version",  # the id of its version
        "people.Consent.text",  # the words shown to everybody
        "careers.Destination.field_code",  # a code of ISCED-F
        "summerjobs.Application.residence",  # a key of the rulebook of territories
        "summerjobs.GuardianWord.text",  # the words shown to everybody
        "summerjobs.PaidWage.month",
        "summerjobs.ClaimLine.month",
    }
