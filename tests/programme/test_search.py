"""Search finds what the account may see, without diacritics and with a letter wrong, and nothing else."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from microcities.database.finding import find
from microcities.people.models import Account, Organisation, Person
from microcities.people.queries import NAME_KEY
from microcities.programme.search import search
from microcities.trail.models import Look
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db


def found(account: Account | AnonymousUser, text: str, key: str = "people.persons") -> list[str]:
    return [each.title for group in search(account, text) if group.key == key for each in group.found]


@pytest.mark.parametrize(
    "typed",
    [
        "Zane Kļaviņa", "zane klavina", "KĻAVIŅA", "kļav", "klavina zane", "kalvina", "klavinna", "klvina", "lavina",
        "Zanne Klavina",
    ],
)
def test_person_is_found_however_it_is_typed(world: World, typed: str) -> None:
    assert found(world.marta, typed) == ["Zane Kļaviņa"]


def test_beginnings_come_before_slips(world: World) -> None:
    factories.make_person("Žanna", "Ozola")
    factories.make_person("Anna", "Kalna")
    assert found(world.marta, "anna") == ["Anna Kalna"]
    assert found(world.marta, "xanna") == ["Anna Kalna", "Žanna Ozola"]


def test_second_part_of_a_double_name_is_found(world: World) -> None:
    factories.make_person("Ilze", "Liepa-Ozola")
    assert "Ilze Liepa-Ozola" in found(world.marta, "ozola")


@pytest.mark.parametrize(
    ("name", "persons"),
    [
        ("marta", ["Pēteris Ozols", "Zane Kļaviņa"]),
        ("aija", ["Pēteris Ozols", "Zane Kļaviņa"]),
        ("dace", ["Pēteris Ozols", "Zane Kļaviņa"]),
        ("ventis", ["Zane Kļaviņa"]),
        ("valda", ["Pēteris Ozols"]),
        ("otto", []),
        ("svens", []),
        ("pupil", ["Pēteris Ozols"]),
    ],
)
def test_each_account_finds_only_persons_it_may_see(world: World, name: str, persons: list[str]) -> None:
    account = world.everybody()[name]
    assert sorted(found(account, "ozols") + found(account, "klavina")) == persons


def test_stranger_finds_no_person_but_public_things(world: World, client: Client) -> None:
    assert found(AnonymousUser(), "ozols") == []
    assert found(AnonymousUser(), "parks", "people.organisations") == ["Ventspils Augsto tehnoloģiju parks"]
    html = client.get("/en/search/?q=ozols").content.decode()
    assert "Ozols" not in html
    assert "People are found only after signing in" in html


def test_guardian_finds_the_ward(world: World) -> None:
    parent = factories.make_person("Juris", "Ozols", birth_on=date(1980, 1, 1))
    account = factories.make_account("juris@example.org", parent)
    world.peteris.guardianships_as_ward.create(
        guardian=parent, proof="seen", valid_from=date(2020, 1, 1), confirmed_by_id=world.valda.pk
    )
    assert found(account, "ozols") == ["Juris Ozols", "Pēteris Ozols"]


def test_partner_does_not_learn_who_else_knows_a_person(world: World) -> None:
    factories.register(world.zane, world.valmiera_partner)
    [group] = [group for group in search(world.ventis, "klavina") if group.key == "people.persons"]
    assert [each.detail for each in group.found] == ["Ventspils Augsto tehnoloģiju parks"]
    [group] = [group for group in search(world.marta, "klavina") if group.key == "people.persons"]
    assert group.found[0].detail == "Valmieras Attīstības aģentūra, Ventspils Augsto tehnoloģiju parks"


def test_list_of_names_is_no_look_and_shows_name_and_organisation_only(world: World, client: Client) -> None:
    client.force_login(world.valda)
    html = client.get("/en/search/?q=ozols").content.decode()
    assert "Pēteris Ozols" in html
    assert "Valmieras Attīstības aģentūra" in html
    assert str(world.peteris.birth_on.year) not in html.partition("<main")[2].partition("</main")[0]
    assert Look.objects.count() == 0


def test_merged_and_erased_persons_are_not_found(world: World) -> None:
    twin = factories.make_person("Zane", "Kļaviņa")
    Person.objects.filter(pk=twin.pk).update(merged_into=world.zane)
    assert found(world.marta, "klavina") == ["Zane Kļaviņa"]


def test_more_than_a_screen_is_said_to_be_more(world: World, client: Client) -> None:
    for _number in range(22):
        factories.make_person("Jānis", "Bērziņš")
    client.force_login(world.marta)
    html = client.get("/en/search/?q=berzins").content.decode()
    assert html.count("Jānis Bērziņš") == 20
    assert "The first 20 are shown." in html


@pytest.mark.parametrize("typed", ["", " ", "a", "%", "\x00", "'", "a b c"])
def test_too_short_or_odd_words_find_nothing_and_break_nothing(world: World, client: Client, typed: str) -> None:
    client.force_login(world.marta)
    response = client.get("/en/search/", {"q": typed})
    assert response.status_code == 200
    assert "Kļaviņa" not in response.content.decode()


@pytest.mark.parametrize("typed", ["50%", "a_b", "(ozo", "ozo[", "\\w+", "o" * 500, "ozols " * 50, "O'Neil", "*.*"])
def test_signs_of_patterns_stand_for_themselves(world: World, client: Client, typed: str) -> None:
    client.force_login(world.marta)
    assert client.get("/en/search/", {"q": typed}).status_code == 200
    assert found(world.marta, "%%") == []
    assert found(world.marta, "....") == []


def test_organisation_is_found_by_its_number_and_by_its_english_name(world: World) -> None:
    Organisation.objects.filter(pk=world.ventspils_partner.pk).update(
        registration_number="90000051970", name_en="Ventspils High Technology Park"
    )
    assert found(world.marta, "90000051970", "people.organisations") == ["Ventspils Augsto tehnoloģiju parks"]
    assert found(world.marta, "tehcnology", "people.organisations") == ["Ventspils Augsto tehnoloģiju parks"]


def test_activities_and_rules_are_found(world: World) -> None:
    with translation.override("lv"):
        assert found(AnonymousUser(), "course-2019", "participation.activities") == ["Pārkvalifikācijas kurss"]
        assert found(AnonymousUser(), "parkvalifikacijas", "participation.activities") == ["Pārkvalifikācijas kurss"]
        assert found(AnonymousUser(), "territory", "rulebooks.rules") == ["Pilsētu teritoriju kodi"]
    with translation.override("en"):
        assert found(AnonymousUser(), "teritoriju", "rulebooks.rules") == ["Territory codes of cities"]


@pytest.mark.sql
@pytest.mark.parametrize("typed", ["klavina", "zane klavina", "kalvina", "kl"])
def test_search_of_persons_can_stand_on_its_index(world: World, typed: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        find(Person.objects.all(), NAME_KEY, typed, 20, indexed=True)
    searches = [query["sql"] for query in asked if "search_key" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        for search_query in searches:
            cursor.execute(f"EXPLAIN {search_query}".replace("%", "%%"))
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "person_name_slips" in plan if "&&" in search_query else "person_name_search" in plan
    assert len(searches) in {1, 2}
