"""Pages of results: what each reader sees, that figures open to exactly their records, and what it costs."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from microcities.decisions.models import DecisionRun
from microcities.results.actions.indicators import confirm_observation, record_observation, revise_target
from microcities.results.actions.reports import approve_report, draft_report, open_period, submit_report
from microcities.results.computing import compute_figures
from microcities.results.models import Indicator, Observation, Report, VerificationSample
from microcities.results.publishing import publish_figures
from microcities.results.reading import Question
from microcities.results.rows import evidence_rows
from microcities.trail.models import Look
from tests import factories
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
END = date(2021, 10, 31)
PAGES = ("/en/results/", "/en/results/cities/", "/en/results/summer-jobs/", "/en/results/fdi-place/")
STAFF_PAGES = (
    "/en/results/changes/", "/en/results/outside-figures/", "/en/results/publications/", "/en/results/reports/",
    "/en/results/summer-jobs/records/",
)


def signed_in(account: object) -> Client:
    client = Client()
    client.force_login(account)  # type: ignore[arg-type]
    return client


def text(response: object) -> str:
    """The words of a page without tags, single-spaced."""
    content = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.split("<main", 1)[1]))


@pytest.fixture
def lived(world: World, indicators: dict[str, Indicator]) -> World:
    """Three in the summer paid by the programme (one a minor), one by the city, twelve retrained."""
    factories.take_part(world.summer, world.peteris, world.erdf, world.city_budget)
    for number in range(2):
        girl = factories.make_person(f"P{number}", "Egle", birth_on=date(2003, 1, 1), sex="female")
        factories.take_part(world.summer, girl, world.erdf)
    factories.take_part(world.summer, factories.make_person("Cits", "Egle"), world.city_budget)
    for number in range(12):
        person = factories.make_person(f"K{number}", "Koks", birth_on=date(1985, 1, 1), sex="male")
        factories.take_part(world.course, person, world.erdf, completed_on=date(2019, 6, 1))
    return world


@pytest.mark.parametrize("address", [*PAGES, *STAFF_PAGES])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_page_opens_for_the_manager_in_both_languages(lived: World, address: str, language: str) -> None:
    address = address if language == "en" else address.removeprefix("/en")
    assert signed_in(lived.marta).get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_page_public_before_any_publication_has_no_figure(lived: World, address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 200
    assert "not published yet" in text(response)


@pytest.mark.parametrize("address", STAFF_PAGES)
@pytest.mark.parametrize("name", ["svens", "pupil", "otto", "dace"])
def test_page_of_partners_is_closed_to_others(lived: World, address: str, name: str) -> None:
    assert signed_in(getattr(lived, name)).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_overview_public_shows_what_was_published_and_withholds_few(lived: World) -> None:
    publish_figures(actor=lived.marta, programme=lived.programme, as_of=date(2019, 12, 31))
    response = Client().get("/en/results/")
    words = text(response)
    assert "withheld" in words
    assert "fewer people than may be shown" in words
    assert 'data-state="suppressed"' in response.content.decode()
    figures = {figure.indicator.code: figure for figure in response.context["found"]().figures}
    assert (figures["reskilled"].value, figures["summer-jobs"].value) == (12, None)
    early = Client().get("/en/results/?as_of=2019-01-01")
    assert {figure.state for figure in early.context["found"]().figures} == {"not_published"}


def values(response: object) -> dict[str, tuple[object, str]]:
    """(value, state) of each figure of a page by the indicator's code."""
    found = response.context["found"]().figures  # type: ignore[attr-defined]
    return {figure.indicator.code: (figure.value, figure.state.value) for figure in found}


def test_overview_manager_sees_all_and_partner_own_records_or_what_was_published(lived: World) -> None:
    publish_figures(actor=lived.marta, programme=lived.programme, as_of=date(2019, 12, 31))
    more = factories.make_person("K12", "Koks", birth_on=date(1985, 1, 1), sex="male")
    factories.take_part(lived.course, more, lived.erdf, completed_on=date(2019, 6, 1))
    manager = values(signed_in(lived.marta).get("/en/results/"))
    assert (manager["summer-jobs"], manager["reskilled"]) == ((3, "counted"), (13, "counted"))
    partner = signed_in(lived.ventis)
    own = values(partner.get("/en/results/"))
    assert (own["reskilled"], own["summer-jobs"]) == ((13, "counted"), (None, "not_reported"))
    published = values(partner.get("/en/results/?records_of=programme"))
    assert (published["reskilled"], published["summer-jobs"]) == ((12, "counted"), (None, "suppressed"))
    assert published == values(Client().get("/en/results/"))


@pytest.mark.parametrize("address", ["/en/results/", "/en/results/cities/", "/en/results/summer-jobs/", "/en/open-data/"])
def test_partner_chooses_whose_records_and_others_do_not(lived: World, address: str) -> None:
    for name, offered in (("ventis", True), ("valda", True), ("marta", False), ("aija", False)):
        assert ('name="records_of"' in signed_in(getattr(lived, name)).get(address).content.decode()) == offered
    assert 'name="records_of"' not in Client().get(address).content.decode()


@pytest.mark.parametrize("query", ["", "?records_of=programme", "?records_of=own", "?city=valmiera"])
def test_partner_reads_nothing_of_other_partners_people(lived: World, query: str) -> None:
    """Three of Valmiera's summer people are few; the Ventspils partner sees no number that tells of them, nor its parts."""
    publish_figures(actor=lived.marta, programme=lived.programme, as_of=date(2019, 12, 31))
    client = signed_in(lived.ventis)
    for page in ("summer-jobs/", "cities/", ""):
        response = client.get(f"/en/results/{page}{query}")
        content = response.content.decode()
        shown = re.findall(r"<strong>([\d\u00a0,.]+)</strong>", content)
        assert "3" not in shown
        assert "1" not in shown
    answer = client.get(f"/open-data/breakdown.csv{query}")
    rows = [line for line in b"".join(answer.streaming_content).decode().splitlines() if ",summer-jobs," in line]
    assert all(line.split(",")[5] in ("", "0") for line in rows)


def test_history_of_frozen_figures_and_reports_is_closed_to_other_partners(lived: World) -> None:
    period = open_period(actor=lived.marta, programme=lived.programme, code="2019", starts_on=date(2018, 11, 1),
                         ends_on=date(2019, 12, 31))
    partner = lived.programme.partners.get(city=lived.valmiera)
    report = submit_report(actor=lived.valda, report=draft_report(actor=lived.valda, period=period, partner=partner))
    approve_report(actor=lived.marta, report=report)
    figure = report.figures.get(indicator__code="summer-jobs", city=None)
    for name, frozen, of_report in (("ventis", 403, 403), ("valda", 403, 200), ("marta", 200, 200), ("aija", 200, 200)):
        client = signed_in(getattr(lived, name))
        assert client.get(f"/en/trail/results_frozenfigure/{figure.pk}/").status_code == frozen
        assert client.get(f"/en/trail/results_report/{report.pk}/").status_code == of_report


def test_overview_nothings_look_different(lived: World) -> None:
    words = text(signed_in(lived.marta).get("/en/results/?as_of=2019-05-01"))
    for nothing in ("not reported", "period not begun", "service not in operation yet"):
        assert nothing in words


def test_overview_wrong_date_is_said_and_answered(lived: World) -> None:
    response = signed_in(lived.marta).get("/en/results/?as_of=soon")
    assert response.status_code == 400
    assert "Enter a valid date" in text(response)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/en/results/", 18), ("/en/results/cities/", 26), ("/en/results/summer-jobs/", 32),
        ("/en/results/summer-jobs/records/", 22),
    ],
)
def test_page_takes_few_queries(lived: World, address: str, most: int, django_assert_max_num_queries: object) -> None:
    client = signed_in(lived.marta)
    client.get(address)
    with django_assert_max_num_queries(most):  # type: ignore[operator]
        client.get(address)


@pytest.mark.parametrize("city", [None, "ventspils", "valmiera"])
@pytest.mark.parametrize("funding", [None, ()])
def test_every_figure_opens_to_exactly_its_records(
    lived: World, city: str | None, funding: tuple[int, ...] | None
) -> None:
    place = getattr(lived, city) if city else None
    question = Question(END, city=place, funding=funding)
    for figure in compute_figures(lived.programme, as_of=END, city=place, funding=funding):
        indicator = figure.indicator
        if indicator.is_outside:
            continue
        rows = evidence_rows(indicator, lived.programme, question, None)
        assert rows.count() == figure.records
        if indicator.counting == "distinct_people" and figure.value is not None:
            assert rows.values("subject_id").distinct().count() == figure.value


def test_evidence_page_shows_the_records_and_logs_looks_at_minors(lived: World) -> None:
    client = signed_in(lived.marta)
    response = client.get("/en/results/summer-jobs/records/")
    assert response.context["table"].page.count == 3
    assert "Pēteris Ozols" in text(response)
    looks = Look.objects.filter(person_id=lived.peteris.pk, actor_id=lived.marta.pk)
    assert [(look.reason, look.what) for look in looks] == [("results.evidence", "summer-jobs")]
    assert not Look.objects.exclude(person_id=lived.peteris.pk).exists()


def test_evidence_filters(lived: World) -> None:
    client = signed_in(lived.marta)

    def count(query: str) -> int:
        return client.get(f"/en/results/summer-jobs/records/?{query}").context["table"].page.count

    assert count("rows-twice=yes") == 1
    assert count("rows-twice=no") == 2
    assert count(f"rows-city={lived.ventspils.pk}") == 0
    assert count(f"rows-payer={lived.city_budget.pk}") == 1
    assert count("rows-verification=confirmed") == 0
    assert count("rows-from=2019-06-04") == 0
    assert count("funding=all") == 4
    assert count("as_of=2019-06-02") == 0


def test_evidence_partner_sees_own_rows_only_by_page_filter_and_file(lived: World) -> None:
    ventis, valda = signed_in(lived.ventis), signed_in(lived.valda)
    address = "/en/results/summer-jobs/records/"
    assert ventis.get(address).context["table"].page.count == 0
    assert ventis.get(f"{address}?rows-partner={lived.valmiera_partner.pk}").context["table"].page.count == 0
    assert valda.get(address).context["table"].page.count == 3
    content = b"".join(ventis.get(f"{address}?rows-format=csv").streaming_content)
    assert content.decode("utf-8-sig").count("\r\n") == 1


def test_indicator_page_parts_add_up_to_the_figure(lived: World) -> None:
    response = signed_in(lived.marta).get("/en/results/summer-jobs/")
    parts = {part.caption: part.rows for part in response.context["parts"]}
    assert parts["By sex"] == [("Women", "2"), ("Men", "0"), ("sex or age not known", "1"), ("Everybody", "3")]
    assert parts["By partner"][-1] == ("All together", "3")
    assert [row[0] for row in parts["By city"]] == ["Valmiera", "Ventspils", "Programme"]


def test_indicator_page_target_revision_keeps_the_former(lived: World) -> None:
    client = signed_in(lived.marta)
    values = {
        "value": "200", "due_on_day": "31", "due_on_month": "10", "due_on_year": "2021", "decided_on_day": "1",
        "decided_on_month": "5", "decided_on_year": "2020", "reason": "", "source": "Journal 2",
    }
    response = client.post("/en/results/summer-jobs/target/", values)
    assert response.status_code == 422
    assert "“Reason” is empty" in text(response)
    client.post("/en/results/summer-jobs/target/", values | {"reason": "One summer fell to the pandemic"})
    words = text(client.get("/en/results/summer-jobs/"))
    assert "One summer fell to the pandemic" in words
    assert "250 by" in words
    assert signed_in(lived.ventis).get("/en/results/summer-jobs/target/").status_code == 403


def test_forecast_is_kept_as_a_decision_file(lived: World) -> None:
    client = signed_in(lived.marta)
    response = client.post("/en/results/summer-jobs/forecast/?as_of=2019-10-31")
    run = DecisionRun.objects.get()
    assert response["Location"].endswith(f"/decisions/{run.public_id}/")
    assert (run.engine, run.input["count"], run.input["exposure_unit"]) == ("results.forecast", 3, "seasons")
    assert signed_in(lived.aija).post("/en/results/summer-jobs/forecast/").status_code == 403


def test_observation_recorded_and_confirmed_by_another(lived: World) -> None:
    coordinator = factories.make_account("coordinator@example.org")
    factories.give_role(coordinator, lived.ventspils_partner, "city_coordinator")
    values = {
        "indicator": Indicator.objects.get(code="fdi-place").pk, "city": lived.ventspils.pk,
        "on_day": "10", "on_month": "2", "on_year": "2020", "value": "3", "document_title": "fDi 2020/21", "url": "https://www.zz.lv/ekonomika",
    }
    assert signed_in(coordinator).post("/en/results/outside-figures/new/", values).status_code == 302
    found = Observation.objects.get()
    address = f"/en/results/outside-figures/{found.pk}/"
    signed_in(coordinator).post(address, {"decision": "confirm"})
    found.refresh_from_db()
    assert found.confirmed_at is None
    signed_in(lived.marta).post(address, {"decision": "confirm"})
    found.refresh_from_db()
    assert found.confirmed_by_id == lived.marta.pk
    assert signed_in(lived.marta).get(address).status_code == 200


def test_observation_of_a_counted_indicator_is_refused(lived: World) -> None:
    with pytest.raises(Exception, match="Nobody types its total"):
        record_observation(
            actor=lived.marta, indicator=Indicator.objects.get(code="summer-jobs"), on=END, document_title="x",
            url="https://example.org", value=Decimal(250),
        )


@pytest.mark.django_db(transaction=True)  # what comes and goes within one transaction leaves no trace
def test_report_journey_by_pages(lived: World) -> None:
    marta, ventis, aija = signed_in(lived.marta), signed_in(lived.ventis), signed_in(lived.aija)
    marta.post("/en/results/reports/periods/new/", {
        "code": "2019", "starts_on_day": "1", "starts_on_month": "11", "starts_on_year": "2018", "ends_on_day": "31",
        "ends_on_month": "12", "ends_on_year": "2019",
    })
    period = lived.programme.periods.get()
    assert ventis.post("/en/results/reports/new/", {"period": period.pk}).status_code == 302
    report = Report.objects.get()
    address = f"/en/results/reports/{report.pk}/"
    assert "Submit the report" in text(ventis.get(address))
    ventis.post(f"{address}submit/", {"note": "All lists are in"})
    assert "Approve and freeze" not in text(ventis.get(address))
    marta.post(f"{address}return/", {"reason": "Add the course"})
    ventis.post(f"{address}submit/")
    marta.post(f"{address}approve/")
    assert "unchanged since approval" in text(aija.get(address))
    assert DecisionRun.objects.filter(engine="results.forecast", subject_kind="results.report").count() > 0
    assert aija.get(f"{address}rows/summer-jobs/").context["table"].page.count == 3
    assert ventis.get(f"{address}rows/summer-jobs/").context["table"].page.count == 0
    assert "withheld" in text(ventis.get(address))
    marta.post(f"{address}sample/summer-jobs/")
    sample = VerificationSample.objects.get()
    assert sample.unit_ids[0] in text(aija.get(f"{address}sample/summer-jobs/"))
    assert sample.unit_ids[0] not in text(ventis.get(f"{address}sample/summer-jobs/"))
    marta.post(f"{address}sample/summer-jobs/", {"unit_id": sample.unit_ids[0], "in_order": "yes"})
    assert "in order" in text(aija.get(f"{address}sample/summer-jobs/"))
    lived.peteris.participations.update(
        verification="rejected", verified_by_id=lived.marta.pk, verified_at=timezone.now()
    )
    assert "rows: 0 added, 1 removed, 0 changed" in text(aija.get(address))
    assert "rows: 0 added, 1 removed, 0 changed" not in text(ventis.get(address))
    assert aija.post(f"{address}restate/", {"reason": "x"}).status_code == 403
    assert Report.objects.count() == 1
    ventis.post(f"{address}restate/", {"reason": "A record was fictitious"})
    assert "A record was fictitious" in text(aija.get(address))


def test_report_of_another_partner_is_closed(lived: World) -> None:
    period = open_period(
        actor=lived.marta, programme=lived.programme, code="2019",
        starts_on=date(2018, 11, 1), ends_on=date(2019, 12, 31),
    )
    report = draft_report(actor=lived.valda, period=period, partner=lived.programme.partners.get(city=lived.valmiera))
    assert signed_in(lived.ventis).get(f"/en/results/reports/{report.pk}/").status_code == 403
    assert signed_in(lived.valda).get(f"/en/results/reports/{report.pk}/").status_code == 200
    approve_report(actor=lived.marta, report=submit_report(actor=lived.valda, report=report))
    assert signed_in(lived.ventis).get(f"/en/results/reports/{report.pk}/rows/summer-jobs/").status_code == 403


def test_auditor_reads_after_the_programmes_end_and_changes_nothing(lived: World) -> None:
    client = signed_in(lived.aija)
    assert timezone.localdate() > lived.programme.ends_on
    for address in (*PAGES, *STAFF_PAGES):
        assert client.get(address).status_code == 200
    for address in ("outside-figures/new/", "reports/periods/new/", "summer-jobs/target/"):
        assert client.post(f"/en/results/{address}").status_code == 403


def test_changes_page_names_figures_rows_and_actions(lived: World) -> None:
    today = timezone.localdate().isoformat()
    response = signed_in(lived.marta).get(f"/en/results/changes/?since={today}&until={today}")
    moved = {row[0].code: row[2] for row in response.context["moved"].page.rows}
    assert moved == {"summer-jobs": "3", "reskilled": "12"}
    assert response.context["table"].page.count > 0
    wrong = signed_in(lived.marta).get("/en/results/changes/?since=2020-02-01&until=2020-01-01")
    assert wrong.status_code == 400


def test_publication_by_page(lived: World) -> None:
    values = {"as_of_day": "31", "as_of_month": "12", "as_of_year": "2019"}
    assert signed_in(lived.aija).post("/en/results/publications/", values).status_code == 403
    assert signed_in(lived.marta).post("/en/results/publications/", values).status_code == 302
    response = signed_in(lived.marta).get("/en/results/publications/")
    assert "fewer people than may be shown" in text(response)
    public = Client().get("/en/results/reskilled/")
    assert {part.caption for part in public.context["parts"]} == {"By city", "By sex", "By age", "By sex and age"}


def test_share_page_opens_numerator_and_denominator(lived: World, indicators: dict[str, Indicator]) -> None:
    share = indicators["reskilled"]
    share.counting, share.over_cities = "share", "pooled"
    share.denominator_measures = ["reskilling.started"]
    share.save()
    person = factories.make_person("Vēl", "Koks")
    factories.take_part(lived.course, person, lived.erdf)
    client = signed_in(lived.marta)
    figure = client.get("/en/results/reskilled/").context["figure"]
    assert (figure.found.numerator, figure.found.denominator) == (12, 13)
    assert client.get("/en/results/reskilled/records/").context["table"].page.count == 12
    assert client.get("/en/results/reskilled/records/?part=denominator").context["table"].page.count == 13


def test_confirmed_observation_shows_in_the_overview(lived: World, indicators: dict[str, Indicator]) -> None:
    other = factories.make_account("other@example.org")
    factories.give_role(other, lived.ventspils_partner, "programme_manager")
    for city, place in ((lived.ventspils, 3), (lived.valmiera, 4)):
        found = record_observation(
            actor=lived.marta, indicator=indicators["fdi-place"], city=city, on=date(2020, 2, 10), value=Decimal(place),
            document_title="fDi 2020/21", url="https://www.zz.lv/ekonomika",
        )
        confirm_observation(actor=other, observation=found)
    words = text(signed_in(lived.marta).get("/en/results/fdi-place/"))
    assert "at most 2 by" in words
    assert "target missed" in words
    revise_target(
        actor=lived.marta, indicator=indicators["fdi-place"], value=Decimal(4), due_on=date(2021, 12, 31),
        decided_on=date(2021, 1, 1), reason="r", source="s",
    )
    assert "target reached" in text(signed_in(lived.marta).get("/en/results/fdi-place/"))
