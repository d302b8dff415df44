"""Pages of organisations: who reaches them, what is found and exported, and that nothing typed is lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client

from microcities.people.actions.organisations import record_ownership
from microcities.people.models import Organisation, Ownership
from microcities.programme.search import search
from microcities.trail.models import Action
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db
LIST, NEW = "/en/organisations/", "/en/organisations/new/"
NO_DAY = ("employees_on_day", "employees_on_month", "employees_on_year")
TYPED = {
    "name": "SIA „Jaunā”", "name_en": "New Ltd", "kind": "company", "registration_number": "90000051970", "country": "lv",
    "economic_code": "62.01", "place": "Jēkabpils", "employees": "9", "employees_on_day": "2",
    "employees_on_month": "1", "employees_on_year": "2019", "email": "birojs@example.org", "website": "example.org",
}


def text(response: HttpResponse) -> str:
    streamed = getattr(response, "streaming_content", None)
    return (b"".join(streamed) if streamed is not None else response.content).decode()


@pytest.fixture
def firm(world: World) -> Organisation:
    return factories.make_organisation(
        "SIA „Trīs vadi”", kind="company", employees=34, employees_on=date(2019, 1, 2), place="valmiera",
        website="https://vadi.example.org/", name_en="Three Wires",
    )


def address(organisation: Organisation, more: str = "") -> str:
    return f"/en/organisations/{organisation.public_id}/{more}"


@pytest.mark.parametrize(
    ("account", "sees", "adds"),
    [("valda", True, True), ("ventis", True, True), ("marta", True, True), ("aija", True, False), ("dace", True, False)],
)
def test_list_offers_to_add_to_whoever_may(client: Client, world: World, account: str, sees: bool, adds: bool) -> None:
    client.force_login(world.everybody()[account])
    page = text(client.get(LIST))
    assert ("Valmieras Attīstības aģentūra" in page) == sees
    assert (f'href="{NEW}"' in page) == adds
    assert client.get(NEW).status_code == (200 if adds else 403)
    assert f'href="{LIST}"' in text(client.get("/en/"))


@pytest.mark.parametrize("account", ["otto", "svens", "pupil"])
def test_pages_are_closed_to_others(client: Client, world: World, firm: Organisation, account: str) -> None:
    client.force_login(world.everybody()[account])
    for path in (LIST, NEW, address(firm), address(firm, "change/"), address(firm, "owners/new/")):
        assert client.get(path).status_code == 403, path
    assert f'href="{LIST}"' not in text(client.get("/en/"))


def test_list_is_filtered_sorted_and_exported(client: Client, world: World, firm: Organisation) -> None:
    client.force_login(world.ventis)
    factories.make_organisation("Jēkabpils skola", kind="school", place="jekabpils")
    for wanted in ({"name": "tris"}, {"name": "wires"}, {"kind": "company"}, {"place": "Valmiera"}):
        page = text(client.get(LIST, wanted))
        assert ("Trīs vadi" in page, "Jēkabpils skola" in page) == (True, False), wanted
    page = text(client.get(LIST, {"place": "jēkabpils"}))
    assert ("Trīs vadi" in page, "Jēkabpils</td>" in page) == (False, True)
    csv = text(client.get(LIST, {"format": "csv", "sort": "-size"}))
    line = next(line for line in csv.splitlines() if "vadi" in line)
    assert [part in line for part in ("Small", "Valmiera", "34", "2019-01-02", "https://vadi.example.org/")] == [True] * 5


def test_page_says_the_size_by_its_rule_and_the_day_of_counting(client: Client, world: World, firm: Organisation) -> None:
    client.force_login(world.valda)
    page = text(client.get(address(firm)))
    assert "Small" in page
    assert "counted on 2 January 2019" in page
    assert "/en/rules/people.size_classes/#people-size_classes-eu-2005" in page
    Organisation.objects.filter(pk=firm.pk).update(employees_on=date(2004, 12, 31))
    assert "Small" not in text(client.get(address(firm)))


@pytest.mark.parametrize(
    ("account", "changes", "history"),
    [("valda", True, False), ("ventis", False, False), ("marta", True, True), ("aija", False, True)],
)
def test_page_offers_what_the_reader_may(
    client: Client, world: World, account: str, changes: bool, history: bool
) -> None:
    found = world.valmiera_partner
    client.force_login(world.everybody()[account])
    page = text(client.get(address(found)))
    assert (f'href="{address(found, "change/")}"' in page) == changes
    assert (f'href="{address(found, "owners/new/")}"' in page) == changes
    assert (f'href="/en/trail/people_organisation/{found.pk}/"' in page) == history
    assert client.get(address(found, "change/")).status_code == (200 if changes else 403)
    assert client.get(f"/en/trail/people_organisation/{found.pk}/").status_code == (200 if history else 403)
    if not changes:
        client.post(address(found, "change/"), {**TYPED, "reason": "x"})
        found.refresh_from_db()
        assert found.name == "Valmieras Attīstības aģentūra"


def test_organisation_is_added_as_typed(client: Client, world: World) -> None:
    client.force_login(world.valda)
    answer = client.post(NEW, TYPED)
    made = Organisation.objects.get(name="SIA „Jaunā”")
    assert (answer.status_code, answer["Location"]) == (302, address(made))
    assert (made.country, made.place, made.employees, made.employees_on, made.website) == (
        "LV", "jekabpils", 9, date(2019, 1, 2), "https://example.org"
    )
    page = text(client.get(address(made)))
    assert "Jēkabpils" in page
    assert "Micro" in page


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"registration_number": "90000051971"}, "registration_number", "not a Latvian registration number"),
        ({"registration_number": "161175-19997"}, "registration_number", "This is a personal code"),
        ({"registration_number": "40003032949"}, "registration_number", "registration number is known already"),
        ({"economic_code": "62,01"}, "economic_code", "A NACE code is two digits"),
        ({"country": "XX"}, "country", "no country of these letters"),
        ({"employees": ""}, "employees", "Give the number of employees"),
        ({"employees": "-1"}, "employees", "too small"),
        (dict.fromkeys(NO_DAY, ""), "employees_on_0", "Give the day on which"),
        ({"employees_on_year": "2099"}, "employees_on_0", "or earlier"),
        ({"email": "birojs"}, "email", "email address"),
        ({"website": "ftp//x y"}, "website", "URL"),
        ({"kind": ""}, "kind", "has no answer"),
    ],
)
def test_wrong_input_is_named_at_its_field_and_nothing_typed_is_lost(
    client: Client, world: World, wrong: dict[str, str], field: str, said: str
) -> None:
    factories.make_organisation("SIA „Otra”", kind="company", registration_number="40003032949")
    client.force_login(world.valda)
    typed = {**TYPED, **wrong}
    answer = client.post(NEW, typed)
    page = text(answer)
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in page
    assert said in page
    assert 'value="SIA „Jaunā”"' in page
    assert 'value="birojs@example.org"' in page or "email" in wrong
    assert Organisation.objects.filter(name="SIA „Jaunā”").exists() is False


def test_known_name_is_refused_on_top(client: Client, world: World, firm: Organisation) -> None:
    client.force_login(world.valda)
    answer = client.post(NEW, {**TYPED, "name": firm.name.lower(), "registration_number": ""})
    assert answer.status_code == 422
    assert "is known already. If this is another one" in text(answer)
    assert 'value="New Ltd"' in text(answer)


def test_change_shows_what_is_there_and_keeps_the_reason(client: Client, world: World, firm: Organisation) -> None:
    client.force_login(world.ventis)
    page = text(client.get(address(firm, "change/")))
    assert ['value="Valmiera"' in page, 'value="34"' in page, 'value="Three Wires"' in page] == [True] * 3
    assert client.post(address(firm, "change/"), TYPED).status_code == 422
    client.post(address(firm, "change/"), {**TYPED, "reason": "Jauns nosaukums"})
    firm.refresh_from_db()
    assert (firm.name, firm.employees) == ("SIA „Jaunā”", 9)
    assert Action.objects.get(verb="people.change_organisation").reason == "Jauns nosaukums"


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def test_owner_is_recorded_shown_on_both_pages_and_ended(client: Client, world: World, firm: Organisation) -> None:
    owner = factories.make_organisation("SIA „Īpašnieks”", kind="company")
    client.force_login(world.marta)
    form = text(client.get(address(firm, "owners/new/")))
    assert (f'value="{owner.pk}"' in form, f'value="{firm.pk}"' in form) == (True, False)
    typed = {"owner": owner.pk, "share_percent": "66.67", **day("valid_from", date(2019, 3, 1))}
    assert client.post(address(firm, "owners/new/"), typed)["Location"] == address(firm)
    ownership = Ownership.objects.get()
    page = text(client.get(address(firm)))
    assert ("66.67" in page, f"/en/organisations/ownerships/{ownership.pk}/end/" in page) == (True, True)
    assert f'href="/en/trail/people_ownership/{ownership.pk}/"' in page
    assert client.get(f"/en/trail/people_ownership/{ownership.pk}/").status_code == 200
    assert "Trīs vadi" in text(client.get(address(owner)))
    assert "66.67" in text(client.get(address(owner), {"owned-format": "csv"}))
    end = f"/en/organisations/ownerships/{ownership.pk}/end/"
    assert "End the share of SIA „Īpašnieks”" in text(client.get(end))
    early = client.post(end, {**day("valid_to", date(2019, 2, 28)), "reason": "Pārdots"})
    assert (early.status_code, "began later" in text(early)) == (422, True)
    assert client.post(end, {**day("valid_to", date(2019, 4, 1)), "reason": "Pārdots"}).status_code == 302
    ownership.refresh_from_db()
    assert ownership.valid_to == date(2019, 4, 1)
    assert end not in text(client.get(address(firm)))


def test_owner_that_cannot_be_is_named_with_all_that_was_typed(client: Client, world: World, firm: Organisation) -> None:
    owner = factories.make_organisation("SIA „Īpašnieks”", kind="company")
    client.force_login(world.valda)
    record_ownership(
        actor=world.valda, owner=owner, owned=firm, share_percent=Decimal(60), valid_from=date(2019, 1, 1)
    )
    typed = {"owner": owner.pk, "share_percent": "10", **day("valid_from", date(2019, 3, 1))}
    again = client.post(address(firm, "owners/new/"), typed)
    assert (again.status_code, 'href="#id_owner"' in text(again)) == (422, True)
    other = factories.make_organisation("SIA „Cita”", kind="company")
    much = client.post(address(firm, "owners/new/"), {**typed, "owner": other.pk, "share_percent": "40.01"})
    assert (much.status_code, "more than 100 % on some day" in text(much)) == (422, True)
    assert f'<option value="{other.pk}" selected>' in text(much)
    assert 'value="40.01"' in text(much)
    assert Ownership.objects.count() == 1


def test_other_partner_ends_no_share_of_an_organisation_with_staff(client: Client, world: World, firm: Organisation) -> None:
    ownership = record_ownership(
        actor=world.valda, owner=firm, owned=world.valmiera_partner, share_percent=Decimal(5), valid_from=date(2019, 1, 1)
    )
    client.force_login(world.ventis)
    path = f"/en/organisations/ownerships/{ownership.pk}/end/"
    assert client.get(path).status_code == 403
    assert client.post(path, {**day("valid_to", date(2019, 2, 1)), "reason": "x"}).status_code == 403


def test_pages_ask_the_database_little(
    client: Client, world: World, firm: Organisation, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        owner = factories.make_organisation(f"SIA „Nr. {number}”", kind="company", employees=1, employees_on=date(2019, 1, 1))
        Ownership.objects.create(owner=owner, owned=firm, share_percent=1, valid_from=date(2019, 1, 1))
    client.force_login(world.valda)
    for path, most in ((LIST, 9), (address(firm), 14)):
        client.get(path)
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("account", "to_page"), [("valda", True), ("aija", True), ("svens", False), ("pupil", False)]
)
def test_search_leads_staff_to_the_page_and_others_to_the_website(
    world: World, firm: Organisation, account: str, to_page: bool
) -> None:
    groups = search(world.everybody()[account], "tris vadi")
    (found,) = [each for group in groups if group.key == "people.organisations" for each in group.found]
    assert (str(firm.public_id) in found.href) == to_page
    assert (found.href == "https://vadi.example.org/") == (not to_page)


def test_sign_in_has_nothing_between_address_and_password(client: Client) -> None:
    page = text(client.get("/en/accounts/login/"))
    places = [page.index(part) for part in ('name="login"', 'name="password"', 'href="/en/accounts/password/reset/"')]
    assert places == sorted(places)
    assert page.index("</form>", places[1]) < places[2]
    assert page.count('href="/en/accounts/password/reset/"') == 1
