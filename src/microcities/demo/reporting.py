"""The demo's results: promised indicators, outside figures, reports in every state, a sample, and what is public."""

from datetime import date
from decimal import Decimal

from microcities.demo.foundations import COORDINATOR, DEMO, MANAGER, Ground
from microcities.demo.story import Story
from microcities.programme.models import City, Partner
from microcities.results.actions.indicators import confirm_observation, load_definition, record_observation
from microcities.results.actions.reports import (
    approve_report,
    check_sampled_record,
    draft_report,
    draw_sample,
    open_period,
    return_report,
    submit_report,
)
from microcities.results.definition.reading import read_definition
from microcities.results.models import Indicator, Period, Report
from microcities.results.publishing import publish_figures

PERIODS = (
    ("2018-2019", date(2018, 11, 1), date(2019, 12, 31)),
    ("2020", date(2020, 1, 1), date(2020, 12, 31)),
    ("2021", date(2021, 1, 1), date(2021, 10, 31)),
)
PUBLISHED_ON = (date(2019, 12, 31), date(2020, 12, 31), date(2021, 10, 31))
LEAD = "parskati@demo.example"
RETURNED_TO = ("vaa", "valmiera@demo.example")
RETURNED_BECAUSE = "Nometnes 24 dalībnieku ieraksti vēl nav apstiprināti. Lūdzu, pievienojiet parakstīto dalībnieku sarakstu."
SAMPLED = "summer-jobs"
CHECKED_OF_SAMPLE = 3


def build_results(ground: Ground, story: Story) -> None:
    """Definition, outside figures, the reports of three periods and a sample, each by who may do it."""
    load_definition(actor=DEMO, programme=ground.programme, definition=read_definition("nextgen"))
    _observe(ground, story)
    manager = ground.accounts[MANAGER]
    periods = [
        open_period(actor=manager, programme=ground.programme, code=code, starts_on=first, ends_on=last)
        for code, first, last in PERIODS
    ]
    _report(ground, periods)
    for day in PUBLISHED_ON:
        publish_figures(actor=manager, programme=ground.programme, as_of=day)


def _observe(ground: Ground, story: Story) -> None:
    """What the coordinator read in documents and the manager confirmed."""
    for entry in story.observations:
        observation = record_observation(
            actor=ground.accounts[COORDINATOR],
            indicator=Indicator.objects.get(programme=ground.programme, code=entry["indicator"]),
            city=City.objects.get(slug=entry["city"]),
            value=Decimal(entry["value"]),
            on=entry["on"],
            document_title=entry["document"],
            url=entry["url"],
        )
        confirm_observation(actor=ground.accounts[MANAGER], observation=observation)


def _report(ground: Ground, periods: list[Period]) -> None:
    """The first report is approved, the second waits for approval, the third is being written, a partner's came back."""
    manager, lead = ground.accounts[MANAGER], ground.accounts[LEAD]
    first, second, third = periods
    approved = approve_report(
        actor=manager, report=submit_report(actor=lead, report=draft_report(actor=lead, period=first))
    )
    submit_report(actor=lead, report=draft_report(actor=lead, period=second))
    draft_report(actor=lead, period=third)
    key, email = RETURNED_TO
    partner = Partner.objects.get(programme=ground.programme, organisation=ground.partners[key])
    theirs = draft_report(actor=ground.accounts[email], period=second, partner=partner)
    return_report(
        actor=manager, report=submit_report(actor=ground.accounts[email], report=theirs), reason=RETURNED_BECAUSE
    )
    _sample(ground, approved)


def _sample(ground: Ground, report: Report) -> None:
    """Records of the approved figure are drawn; the first few have been checked."""
    manager = ground.accounts[MANAGER]
    indicator = Indicator.objects.get(programme=ground.programme, code=SAMPLED)
    sample = draw_sample(actor=manager, report=report, indicator=indicator)
    for unit in sample.unit_ids[:CHECKED_OF_SAMPLE]:
        check_sampled_record(actor=manager, sample=sample, unit_id=unit, in_order=True)
