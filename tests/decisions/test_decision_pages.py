"""Pages of decision files and engines: who gets in, what they show, in both languages, with how many queries."""

import io
import json
import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from microcities.decisions import engine_cli, limited
from microcities.decisions.actions import confirm_run, discard_run
from microcities.decisions.models import DecisionRun, State
from microcities.decisions.worklist import decisions_to_confirm
from microcities.notices.worklist import tasks_for
from microcities.people.models import Account
from microcities.rulebooks.registry import registry
from tests.decisions.runs import FORECAST, record_forecast
from tests.decisions.test_decision_rerun import tamper
from tests.factories import give_role, make_account
from tests.world import World

pytestmark = pytest.mark.django_db

READERS = {"marta", "aija"}


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def text(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def coordinator(world: World, organisation: Any) -> Account:
    account = make_account("coordinator@example.org")
    give_role(account, organisation, "city_coordinator")
    return account


def addresses(run: DecisionRun) -> list[str]:
    """Every GET address of the app."""
    with override("en"):
        return [
            reverse("decisions:list"),
            reverse("decisions:engines"),
            *(reverse(f"decisions:{name}", args=["results.forecast"]) for name in ("engine", "engine-schema")),
            reverse("decisions:engine-trial", args=["results.forecast"]),
            *(reverse(f"decisions:{name}", args=[run.public_id]) for name in ("decision", "again", "download")),
        ]


@pytest.mark.parametrize("name", ["marta", "ventis", "valda", "aija", "dace", "otto", "svens", "pupil"])
def test_every_page_opens_for_managers_and_auditors_only(world: World, name: str) -> None:
    run = record_forecast(world.marta)
    client = signed_in(getattr(world, name))
    expected = 200 if name in READERS else 403
    assert {address: client.get(address).status_code for address in addresses(run)} == dict.fromkeys(
        addresses(run), expected
    )
    trial = client.post(addresses(run)[4], {"input": json.dumps(FORECAST)})
    assert trial.status_code == expected


def test_stranger_is_sent_to_sign_in(client: Client, world: World) -> None:
    for address in addresses(record_forecast(world.marta)):
        assert client.get(address).status_code == 302, address


@pytest.mark.parametrize("name", ["ventis", "valda", "aija", "dace", "otto", "svens", "pupil"])
@pytest.mark.parametrize("verb", ["confirm", "discard"])
def test_only_the_manager_settles(world: World, name: str, verb: str) -> None:
    run = record_forecast(world.marta)
    response = signed_in(getattr(world, name)).post(
        reverse(f"decisions:{verb}", args=[run.public_id]), {"reason": "because"}
    )
    assert response.status_code == 403
    run.refresh_from_db()
    assert run.state == State.PROPOSED


def test_coordinator_sees_the_decisions_of_the_own_organisation_only(world: World) -> None:
    own = record_forecast(world.marta, organisation=world.valmiera_partner, subject_label="Valmiera")
    other = record_forecast(world.marta, organisation=world.ventspils_partner, subject_label="Elsewhere")
    whole = record_forecast(world.marta, subject_label="Everybody")
    client = signed_in(coordinator(world, world.valmiera_partner))
    shown = text(client.get("/en/decisions/"))
    assert ">Valmiera</a>" in shown
    assert "Elsewhere" not in shown
    assert "Everybody" not in shown
    exported = text(client.get("/en/decisions/", {"format": "csv"}))
    assert str(own.public_id) in exported
    assert str(other.public_id) not in exported
    for run, status in ((own, 200), (other, 404), (whole, 404)):
        for page in ("", "again/", "decision.json"):
            assert client.get(f"/en/decisions/{run.public_id}/{page}").status_code == status


@pytest.mark.parametrize("language", ["", "en/"])
def test_pages_render_in_both_languages(world: World, language: str) -> None:
    use = registry().topic("privacy.child_consent").versions[0].use()
    proposed = record_forecast(world.marta, uses=[use])
    confirmed = confirm_run(actor=world.marta, run=record_forecast(world.marta))
    discarded = discard_run(actor=world.marta, run=record_forecast(world.marta), reason="for a test")
    client = signed_in(world.marta)
    for run in (proposed, confirmed, discarded):
        for page in ("", "again/", "decision.json"):
            assert client.get(f"/{language}decisions/{run.public_id}/{page}").status_code == 200
    for page in ("", "engines/", "engines/results.forecast/", "engines/results.forecast/try/"):
        response = client.get(f"/{language}decisions/{page}")
        assert response.status_code == 200
        assert text(response).count("<h1>") == 1
        assert f'lang="{"en" if language else "lv"}"' in text(response)


def test_list_filters_by_engine_state_and_day(world: World) -> None:
    record_forecast(world.marta, subject_label="Waiting")
    confirm_run(actor=world.marta, run=record_forecast(world.marta, subject_label="Settled"))
    client = signed_in(world.aija)
    today = timezone.localdate().isoformat()

    def shown(**params: str) -> tuple[bool, bool]:
        page = text(client.get("/en/decisions/", params))
        return ">Waiting</a>" in page, ">Settled</a>" in page

    assert shown() == (True, True)
    assert shown(state="proposed") == (True, False)
    assert shown(state="confirmed") == (False, True)
    assert shown(engine="results.forecast") == (True, True)
    assert shown(engine="results.dominance") == (False, False)
    assert shown(**{"from": today, "to": today}) == (True, True)
    assert shown(to="2019-01-01") == (False, False)
    assert shown(about="wait") == (True, False)


def test_empty_list_says_what_would_stand_there(world: World) -> None:
    assert "No decisions yet" in text(signed_in(world.aija).get("/en/decisions/"))


def test_decision_page_shows_input_rules_seed_source_output_and_who(world: World) -> None:
    use = registry().topic("privacy.child_consent").versions[0].use()
    run = confirm_run(actor=world.marta, run=record_forecast(world.marta, uses=[use], seed=4711))
    shown = text(signed_in(world.aija).get(f"/en/decisions/{run.public_id}/"))
    for expected in (
        "Summer pilot, pupils",
        "<code>4711</code>",
        "Bayesian Data Analysis",
        "version 1.0.0",
        "seasons",
        "199",
        "marta@example.org",
        run.output_sha256[:16],
        f"/en/rules/{use.topic}/#",
        "unchanged",
        f"/en/decisions/{run.public_id}/again/",
        "microcities engine run results.forecast &lt; decision.json",
    ):
        assert expected in shown, expected
    assert "Confirm the decision" not in shown


def test_decision_page_shows_reasons(world: World) -> None:
    data = {"contributions": [{"unit": "a", "value": 90.0}, {"unit": "b", "value": 10.0}]}
    run = record_forecast(world.marta, name="results.dominance", data=data)
    shown = text(signed_in(world.aija).get(f"/en/decisions/{run.public_id}/"))
    assert "Why the answer is as it is" in shown
    assert "few_units" in shown


def test_decision_of_a_vanished_engine_and_account_still_opens(world: World) -> None:
    run = tamper(record_forecast(world.marta), engine="results.gone", run_by_id=10**9)
    client = signed_in(world.aija)
    shown = text(client.get(f"/en/decisions/{run.public_id}/"))
    assert "no longer part of the platform" in shown
    assert "an account that no longer exists" in shown
    assert "It could not be run again" in text(client.get(f"/en/decisions/{run.public_id}/again/"))


def test_auditor_runs_again_and_reads_the_same(world: World) -> None:
    run = record_forecast(world.marta)
    shown = text(signed_in(world.aija).get(f"/en/decisions/{run.public_id}/again/"))
    assert "The same" in shown
    assert "What came out otherwise" not in shown


def test_auditor_runs_again_and_reads_what_differs(world: World) -> None:
    run = record_forecast(world.marta)
    output = run.output_json.replace('"mean":199.0', '"mean":230.0')
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(sha256(convert_to(%s, 'UTF8')), 'hex')", [output])
        digest = cursor.fetchone()[0]
    tamper(run, output_json=output, output_sha256=digest, engine_version="0.9.0")
    shown = text(signed_in(world.aija).get(f"/en/decisions/{run.public_id}/again/"))
    assert "1 value came out otherwise than recorded." in shown
    difference = shown.partition("<code>output.mean</code>")[2].partition("</tr>")[0]
    assert re.findall(r">([0-9]+)</td>", difference) == ["230", "199"]
    assert "recorded with version 0.9.0, run again with version 1.0.0" in shown


def test_run_again_is_a_get_and_nothing_else(world: World) -> None:
    address = f"/en/decisions/{record_forecast(world.marta).public_id}/again/"
    assert signed_in(world.marta).post(address).status_code == 405


def test_download_is_a_file_the_command_line_accepts(world: World) -> None:
    run = record_forecast(world.marta)
    response = signed_in(world.aija).get(f"/en/decisions/{run.public_id}/decision.json")
    name = f"results.forecast-{str(run.public_id)[:8]}.json"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    out, err = io.StringIO(), io.StringIO()
    assert engine_cli.run("results.forecast", io.StringIO(text(response)), out, err) == 0
    assert err.getvalue() == "results.forecast: same\n"


def test_manager_confirms_in_the_browser(world: World) -> None:
    run = record_forecast(world.marta)
    client = signed_in(world.marta)
    assert "Confirm the decision" in text(client.get(f"/en/decisions/{run.public_id}/"))
    response = client.post(f"/en/decisions/{run.public_id}/confirm/", follow=True)
    assert "The decision is confirmed." in text(response)
    run.refresh_from_db()
    assert (run.state, run.confirmed_by_id) == ("confirmed", world.marta.pk)
    again = client.post(f"/en/decisions/{run.public_id}/confirm/", follow=True)
    assert "already confirmed" in text(again)


def test_second_person_is_asked_for_in_the_browser(world: World) -> None:
    run = record_forecast(world.marta, needs_second_person=True)
    client = signed_in(world.marta)
    shown = text(client.get(f"/en/decisions/{run.public_id}/"))
    assert "Confirm the decision" not in shown
    assert "Somebody else has to confirm it." in shown
    assert "Discard the decision" in shown
    client.post(f"/en/decisions/{run.public_id}/confirm/")
    run.refresh_from_db()
    assert run.state == State.PROPOSED


def test_discarding_needs_a_reason_and_loses_nothing(world: World) -> None:
    run = record_forecast(world.marta)
    client = signed_in(world.marta)
    address = f"/en/decisions/{run.public_id}/discard/"
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "“Reason for discarding” is empty. Fill it in." in text(refused)
    named = client.post(address, {"reason": "ask zane@example.org"})
    assert named.status_code == 422
    assert 'value="ask zane@example.org"' in text(named)
    done = client.post(address, {"reason": "a season is missing"}, follow=True)
    assert "a season is missing" in text(done)
    run.refresh_from_db()
    assert (run.state, run.discarded_by_id) == ("discarded", world.marta.pk)


def test_trial_answers_and_writes_nothing(world: World) -> None:
    client = signed_in(world.aija)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.post("/en/decisions/engines/results.forecast/try/", {"input": json.dumps(FORECAST)})
    assert response.status_code == 200
    assert "199" in text(response)
    assert not DecisionRun.objects.exists()
    assert [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ('{"count": -1, "exposure_done": 1, "exposure_total": 3, "exposure_unit": "x"}', "count: "),
        ('{"count": 1', "not JSON: "),
        ("[1]", "the input is a JSON object"),
        ('{"count": NaN}', "NaN is not a JSON number"),
        ('{"count": 1, "count": 2}', "stands twice"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_trial_names_the_path_beside_the_field_and_keeps_what_was_typed(world: World, typed: str, message: str) -> None:
    response = signed_in(world.aija).post("/en/decisions/engines/results.forecast/try/", {"input": typed, "seed": "3"})
    shown = text(response)
    assert response.context["document"] is None
    assert message in shown.partition('id="id_input_error"')[2]
    assert response.context["form"]["input"].value() == typed
    assert 'value="3"' in shown


def test_trial_of_too_much_points_to_its_size(world: World) -> None:
    typed = json.dumps({"count": 1, "exposure_unit": "x" * 200_001})
    response = signed_in(world.aija).post("/en/decisions/engines/results.forecast/try/", {"input": typed})
    assert response.context["document"] is None
    assert "Shorten it" in text(response)


def test_trial_of_a_decision_file_compares(world: World) -> None:
    client = signed_in(world.aija)
    run = record_forecast(world.marta)
    document = json.loads(text(client.get(f"/en/decisions/{run.public_id}/decision.json")))
    address = "/en/decisions/engines/results.forecast/try/"
    assert "The same" in text(client.post(address, {"input": json.dumps(document)}))
    document["output"]["mean"] = 230.0
    shown = text(client.post(address, {"input": json.dumps(document)}))
    assert "Different" in shown
    assert "<code>output.mean</code>" in shown


def test_pages_say_when_too_many_engines_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run, client = record_forecast(world.marta), signed_in(world.aija)
    monkeypatch.setattr(limited, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(limited, "_places", threading.BoundedSemaphore(1))
    with limited._places:
        again = text(client.get(f"/en/decisions/{run.public_id}/again/"))
        tried = text(client.post("/en/decisions/engines/results.forecast/try/", {"input": json.dumps(FORECAST)}))
    for shown in (again, tried):
        assert "Other engines are running here just now. Try again in a minute." in shown
    assert "It could not be run again" in again
    assert "The same" in text(client.get(f"/en/decisions/{run.public_id}/again/"))


def test_page_of_a_repetition_names_the_changed_rule(world: World) -> None:
    use = registry().topic("privacy.child_consent").versions[0].use()
    run = record_forecast(world.marta, uses=[use])
    address, client = f"/en/decisions/{run.public_id}/again/", signed_in(world.aija)
    assert "All rules used still say the same." in text(client.get(address))
    tamper(run, rulebook_uses=[[use.topic, use.version, "0" * 64]])
    shown = text(client.get(address))
    assert "The same" in shown
    assert "Some rules have changed since." in shown
    assert "/en/rules/privacy.child_consent/#privacy-child_consent-eu-2018" in shown


def test_pages_of_an_unknown_engine_are_not_found(world: World) -> None:
    client = signed_in(world.aija)
    for page in ("", "schema.json", "try/"):
        assert client.get(f"/en/decisions/engines/results.nothing/{page}").status_code == 404


def test_engine_page_shows_source_fields_and_example(world: World) -> None:
    shown = text(signed_in(world.aija).get("/en/decisions/engines/results.forecast/"))
    assert "Bayesian Data Analysis" in shown
    assert "<code>exposure_done</code>" in shown
    assert "events counted so far" in shown
    schema = signed_in(world.aija).get("/en/decisions/engines/results.forecast/schema.json").json()
    assert schema["input_schema"]["properties"]["count"]["type"] == "integer"


def test_my_work_counts_what_waits_for_this_person(world: World) -> None:
    record_forecast(world.marta)
    record_forecast(world.ventis, needs_second_person=True)
    record_forecast(world.marta, needs_second_person=True)
    confirm_run(actor=world.marta, run=record_forecast(world.marta))
    with override("en"):
        (task,) = decisions_to_confirm(world.marta)
        assert (str(task.title), task.count) == ("Decisions waiting for confirmation", 2)
        assert task.url == "/en/decisions/?state=proposed&sort=run_at"
        assert task in tasks_for(world.marta)
    for name in ("ventis", "aija", "svens", "pupil"):
        assert list(decisions_to_confirm(getattr(world, name))) == []
    assert "Decisions waiting for confirmation" in text(signed_in(world.marta).get("/en/work/"))


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response: HttpResponse = client.get(address)  # type: ignore[assignment]
    assert response.status_code == 200
    return len(queries)


def test_list_asks_the_same_number_of_questions_for_many_rows(world: World) -> None:
    client = signed_in(world.aija)
    record_forecast(world.marta)
    one = queries_of(client, "/en/decisions/")
    for _number in range(20):
        record_forecast(world.marta, organisation=world.valmiera_partner)
    assert queries_of(client, "/en/decisions/") == one
    assert one <= 12


def test_decision_page_asks_few_questions(world: World) -> None:
    run = record_forecast(world.marta, organisation=world.valmiera_partner)
    client = signed_in(world.aija)
    assert queries_of(client, f"/en/decisions/{run.public_id}/") <= 12
    assert queries_of(client, f"/en/decisions/{run.public_id}/again/") <= 11
