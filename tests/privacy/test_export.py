"""A person gets everything that is declared for the export, nothing of anybody else, as data and on paper."""

import io
import json

import pikepdf
import pytest
from django.utils.translation import override

from microcities.people.models import Person
from microcities.privacy.documents import export_pdf
from microcities.privacy.export import FORMAT, export_json, export_person
from microcities.privacy.outside import OUTSIDE
from microcities.privacy.walk import declared_fields
from microcities.trail.context import change
from microcities.trail.models import Look
from tests import factories
from tests.privacy.planted import TOKEN, plant_account, plant_everywhere, plant_person
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(world: World) -> Person:
    found = plant_person()
    factories.make_person("Juris", "Vanags", email="juris@example.org", phone="+371 20000000")
    factories.give_role(plant_account(found), world.valmiera_partner, "career_counsellor")
    factories.take_part(world.summer, found, world.erdf, hours=40)
    plant_everywhere(found)
    return found


def test_every_field_declared_for_the_export_shows_up(person: Person) -> None:
    export = export_person(person)
    shown = {
        f"{table['table']}.{field['name']}"
        for table in export["records"]
        for row in table["rows"]
        for field in row["fields"]
    }
    wanted = {
        f"{field.model}.{field.column.removesuffix('_id') if field.model in OUTSIDE else field.column}"
        for field in declared_fields()
        if field.declaration.in_export and (field.model not in OUTSIDE or OUTSIDE[field.model].account)
    }
    assert shown == wanted


def test_every_planted_text_that_may_be_exported_is_in_the_file(person: Person) -> None:
    text = export_json(person).decode()
    assert f'"value": "{person.given_name}"' in text
    assert person.email in text
    assert person.account.email in text
    assert bytes(person.code_hash).hex() not in text
    assert person.account.password not in text
    data = json.loads(text)
    assert (data["format"], data["person"], data["name"]) == (FORMAT, str(person.public_id), person.name)


def test_nothing_of_another_person_is_in_the_file(person: Person) -> None:
    text = export_json(person).decode()
    for other in ("Juris", "Vanags", "juris@example.org", "20000000", "Pēteris", "Zane", "zane@example.org"):
        assert other not in text


def test_export_speaks_the_readers_language_and_names_what_the_record_is_about(person: Person) -> None:
    with override("en"):
        export = export_person(person)
    [table] = [each for each in export["records"] if each["table"] == "participation.Participation"]
    [row] = table["rows"]
    assert {"label": "activity", "words": "Summer employment programme"} in row["context"]
    [hours] = [field for field in row["fields"] if field["name"] == "hours"]
    assert (hours["label"], hours["value"], hours["kept"]) == (
        "hours",
        "40.00",
        "as long as the papers of the programme",
    )


def test_history_says_what_changed_and_in_which_role_somebody_changed_it(world: World, person: Person) -> None:
    former = person.phone
    with change("people.change_contact", actor=world.valda):
        Person.objects.filter(pk=person.pk).update(phone="+371 29999999")
    with override("en"):
        export = export_person(Person.objects.get(pk=person.pk))
    [table] = [each for each in export["records"] if each["table"] == "people.Person"]
    step = table["rows"][0]["history"][0]
    assert step["changes"] == [{"label": "telephone", "before": former, "after": "+371 29999999"}]
    assert step["who"] == "Partner's reporting officer, Valmieras Attīstības aģentūra"
    assert "valda" not in json.dumps(export)


def test_merged_records_and_looks_are_included(world: World, person: Person) -> None:
    absorbed = plant_person()
    Person.objects.filter(pk=absorbed.pk).update(merged_into=person)
    Look.objects.create(person_id=absorbed.pk, actor_id=world.valda.pk, reason="results.evidence", what="record")
    with override("en"):
        export = export_person(person)
    [table] = [each for each in export["records"] if each["table"] == "people.Person"]
    assert [row["fields"][0]["value"] for row in table["rows"]] == [person.given_name, absorbed.given_name]
    assert [look["who"] for look in export["looks"]] == ["Partner's reporting officer, Valmieras Attīstības aģentūra"]


@pytest.mark.parametrize(("language", "title"), [("lv", "lv"), ("en", "en")])
def test_pdf_is_tagged_titled_and_in_the_language_asked_for(person: Person, language: str, title: str) -> None:
    with override(language):
        content = export_pdf(person)
    assert content.startswith(b"%PDF-")
    with pikepdf.open(io.BytesIO(content)) as document:
        assert bool(document.Root.MarkInfo.Marked) is True
        assert str(document.Root.Lang) == title
        assert person.name in str(document.docinfo["/Title"])
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert len(document.pages) >= 1


def test_person_with_next_to_nothing_gets_a_short_export() -> None:
    person = factories.make_person("Anna", "Ozola")
    export = export_person(person)
    assert [table["table"] for table in export["records"]] == ["people.Person"]
    assert export["looks"] == []
    assert TOKEN not in json.dumps(export)
    assert export_pdf(person).startswith(b"%PDF-")
