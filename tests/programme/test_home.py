"""The home page, the pages of audiences and the programme page, in both languages and without a programme."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from microcities.programme.audiences import AUDIENCES
from microcities.programme.models import Programme
from microcities.programme.offers import Offer, offers_by, offers_of, open_on
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_home_asks_all_eight_who_they_are(world: World, client: Client) -> None:
    slugs = ["pupil", "student", "adult", "talent", "employer", "school", "partner", "auditor"]
    assert [audience.slug for audience in AUDIENCES] == slugs
    html = text_of(client, "/en/")
    assert [f'href="/en/for/{slug}/"' in html for slug in slugs] == [True] * 8


def test_home_of_an_ended_programme_shows_the_latest_and_says_nothing_is_open(world: World, client: Client) -> None:
    html = text_of(client, "/en/")
    assert "Nothing is open now" in html
    assert "Summer employment programme" in html
    assert "Retraining course" in html


def test_home_shows_an_activity_of_today_as_open(world: World, client: Client) -> None:
    today = timezone.localdate()
    factories.make_activity(
        world.programme, world.ventspils_partner, world.ventspils, name="Nometne", name_en="Camp of today",
        starts_on=today, ends_on=today,
    )
    html = text_of(client, "/en/")
    assert "Nothing is open now" not in html
    assert "Camp of today" in html
    assert "Retraining course" not in html


def test_home_without_a_programme_says_what_the_operator_does(client: Client) -> None:
    html = text_of(client, "/en/")
    assert "No programme has been set up yet" in html
    assert "microcities init FILE.toml" in html
    assert "co-financed" not in html
    assert "Flag of the European Union" not in html


def test_home_says_how_much_waits_for_who_is_signed_in(world: World, client: Client) -> None:
    client.force_login(world.svens)
    assert "1 thing waits for you" in text_of(client, "/en/")


def test_every_audience_has_a_page_and_no_other(world: World, client: Client) -> None:
    for audience in AUDIENCES:
        html = text_of(client, f"/en/for/{audience.slug}/")
        with override("en"):
            assert str(audience.name) in html
    assert client.get("/en/for/nobody/").status_code == 404


def test_audience_page_shows_only_offers_for_that_audience(world: World, client: Client) -> None:
    html = text_of(client, "/en/for/adult/")
    assert "Retraining course" in html
    assert "Summer employment programme" not in html


def test_programme_page_shows_money_partners_and_source(world: World, client: Client) -> None:
    Programme.objects.update(source_url="https://example.org/source", initiative="Urban Innovative Actions")
    html = text_of(client, "/en/programme/")
    for words in (
        "EUR 6,246,405.15", "EUR 4,997,124.12", "EUR 1,249,281.03",
        "80% of the budget is EUR 4,997,124.12, to the cent what ERDF pays.",
        "1,096 days", "https://example.org/source", "Ventspils Augsto tehnoloģiju parks", "(lead partner)",
    ):
        assert words in html


def test_programme_page_says_when_the_co_financing_is_not_the_rate(world: World, client: Client) -> None:
    Programme.objects.update(co_financing=Decimal("4997124.40"))
    html = text_of(client, "/en/programme/")
    assert "80% of the budget would be EUR 4,997,124.12; the co-financing on record is EUR 4,997,124.40." in html


def test_programme_page_shows_codes_of_then_and_of_today(world: World, client: Client) -> None:
    html = text_of(client, "/en/programme/")
    for code in ("0250000", "LV0054010", "LV008", "LV00C", "0270000", "LV0007000", "LV003", "LV00B"):
        assert f">{code}</td>" in html
    assert "1 July 2021: Since 1 July 2021 a state city inside Valmiera municipality (LV0054000)" in html
    assert "1 January 2024: Five statistical regions instead of six" in html


def test_programme_page_of_a_city_outside_the_rulebook_says_none_on_record(world: World, client: Client) -> None:
    world.programme.cities.add(factories.make_city("elva", "Elva"))
    assert text_of(client, "/en/programme/").count("none on record") == 6


def test_activities_can_be_taken_as_a_file(world: World, client: Client) -> None:
    response = client.get("/en/programme/?format=csv&kind=retraining+for+ICT")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Retraining course" in lines[1]


def test_programme_page_without_a_programme_is_no_error(client: Client) -> None:
    assert "microcities init FILE.toml" in text_of(client, "/programme/")


def test_offers_end_first_on_top_and_ended_are_not_open(world: World) -> None:
    today = timezone.localdate()

    def offer(title: str, first: int, last: int) -> Offer:
        return Offer(title, "", "", "", today + timedelta(first), today + timedelta(last))

    offers = [offer("later", 0, 9), offer("over", -9, -1), offer("sooner", -1, 0), offer("to come", 3, 5)]
    assert [each.title for each in open_on(offers, today)] == ["sooner", "to come", "later"]
    assert offers_of(None) == []
    with pytest.raises(ValueError, match="registered twice"):
        offers_by("participation.activities")(lambda programme: [])


def test_home_asks_the_database_little(world: World, client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get("/en/")
