"""The public pages of rules and their JSON twins, in both languages."""

import json
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from microcities.rulebooks.registry import registry, rule, rules_in_force

pytestmark = pytest.mark.django_db


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_rule_list_shows_the_rules_of_the_chosen_day(client: Client) -> None:
    before = text(client.get("/en/rules/", {"on": "2021-06-30"}))
    after = text(client.get("/en/rules/", {"on": "2021-07-01"}))
    # Cells of the tables: the choice of territories names every code that any rule has.
    assert 'role="cell">0250000<' in before
    assert 'role="cell">LV0054010<' not in before
    assert 'role="cell">LV0054010<' in after
    assert 'role="cell">0250000<' not in after
    assert "Personal Data Processing Law" in after
    assert "to be confirmed" in after


def test_rule_list_shows_today_without_a_date(client: Client) -> None:
    shown = text(client.get("/en/rules/"))
    assert "LV00C" in shown
    assert "LV008" not in shown


def test_rule_list_speaks_latvian_at_the_root(client: Client) -> None:
    shown = text(client.get("/rules/", {"on": "2024-01-01"}))
    assert 'lang="lv"' in shown
    assert "Bērna paša piekrišana" in shown
    assert "Vecums, no kura bērns pats dod piekrišanu" in shown
    assert "Fizisko personu datu apstrādes likums, 33. pants" in shown
    assert "A child" not in shown


def test_rule_list_of_a_territory_takes_the_nearest_version(client: Client) -> None:
    shown = client.get("/en/rules/index.json", {"on": "2024-01-01", "territory": "LV"}).json()
    versions = {found["topic"]: found["version"] for found in shown["rules"]}
    assert versions["privacy.child_consent"] == "lv-2018"
    assert len(versions) == len(shown["rules"])
    wider = client.get("/en/rules/index.json", {"on": "2024-01-01", "territory": "EU"}).json()
    assert {found["topic"]: found["version"] for found in wider["rules"]}[
        "privacy.child_consent"
    ] == "eu-2018"


@pytest.mark.parametrize("question", [{"on": "yesterday"}, {"on": "2021-02-30"}, {"territory": "XX"}])
def test_rule_list_keeps_what_was_typed_and_says_what_is_wrong(
    client: Client, question: dict[str, str]
) -> None:
    response = client.get("/en/rules/", question)
    shown = text(response)
    assert response.status_code == 400
    assert "There is a problem" in shown
    assert question.get("on", "") in shown
    assert "Rules in force" in shown
    data = client.get("/en/rules/index.json", question)
    assert (data.status_code, data["Content-Type"]) == (400, "application/problem+json")
    assert list(data.json()["errors"]) == list(question)


def test_rule_list_before_every_rule_says_what_to_do(client: Client) -> None:
    response = client.get("/en/rules/", {"on": "1990-01-01"})
    assert response.status_code == 200
    assert "No rule is in force on that day" in text(response)
    assert client.get("/en/rules/index.json", {"on": "1990-01-01"}).json() == {
        "on": "1990-01-01",
        "rules": [],
    }


def test_rule_list_data_is_the_twin_of_the_rules(client: Client) -> None:
    shown = client.get("/rules/index.json", {"on": "2020-01-01", "territory": "LV"}).json()
    found = rule("results.disclosure", on=date(2020, 1, 1), territory="LV")
    (twin,) = [each for each in shown["rules"] if each["topic"] == "results.disclosure"]
    assert twin == found.as_data()
    assert twin["digest"] == found.digest
    assert twin["values"]["dominance_share"] == "0.85"


def test_topic_page_shows_all_versions_and_what_changed(client: Client) -> None:
    shown = text(client.get("/en/rules/programme.territories/"))
    assert shown.index("Five statistical regions instead of six") < shown.index("After the municipal reform")
    assert shown.index("After the municipal reform") < shown.index("Until the reform of 2021")
    assert "What changed against the version before" in shown
    assert shown.count("<h1") == 1
    data = client.get("/en/rules/programme.territories.json").json()
    assert [version["version"] for version in data["versions"]] == ["lv-2009", "lv-2021", "lv-2024"]


def test_topic_page_of_an_unknown_topic_is_not_found(client: Client) -> None:
    assert client.get("/en/rules/privacy.nothing/").status_code == 404
    assert client.get("/en/rules/privacy.nothing.json").status_code == 404


@pytest.mark.parametrize("address", ["/rules/", "/rules/index.json", "/rules/privacy.retention/"])
def test_rule_pages_refuse_to_be_written_to(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_topic_has_a_page_in_each_language(client: Client, language: str) -> None:
    prefix = "" if language == "lv" else "/en"
    for name in registry().topics:
        response = client.get(f"{prefix}/rules/{name}/")
        assert response.status_code == 200, name
        assert " style=" not in text(response)
        assert f'lang="{language}"' in text(response)


def test_rule_data_is_the_same_json_in_both_languages(client: Client) -> None:
    latvian = json.loads(client.get("/rules/results.sampling.json").content)
    english = json.loads(client.get("/en/rules/results.sampling.json").content)
    assert latvian == english


def test_rule_list_says_whose_rules_are_followed_and_how_many_are_open(client: Client) -> None:
    shown = text(client.get("/en/rules/", {"on": "2024-01-01", "territory": "LV"}))
    assert "This installation follows the rules of: Latvia." in shown
    assert 'href="?on=2024-01-01&amp;territory=LV"' in shown
    waiting = [rule for rule in rules_in_force(date(2024, 1, 1), "LV") if not rule.confirmed]
    assert f"{len(waiting)} of these rules have not been checked against their sources in full" in shown
    assert shown.count("To be confirmed:") == len(waiting) > 1
    with override_settings(TERRITORY="EE"):
        address = client.get("/en/rules/", {"territory": "EE"})
    assert address.status_code == 200
    assert "This installation follows the rules of: EE." in text(address)


@pytest.mark.django_db
@pytest.mark.parametrize(("prefix", "words"), [("", "Šai lapai trūkst noteikuma"), ("/en", "A rule is missing for this page")])
def test_page_that_rests_on_a_rule_of_another_country_says_so(client: Client, prefix: str, words: str) -> None:
    with override_settings(TERRITORY="EE"):
        answer = client.get(f"{prefix}/careers/studies/paths/")
    assert answer.status_code == 501
    assert words in answer.content.decode()
