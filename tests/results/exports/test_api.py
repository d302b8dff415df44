"""The API: what each token gets, what the public gets, and how it refuses."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from microcities.participation.models import Participation
from microcities.people.models import Membership
from microcities.results import api_guard
from microcities.results.models import ApiToken, Report
from microcities.results.publishing import publish_figures
from microcities.trail.models import Look
from tests import factories
from tests.results.exports.conftest import take_part, with_token
from tests.world import World

pytestmark = pytest.mark.django_db
API = "/api/v1"
AS_OF = {"as_of": "2019-12-31"}


def get(path: str, query: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> Any:
    return Client(raise_request_exception=False).get(API + path, query or {}, headers=headers or {})


def by_code(answer: Any) -> dict[str, dict[str, Any]]:
    return {result["indicator"]: result for result in answer.json()["results"]}


# --- what it answers ---


def test_public_gets_what_was_published(filled: World) -> None:
    assert {result["state"] for result in get("/results", AS_OF).json()["results"]} == {"not_published"}
    publish_figures(actor=filled.marta, programme=filled.programme, as_of=date(2019, 8, 31))
    take_part(filled, "f" * 30)
    answer = get("/results", AS_OF)
    jobs, reskilled = by_code(answer)["summer-jobs"], by_code(answer)["reskilled"]
    assert (jobs["value"], jobs["state"], jobs["records"], jobs["as_of"]) == (40, "counted", None, "2019-08-31")
    assert (reskilled["value"], reskilled["state"], reskilled["withheld"]) == (None, "suppressed", "small")
    assert answer.json()["as_of"] == "2019-08-31"
    assert "Ventspils" in answer.content.decode()


def test_token_gets_what_is_counted_now(filled: World) -> None:
    jobs = by_code(get("/results", AS_OF, with_token(filled.marta)))["summer-jobs"]
    assert (jobs["value"], jobs["records"], jobs["target"]["value"]) == (40, 40, 250)
    assert jobs["forecast"]["low_80"] <= jobs["forecast"]["mean"] <= jobs["forecast"]["high_80"]
    local = by_code(get("/results", {**AS_OF, "city": "ventspils"}, with_token(filled.marta)))["summer-jobs"]
    assert (local["city"], local["value"], local["state"]) == ("ventspils", None, "not_reported")


def test_question_of_knowledge_and_payer_needs_a_token(filled: World) -> None:
    factories.take_part(filled.summer, filled.peteris, filled.city_budget)
    assert get("/results", {**AS_OF, "funding": "all"}).status_code == 401
    headers = with_token(filled.marta)
    everybody = by_code(get("/results", {**AS_OF, "funding": "all"}, headers))["summer-jobs"]
    before = by_code(get("/results", {**AS_OF, "recorded_at": "2018-12-31T00:00:00Z"}, headers))["summer-jobs"]
    assert (everybody["value"], before["state"]) == (41, "not_reported")


def test_breakdown_marks_suppressed_parts(filled: World) -> None:
    publish_figures(actor=filled.marta, programme=filled.programme, as_of=date(2019, 12, 31))
    parts = get("/results/reskilled", AS_OF).json()["breakdown"]
    hidden = [part for part in parts if part["value"] is None]
    assert {(part["state"], part["withheld"]) for part in hidden} <= {("suppressed", "small"), ("suppressed", "deducible")}
    assert ("city", "ventspils") in {(part["dimension"], part["key"]) for part in hidden}
    live = get("/results/summer-jobs", AS_OF, with_token(filled.marta)).json()["breakdown"]
    assert {"dimension": "sex", "key": "female", "value": 20.0, "state": "counted", "withheld": None} in live


def test_observations_are_public_once_something_was_published(filled: World) -> None:
    assert get("/results/fdi-place/observations", AS_OF).json() == []
    publish_figures(actor=filled.marta, programme=filled.programme, as_of=date(2019, 12, 31))
    found = get("/results/fdi-place/observations", AS_OF).json()
    assert [(seen["city"], seen["value"], seen["url"]) for seen in found] == [
        ("valmiera", 4, "https://example.org/fdi"), ("ventspils", 3, "https://example.org/fdi")
    ]


def test_evidence_comes_in_pages_and_counts_each_subject_once(filled: World) -> None:
    headers, after, rows = with_token(filled.marta), "", []
    for _page in range(6):
        answer = get("/results/summer-jobs/evidence", {**AS_OF, "limit": 9, "after": after}, headers).json()
        rows += answer["rows"]
        if not (after := answer["next"] or ""):
            break
    assert len(rows) == len({row["record"] for row in rows}) == 40
    assert sum(row["first_of_subject"] for row in rows) == 40
    assert {(row["city"], row["partner"], tuple(row["paid_by"])) for row in rows} == {
        ("valmiera", "Valmieras Attīstības aģentūra", ("nextgen-erdf",))
    }


def test_evidence_of_other_partners_is_out_of_reach(filled: World) -> None:
    own = get("/results/summer-jobs/evidence", AS_OF, with_token(filled.valda)).json()["rows"]
    theirs = get("/results/summer-jobs/evidence", AS_OF, with_token(filled.ventis)).json()
    assert (len(own), theirs) == (40, {"rows": [], "next": None})


def test_partners_token_reads_own_records_or_what_was_published(filled: World) -> None:
    headers = with_token(filled.ventis)
    own = get("/results", AS_OF, headers)
    assert own.json()["records_of"] == "own"
    found = by_code(own)
    assert [(found[code]["value"], found[code]["state"]) for code in ("reskilled", "summer-jobs")] == [
        (1, "counted"), (None, "not_reported")
    ]
    assert found["reskilled"]["target"] is None
    asked = {**AS_OF, "records_of": "programme"}
    assert get("/results", asked, headers).json() == get("/results", AS_OF).json()
    assert get("/results/summer-jobs", asked, headers).json() == get("/results/summer-jobs", AS_OF).json()
    for nobody in ({}, with_token(filled.marta)):
        assert get("/results", {**AS_OF, "records_of": "own"}, nobody).status_code == 422


def test_looks_at_minors_by_a_program_are_logged_under_its_account(filled: World) -> None:
    filled.peteris.refresh_from_db()
    factories.take_part(filled.summer, filled.peteris, filled.erdf)
    get("/results/summer-jobs/evidence", AS_OF, with_token(filled.valda))
    look = Look.objects.get(person_id=filled.peteris.pk)
    assert (look.actor_id, look.reason, look.address) == (
        filled.valda.pk, "results.export", "/api/v1/results/summer-jobs/evidence"
    )


def test_reports_are_those_the_account_may_see(filled: World, report: Report) -> None:
    found = get("/reports", headers=with_token(filled.ventis)).json()
    assert [(each["number"], each["rows_hash"]) for each in found] == [(report.pk, report.rows_hash)]
    whole = get(f"/reports/{report.pk}", headers=with_token(filled.marta)).json()
    figures = {(figure["indicator"], figure["city"]): figure["value"] for figure in whole["figures"]}
    assert (figures["summer-jobs", None], figures["summer-jobs", "ventspils"]) == (40, 0)
    assert whole["intact"] is True
    assert len(whole["seal"]["hash"]) == 64
    lead = get(f"/reports/{report.pk}", headers=with_token(filled.ventis)).json()
    assert [f["value"] for f in lead["figures"] if f["indicator"] == "reskilled" and f["city"] is None] == [None]
    assert get("/reports", headers=with_token(filled.valda)).json() == []
    assert get(f"/reports/{report.pk}", headers=with_token(filled.valda)).status_code == 404


def test_periods_are_public(filled: World, report: Report) -> None:
    assert get("/periods").json() == [
        {"code": "2019", "starts_on": "2018-11-01", "ends_on": "2019-12-31", "locked": False}
    ]


# --- how it refuses ---


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/nothing", {}, 404), ("/results/nothing", {}, 404), ("/results/", {}, 404), ("/", {}, 404),
        ("/results/%00", {}, 404), ("/reports/99999999999999999999999", {}, 401), ("/reports", {}, 401),
        ("/results/summer-jobs/evidence", {}, 401),
        ("/results", {"as_of": "yesterday"}, 422), ("/results", {"as_of": "9999-12-31"}, 422),
        ("/results", {"as_of": "1999-12-31"}, 422), ("/results", {"city": "riga"}, 422),
        ("/results", {"city": "\x00"}, 422), ("/results", {"city": "x" * 51}, 422),
    ],
)
def test_refusal_is_a_problem(filled: World, path: str, query: dict[str, str], status: int) -> None:
    answer = get(path, query)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (status, f"/open-data/#problem-{status}")
    assert problem["title"]
    assert problem["detail"]


def test_refusal_speaks_the_language_the_client_accepts(filled: World) -> None:
    english = get("/reports", headers={"Accept-Language": "fr, en-GB;q=0.7, lv;q=0.2"})
    assert english.json()["detail"] == "This needs a token with the scope reports:read."
    assert english["Vary"] == "Accept-Language"
    assert get("/reports", headers={"Accept-Language": "\x00;;q=9"}).status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_every_other_method_is_refused(filled: World, method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"{API}/results")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer["Allow"] == "GET, HEAD"


def test_head_is_a_get_without_content(filled: World) -> None:
    answer = Client().head(f"{API}/results")
    assert (answer.status_code, answer.content) == (200, b"")


def test_wrong_parameters_are_named(filled: World) -> None:
    headers = {**with_token(filled.marta), "Accept-Language": "en-GB,en;q=0.8"}
    answer = get("/results/summer-jobs/evidence", {"limit": 0, "part": "both", "after": "x"}, headers)
    assert (answer.status_code, answer.json()["title"]) == (422, "A value in the request cannot be used")
    assert sorted(error["parameter"] for error in answer.json()["errors"]) == ["after", "limit", "part"]
    impossible = get("/results/summer-jobs/evidence", {"after": "2019-02-31_5"}, headers)
    assert (impossible.status_code, impossible.json()["errors"][0]["parameter"]) == (422, "after")
    unzoned = get("/results", {"recorded_at": "2019-12-31T00:00:00"}, headers)
    assert (unzoned.status_code, unzoned.json()["errors"][0]["parameter"]) == (422, "recorded_at")


@pytest.mark.parametrize("header", ["Bearer nothing", "Bearer ", "Basic dTpw", "mc_abc", "Bearer \u0101"])
def test_bad_token_is_refused_even_for_what_is_public(filled: World, header: str) -> None:
    answer = get("/results", headers={"Authorization": header})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="microcities"')


def expire(world: World) -> None:
    ApiToken.objects.update(created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(days=1))


def revoke(world: World) -> None:
    ApiToken.objects.update(revoked_at=timezone.now())


def close(world: World) -> None:
    type(world.valda).objects.filter(pk=world.valda.pk).update(is_active=False)


@pytest.mark.parametrize("end", [expire, revoke, close])
def test_token_that_ended_opens_nothing(filled: World, end: Callable[[World], None]) -> None:
    headers = with_token(filled.valda)
    assert get("/results/summer-jobs/evidence", AS_OF, headers).status_code == 200
    end(filled)
    assert get("/results/summer-jobs/evidence", AS_OF, headers).status_code == 401


def test_token_of_somebody_whose_role_ended_is_the_public(filled: World) -> None:
    headers = with_token(filled.valda)
    Membership.objects.filter(account=filled.valda).update(valid_to=timezone.localdate() - timedelta(days=1))
    assert get("/results/summer-jobs/evidence", AS_OF, headers).status_code == 403
    assert get("/reports", AS_OF, headers).status_code == 403
    assert {each["state"] for each in get("/results", AS_OF, headers).json()["results"]} == {"not_published"}


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        ("results:read", "/results", 200), ("evidence:read", "/results", 403), ("reports:read", "/results", 403),
        ("results:read", "/results/summer-jobs/evidence", 403), ("evidence:read", "/results/summer-jobs/evidence", 200),
        ("results:read", "/reports", 403), ("reports:read", "/reports", 200),
    ],
)
def test_token_opens_its_scopes_only(filled: World, scope: str, path: str, status: int) -> None:
    assert get(path, AS_OF, with_token(filled.marta, [scope])).status_code == status


def test_session_opens_nothing(filled: World) -> None:
    client = Client()
    client.force_login(filled.marta)
    assert client.get(f"{API}/results/summer-jobs/evidence").status_code == 401
    assert {each["state"] for each in client.get(f"{API}/results").json()["results"]} == {"not_published"}


def test_too_many_requests_are_told_when_to_come_back(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_guard, "PER_TOKEN", 3)
    monkeypatch.setattr(api_guard, "PER_ADDRESS", 2)
    headers, others = with_token(filled.marta), with_token(filled.valda)
    assert [get("/periods", headers=headers).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert get("/periods", headers=others).status_code == 200
    assert [get("/periods").status_code for _ in range(3)] == [200, 200, 429]
    refused = get("/periods")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert get("/periods", headers={"Authorization": "Bearer guess"}).status_code == 429


def test_reading_writes_nothing(filled: World) -> None:
    headers = with_token(filled.marta)
    with CaptureQueriesContext(connection) as queries:
        get("/results", AS_OF, headers)
    statements = [query["sql"] for query in queries]
    assert any(sql.startswith("SET TRANSACTION READ ONLY") for sql in statements)
    assert not [sql for sql in statements if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_fault_on_our_side_says_nothing_of_itself(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("microcities.results.api.read_overview", broken)
    answer = get("/results")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "secret of the house" not in answer.content.decode()


def test_scripts_of_other_sites_may_read_it(filled: World) -> None:
    answer = get("/results")
    assert (answer["Access-Control-Allow-Origin"], answer["Cross-Origin-Resource-Policy"]) == ("*", "cross-origin")
    assert get("/results", headers=with_token(filled.marta))["Cache-Control"] == "private, no-store"


def test_evidence_keeps_partners_apart_after_a_move(filled: World) -> None:
    """Rows belong to the partner of the record, not to whoever knows the person."""
    factories.register(Participation.objects.filter(activity=filled.summer)[0].person, filled.ventspils_partner)
    assert get("/results/summer-jobs/evidence", AS_OF, with_token(filled.ventis)).json()["rows"] == []
