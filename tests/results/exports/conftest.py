"""A programme with figures of every kind: counted, zero, not reported, not begun, withheld, without service."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from microcities.participation.models import Participation, ParticipationFunding
from microcities.people.models import Account, Person
from microcities.results.actions.indicators import confirm_observation, record_observation
from microcities.results.actions.reports import approve_report, draft_report, open_period, submit_report
from microcities.results.actions.tokens import create_token
from microcities.results.models import Indicator, Report, Scope
from microcities.trail.sealing import seal
from tests import factories
from tests.remembered import remembered
from tests.world import World

ALL_SCOPES = list(Scope.values)


def take_part(world: World, sexes: str) -> list[Participation]:
    """One pupil for each letter, f or m, aged 15, in the summer of 2019, paid by the programme and partly by the city."""
    people = Person.objects.bulk_create(
        Person(given_name="Jānis", family_name="Liepa", birth_on=date(2004, 1, 1),
               sex={"f": "female", "m": "male"}[sex])
        for sex in sexes
    )
    records = Participation.objects.bulk_create(
        Participation(activity=world.summer, person=person, started_on=date(2019, 6, 3), hours=60) for person in people
    )
    ParticipationFunding.objects.bulk_create(
        ParticipationFunding(participation=record, funding_source=world.erdf) for record in records
    )
    return records


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Requests of one test do not count against another's limit."""
    cache.clear()


@pytest.fixture
def filled(world: World, indicators: dict[str, Indicator]) -> World:
    """40 pupils in Valmiera's summer jobs; Zane reskilled in Ventspils; a confirmed place in the fDi list."""
    remembered("filled", lambda: _fill(world, indicators))
    return world


def _fill(world: World, indicators: dict[str, Indicator]) -> None:
    take_part(world, "f" * 20 + "m" * 20)
    factories.take_part(world.course, world.zane, world.erdf, completed_on=date(2019, 6, 1))
    factories.give_role(world.valda, world.valmiera_partner, "city_coordinator")
    for city, place in ((world.ventspils, 3), (world.valmiera, 4)):
        seen = record_observation(
            actor=world.valda, indicator=indicators["fdi-place"], on=date(2019, 2, 1), city=city, value=place,
            document_title="European Cities and Regions of the Future", url="https://example.org/fdi",
        )
        confirm_observation(actor=world.marta, observation=seen)


@pytest.fixture
def report(filled: World) -> Report:
    """The approved and sealed report of 2019 on the whole programme."""
    return remembered("report", lambda: _approve(filled))


def _approve(filled: World) -> Report:
    period = open_period(actor=filled.marta, programme=filled.programme, code="2019", starts_on=date(2018, 11, 1),
                         ends_on=date(2019, 12, 31))
    drafted = draft_report(actor=filled.ventis, period=period)
    approved = approve_report(actor=filled.marta, report=submit_report(actor=filled.ventis, report=drafted))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    seal()
    return approved


def signed_in(account: Account) -> Client:
    """A browser of this account."""
    client = Client()
    client.force_login(account)
    return client


def with_token(account: Account, scopes: list[str] | None = None) -> dict[str, str]:
    """Headers with a new token of the account."""
    _token, secret = create_token(actor=account, name="tests", scopes=scopes or ALL_SCOPES, days=30)
    return {"Authorization": f"Bearer {secret}"}


def body(response: Any) -> bytes:
    """The content of any answer."""
    return b"".join(response.streaming_content) if response.streaming else response.content
