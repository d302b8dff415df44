"""The demo's results: promised indicators, outside figures, two reports, one of them approved, and what is public."""

from datetime import date
from decimal import Decimal

from microcities.demo.story import Story
from microcities.participation.actions.records import confirm_record
from microcities.participation.models import Participation
from microcities.people.models import Account
from microcities.programme.models import City, Programme
from microcities.results.actions.indicators import confirm_observation, load_definition, record_observation
from microcities.results.actions.reports import approve_report, draft_report, open_period, submit_report
from microcities.results.definition.reading import read_definition
from microcities.results.models import Indicator
from microcities.results.publishing import publish_figures
from microcities.trail.context import System

PERIODS = (("2018-2019", date(2018, 11, 1), date(2019, 12, 31)), ("2020", date(2020, 1, 1), date(2020, 12, 31)))
CONFIRMED_RECORDS = 66
PUBLISHED_ON = (date(2019, 12, 31), date(2020, 12, 31), date(2021, 10, 31))


def build_results(programme: Programme, story: Story) -> None:
    """Definition, confirmed records, outside figures, and the reports of two periods, each by who may do it."""
    manager = Account.objects.get(email="vaditaja@demo.example")
    lead = Account.objects.get(email="parskati@demo.example")
    coordinator = Account.objects.get(email="koordinatore@demo.example")
    load_definition(actor=System("demo"), programme=programme, definition=read_definition("nextgen"))
    for record in Participation.objects.filter(activity__code="valmiera-summer-2019").order_by("pk")[:CONFIRMED_RECORDS]:
        confirm_record(actor=manager, record=record)
    for entry in story.observations:
        observation = record_observation(
            actor=coordinator,
            indicator=Indicator.objects.get(programme=programme, code=entry["indicator"]),
            city=City.objects.get(slug=entry["city"]),
            value=Decimal(entry["value"]),
            on=entry["on"],
            document_title=entry["document"],
            url=entry["url"],
        )
        confirm_observation(actor=manager, observation=observation)
    for number, (code, first, last) in enumerate(PERIODS):
        period = open_period(actor=manager, programme=programme, code=code, starts_on=first, ends_on=last)
        report = submit_report(actor=lead, report=draft_report(actor=lead, period=period))
        if number == 0:
            approve_report(actor=manager, report=report)
    for day in PUBLISHED_ON:
        publish_figures(actor=manager, programme=programme, as_of=day)
