"""A demo is there whole or not at all; its people cannot be mistaken for one another; its story has no unknown words."""

from dataclasses import replace
from datetime import date
from itertools import islice

import pytest
from django.core.files.storage import default_storage

from microcities.access.answers import RefusedError
from microcities.demo import building, story
from microcities.demo.files import LAYOUTS, list_file
from microcities.demo.names import Crowd, SyntheticPerson, synthetic_people
from microcities.participation.lists.reading import open_list
from microcities.people.models import Account, Organisation
from microcities.people.models.organisations import OrganisationKind
from microcities.programme.models import Programme
from microcities.trail.models import Action

BORN = {"youngest_on": date(2006, 6, 3), "oldest_on": date(1999, 6, 4)}


@pytest.mark.django_db
def test_demo_that_cannot_be_told_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a list names an employer that nobody has added, so it is refused and nothing of the demo stays."""
    told = story.read_story()
    camp = next(each for each in told.activities if each.code == "valmiera-camp-2019")
    wrong = replace(camp, layout="city", hosts=1, project_hosts=1)
    monkeypatch.setattr(
        building, "read_story",
        lambda: replace(told, activities=[wrong], hosts=[("SIA „Nezināmā”", "company")], host_city="valmiera"),
    )
    monkeypatch.setattr("microcities.demo.bringing.Bringer._host", lambda *_: "SIA „Cita”")
    before = _lists()
    with pytest.raises(RefusedError):
        building.build_demo()
    assert (Programme.objects.count(), Organisation.objects.count(), Account.objects.count()) == (0, 0, 0)
    assert not Action.objects.filter(verb="demo.build").exists()
    assert _lists() == before


def _lists() -> list[str]:
    """Files of lists that are kept, of whichever test."""
    return sorted(default_storage.listdir("lists")[1]) if default_storage.exists("lists") else []


def test_same_seed_gives_the_same_people() -> None:
    first, second = (list(islice(synthetic_people(7, **BORN), 50)) for _ in range(2))
    assert first == second
    assert first != list(islice(synthetic_people(8, **BORN), 50))
    assert all(BORN["oldest_on"] <= person.birth_on <= BORN["youngest_on"] for person in first)


def test_nobody_of_a_crowd_is_like_somebody_of_the_same_name() -> None:
    crowd = Crowd()
    liga = SyntheticPerson("Līga", "Bērziņa", "female", date(2004, 3, 12), "liga@example.org")
    assert crowd.add(liga)
    assert not crowd.add(replace(liga, birth_on=date(2004, 12, 3)))  # day and month changed places
    assert not crowd.add(replace(liga, birth_on=date(2004, 3, 13)))  # one figure differs
    assert crowd.add(replace(liga, birth_on=date(2001, 7, 30)))
    drawn = crowd.draw(7, 300, **BORN)
    assert len({(person.given_name, person.family_name, person.birth_on) for person in drawn}) == 300
    assert len({person.email for person in drawn}) == 300


@pytest.mark.parametrize("name", ["saraksts.csv", "saraksts.xlsx"])
@pytest.mark.parametrize("layout", [key for key in LAYOUTS if key != "unclear"])
def test_files_are_read_as_they_were_meant(name: str, layout: str) -> None:
    person = SyntheticPerson("Ņina", "Ģēģere", "female", date(2004, 3, 12), "nina@example.org")
    columns = LAYOUTS[layout]
    file = list_file(name, layout, [{**vars(person), "hours": 60, "started_on": date(2019, 6, 3)}])
    sheet = open_list(file.file)
    assert sheet.header == list(columns)
    (number, cells), = sheet.rows
    assert number == 2
    whole = "Ņina Ģēģere" in cells
    assert whole or {"Ņina", "Ģēģere"} <= set(cells)


def test_story_refuses_a_word_it_does_not_know(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    text = story.DATA.read_text(encoding="utf-8")
    path = tmp_path / "nextgen.toml"  # type: ignore[operator]
    path.write_text(text.replace("paid_twice = 12", "payed_twice = 12"), encoding="utf-8")
    monkeypatch.setattr(story, "DATA", path)
    with pytest.raises(ValueError, match="payed_twice"):
        story.read_story()


def test_story_names_accounts_partners_and_hosts_that_exist() -> None:
    told = story.read_story()
    emails = {entry["email"] for entry in told.accounts}
    partners = {entry["key"] for entry in told.partners}
    assert {each.reporter for each in told.activities} <= emails
    assert {entry["partner"] for entry in told.accounts} | {each.partner for each in told.activities} <= partners
    assert {kind for _name, kind in told.hosts} <= set(OrganisationKind.values)
    assert len({name for name, _kind in told.hosts}) == 40
