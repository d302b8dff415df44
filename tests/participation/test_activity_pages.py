"""Pages on which partners keep activities: who may, what is made of a name, and that no recorded start is left outside."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client

from microcities.access.answers import RefusedError
from microcities.participation.actions.activities import add_activity, change_activity, free_code
from microcities.participation.models import Activity, Participation
from microcities.trail.models import Action
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db
LIST, NEW = "/en/activities/", "/en/activities/new/"
NAMES = {"name": "Šķēršļu žņaugs", "name_en": "Obstacles", "source_url": "https://example.org/kurss"}


def text(response: HttpResponse) -> str:
    return response.content.decode()


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def typed(world: World, **fields: Any) -> dict[str, Any]:
    return {
        **NAMES, "organisation": world.valmiera_partner.pk, "city": world.valmiera.pk, "kind": "reskilling",
        **day("starts_on", date(2020, 2, 3)), **day("ends_on", date(2020, 5, 29)), **fields,
    }


@pytest.mark.parametrize(
    ("account", "adds", "changes"),
    [("marta", True, True), ("valda", True, True), ("ventis", True, False), ("aija", False, False), ("svens", False, False),
     ("pupil", False, False), ("", False, False)],
)
def test_buttons_stand_for_whoever_may(client: Client, world: World, account: str, adds: bool, changes: bool) -> None:
    change = f"{LIST}summer-2019/change/"
    if account:
        client.force_login(world.everybody()[account])
    assert (f'href="{NEW}"' in text(client.get(LIST))) == adds
    assert (f'href="{change}"' in text(client.get(f"{LIST}summer-2019/"))) == changes
    assert client.get(NEW).status_code == (200 if adds else 403 if account else 302)
    assert client.get(change).status_code == (200 if changes else 403 if account else 302)


def test_activity_is_added_with_a_code_from_its_name(client: Client, world: World) -> None:
    client.force_login(world.valda)
    answer = client.post(NEW, typed(world))
    made = Activity.objects.get(name="Šķēršļu žņaugs")
    assert (answer.status_code, answer["Location"]) == (302, "/en/activities/skerslu-znaugs/")
    assert (made.organisation, made.city, made.programme) == (world.valmiera_partner, world.valmiera, world.programme)
    assert (made.starts_on, made.ends_on) == (date(2020, 2, 3), date(2020, 5, 29))
    assert client.post(NEW, typed(world))["Location"] == "/en/activities/skerslu-znaugs-2/"


def test_reporter_adds_for_the_own_organisation_only_and_the_manager_for_every_partner(client: Client, world: World) -> None:
    client.force_login(world.ventis)
    page = text(client.get(NEW))
    assert f'<option value="{world.ventspils_partner.pk}" selected>' in page
    assert f'<option value="{world.ventspils.pk}" selected>' in page
    assert "Valmieras Attīstības aģentūra" not in page
    assert client.post(NEW, typed(world)).status_code == 422
    assert not Activity.objects.filter(name="Šķēršļu žņaugs").exists()
    client.force_login(world.marta)
    page = text(client.get(NEW))
    assert ("Valmieras Attīstības aģentūra" in page, "Ventspils Augsto tehnoloģiju parks" in page) == (True, True)
    assert client.post(NEW, typed(world)).status_code == 302


def test_form_offers_partners_and_cities_of_the_programme_alone(client: Client, world: World) -> None:
    factories.make_organisation("SIA „Svešais”", kind="company")
    factories.make_city("cesis", "Cēsis")
    client.force_login(world.marta)
    page = text(client.get(NEW))
    assert ("Svešais" in page, "Cēsis" in page) == (False, False)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"code": "summer-2019"}, "code", "Another activity has this code"),
        ({"code": "new"}, "code", "stands for a page of its own"),
        ({"code": "ar atstarpi"}, "code", "slug"),
        (day("ends_on", date(2020, 2, 2)), "ends_on_0", "The last day comes before the first"),
        (day("starts_on", date(2020, 2, 3)) | {"starts_on_month": "13"}, "starts_on_0", "The month must be a number"),
        ({"kind": ""}, "kind", "has no answer"),
        ({"name": " "}, "name", "is empty"),
        ({"source_url": "nav adreses"}, "source_url", "URL"),
    ],
)
def test_wrong_input_is_named_at_its_field_and_nothing_typed_is_lost(
    client: Client, world: World, wrong: dict[str, str], field: str, said: str
) -> None:
    client.force_login(world.valda)
    answer = client.post(NEW, typed(world, **wrong))
    page = text(answer)
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in page
    assert said in page
    assert ('value="Obstacles"' in page, f'<option value="{world.valmiera.pk}" selected>' in page) == (True, True)
    assert Activity.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Pļavas un ķirši: āčgārni ēģi, īņāšana žūļiem", "plavas-un-kirsi-acgarni-egi-inasana-zuliem"),
        ("summer 2019", "summer-2019-2"),
        ("New", "new-2"),
        ("Лето", "career-support"),
        ("ā" * 80, "a" * 50),
    ],
)
def test_code_is_made_of_the_letters_without_marks_and_free(world: World, name: str, code: str) -> None:
    assert free_code(name, "career_support") == code


@pytest.mark.parametrize(
    ("account", "may"),
    [("valda", True), ("marta", True), ("ventis", False), ("aija", False), ("dace", False), ("otto", False),
     ("svens", False), ("pupil", False)],
)
def test_activity_is_changed_by_its_partner_and_the_manager(world: World, account: str, may: bool) -> None:
    actor = world.everybody()[account]
    if not may:
        with pytest.raises(RefusedError):
            change_activity(actor=actor, activity=world.summer, reason="x", name="Cits nosaukums")
        world.summer.refresh_from_db()
        assert world.summer.name == "Vasaras nodarbinātības programma"
        return
    changed = change_activity(actor=actor, activity=world.summer, reason="Kļūda", name="Cits nosaukums")
    assert (changed.name, changed.name_en) == ("Cits nosaukums", "Summer employment programme")
    line = Action.objects.get(verb="participation.change_activity")
    assert (line.actor_id, line.reason) == (actor.pk, "Kļūda")


def test_what_results_are_counted_by_does_not_change(world: World) -> None:
    with pytest.raises(TypeError, match="kind"):
        change_activity(actor=world.marta, activity=world.summer, reason="x", kind="reskilling")


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"starts_on": date(2019, 6, 4)}, "starts_on"),
        ({"ends_on": date(2019, 7, 14)}, "ends_on"),
        ({"ends_on": date(2019, 6, 2)}, "ends_on"),  # before the activity's own start
        ({"starts_on": date(2019, 6, 3), "ends_on": date(2019, 7, 15)}, ""),
        ({"starts_on": date(2019, 5, 1), "ends_on": date(2019, 12, 31)}, ""),
    ],
)
def test_dates_hold_all_recorded_starts(world: World, dates: dict[str, date], field: str) -> None:
    factories.take_part(world.summer, world.peteris, started_on=date(2019, 6, 3))
    factories.take_part(world.summer, world.zane, started_on=date(2019, 7, 15))
    rejected = factories.take_part(world.summer, factories.make_person("Anna", "Kalna"), started_on=date(2019, 8, 20))
    Participation.objects.filter(pk=rejected.pk).update(
        verification="rejected", verified_by_id=world.marta.pk, verified_at="2019-09-01T00:00Z"
    )
    if field:
        with pytest.raises(ValidationError) as refused:
            change_activity(actor=world.valda, activity=world.summer, reason="x", **dates)
        assert set(refused.value.error_dict) == {field}
        world.summer.refresh_from_db()
        assert (world.summer.starts_on, world.summer.ends_on) == (date(2019, 6, 3), date(2019, 8, 26))
        return
    changed = change_activity(actor=world.valda, activity=world.summer, reason="x", **dates)
    assert {name: getattr(changed, name) for name in dates} == dates


def test_change_page_says_which_start_would_lie_outside(client: Client, world: World) -> None:
    factories.take_part(world.summer, world.peteris, started_on=date(2019, 7, 15))
    client.force_login(world.valda)
    page = text(client.get(f"{LIST}summer-2019/change/"))
    assert ('value="Summer employment programme"' in page, 'value="2019"' in page) == (True, True)
    dates = {**day("starts_on", date(2019, 6, 3)), **day("ends_on", date(2019, 7, 14))}
    answer = client.post(f"{LIST}summer-2019/change/", {**NAMES, **dates, "reason": "Beidzās agrāk"})
    assert (answer.status_code, 'href="#id_ends_on_0"' in text(answer)) == (422, True)
    assert "Somebody started on 15 July 2019 by the records." in text(answer)
    assert 'value="Beidzās agrāk"' in text(answer)
    dates |= day("ends_on", date(2019, 7, 15))
    answer = client.post(f"{LIST}summer-2019/change/", {**NAMES, **dates, "reason": "Beidzās agrāk"})
    assert answer["Location"] == "/en/activities/summer-2019/"
    world.summer.refresh_from_db()
    assert (world.summer.name, world.summer.ends_on) == ("Šķēršļu žņaugs", date(2019, 7, 15))


def test_history_of_an_activity_is_for_those_who_see_the_trail(client: Client, world: World) -> None:
    change_activity(actor=world.valda, activity=world.summer, reason="Kļūda", name="Cits nosaukums")
    path = f"/en/trail/participation_activity/{world.summer.pk}/"
    for account, may in (("marta", True), ("aija", True), ("valda", False), ("svens", False)):
        client.force_login(world.everybody()[account])
        assert (f'href="{path}"' in text(client.get(f"{LIST}summer-2019/"))) == may
        answer = client.get(path)
        assert answer.status_code == (200 if may else 403)
        assert ("Cits nosaukums" in text(answer), "Kļūda" in text(answer)) == (may, may)


def test_forms_ask_the_database_little(client: Client, world: World, django_assert_max_num_queries: object) -> None:
    for number in range(12):
        organisation = factories.make_organisation(f"Partneris {number}")
        factories.make_partner(world.programme, organisation, world.valmiera)
    client.force_login(world.marta)
    for path, most in ((NEW, 12), (f"{LIST}summer-2019/change/", 8)):
        client.get(path)
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            assert client.get(path).status_code == 200


def test_added_activity_stands_in_the_trail_with_its_code(world: World) -> None:
    made = add_activity(
        actor=world.valda, programme=world.programme, organisation=world.valmiera_partner, city=world.valmiera,
        kind="career_support", name="Ēnu diena", starts_on=date(2020, 2, 12), ends_on=date(2020, 2, 12),
    )
    assert made.code == "enu-diena"
    assert Action.objects.get(verb="participation.add_activity").actor_id == world.valda.pk
