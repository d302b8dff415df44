"""The co-funding block says what the funding of this programme asks for, in both languages."""

from datetime import date

import pytest
from django.test import Client

from microcities.programme.models import Programme
from microcities.programme.rulebook.values import Visibility
from microcities.rulebooks.registry import rule
from tests.world import World

pytestmark = pytest.mark.django_db
STATEMENT = (
    "This project is co-financed by the European Regional Development Fund through the Urban Innovative Actions "
    "Initiative."
)
LATVIAN = "Projektu līdzfinansē Eiropas Reģionālās attīstības fonds iniciatīvas „Pilsētu inovatīvās darbības” ietvaros."


def footer(client: Client, path: str) -> str:
    return client.get(path).content.decode().partition("<footer")[2]


def test_initiative_of_2014_shows_statement_disclaimer_and_emblem(world: World, client: Client) -> None:
    Programme.objects.update(initiative="Urban Innovative Actions")
    english = footer(client, "/en/")
    assert STATEMENT in english
    assert "reflects only the author&#x27;s view" in english
    assert 'alt="European Union, European Regional Development Fund"' in english
    latvian = footer(client, "/")
    assert LATVIAN in latvian
    assert "atspoguļo vienīgi autora viedokli" in latvian


def test_fund_outside_an_initiative_shows_the_plain_sentence(world: World, client: Client) -> None:
    shown = footer(client, "/en/")
    assert "Co-funded by the European Union" in shown
    assert STATEMENT not in shown


def test_programme_without_union_money_shows_no_emblem(world: World, client: Client) -> None:
    Programme.objects.update(co_financing=0)
    assert "cofunding" not in footer(client, "/en/")


def test_unknown_fund_still_names_the_union(world: World, client: Client) -> None:
    Programme.objects.update(fund="Interreg")
    assert "Co-funded by the European Union" in footer(client, "/en/")


@pytest.mark.parametrize(
    ("fund", "initiative", "code"),
    [
        ("ERDF", "Urban Innovative Actions", "uia-2014"),
        ("ERDF", "", "erdf-2021"),
        ("Cohesion Fund", "", "erdf-2021"),
        ("ESF+", "", "esf-2021"),
        ("ERDF", "another initiative", "erdf-2021"),
    ],
)
def test_scheme_is_chosen_by_fund_and_initiative(fund: str, initiative: str, code: str) -> None:
    values = rule(Visibility, on=date(2026, 1, 1), territory="EU").values
    scheme = values.scheme_of(fund, initiative)
    assert scheme is not None
    assert scheme.code == code


def test_banner_says_that_people_are_invented(world: World, client: Client) -> None:
    assert "all people and their records are invented" not in client.get("/en/").content.decode()
    Programme.objects.update(is_synthetic=True)
    assert "all people and their records are invented" in client.get("/en/").content.decode()
