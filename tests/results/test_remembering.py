"""What was worked out of the results is given again only while nothing that it is made of has changed."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from microcities.evidence.models import EvidenceRow, PartTally, Tally
from microcities.people.models import Organisation
from microcities.programme.models import City
from microcities.results.actions.indicators import revise_target
from microcities.results.models import Indicator
from microcities.results.remembering import DEFINED_BY, remembered, results_state
from tests.world import World

pytestmark = pytest.mark.django_db

# Whoever asks, and what stands around the page: read anew for each, and told outside of what is remembered.
ASKED_ANEW = {
    "people_session", "people_account", "people_person", "people_membership", "notices_notice", "trail_look",
    "mfa_authenticator",
}
EVIDENCE = {model._meta.db_table for model in (EvidenceRow, Tally, PartTally)}


def rename_city(world: World) -> None:
    City.objects.filter(pk=world.valmiera.pk).update(name_en="Wolmar")


def rename_organisation(world: World) -> None:
    Organisation.objects.filter(pk=world.valmiera_partner.pk).update(name="Cits nosaukums")


def redefine(world: World) -> None:
    Indicator.objects.filter(code="career-support").update(name_en="Pupils advised")


def revise(world: World) -> None:
    revise_target(
        actor=world.marta, indicator=Indicator.objects.get(code="summer-jobs"), value=Decimal(200),
        due_on=date(2021, 10, 31), decided_on=date(2020, 5, 1), reason="r", source="s",
    )


@pytest.mark.parametrize("change", [rename_city, rename_organisation, redefine, revise])
def test_state_has_another_name_after_a_change(
    world: World, indicators: dict[str, Indicator], change: Callable[[World], None]
) -> None:
    before = results_state()
    assert results_state() == before
    change(world)
    assert results_state() != before


def test_answer_is_computed_once_until_something_changes(world: World, indicators: dict[str, Indicator]) -> None:
    asked = []

    def ask() -> int:
        return remembered("test", 1, lambda: asked.append(1) or len(asked))  # type: ignore[func-returns-value]

    assert (ask(), ask()) == (1, 1)
    revise(world)
    assert (ask(), ask()) == (2, 2)


@pytest.mark.parametrize("path", ["/en/results/", "/en/results/cities/", "/en/results/career-support/"])
def test_page_shows_a_changed_name_at_once(
    client: Client, world: World, indicators: dict[str, Indicator], path: str
) -> None:
    client.force_login(world.marta)
    assert "Pupils advised" not in client.get(path).content.decode()
    redefine(world)
    assert "Pupils advised" in client.get(path).content.decode()


@pytest.mark.parametrize("path", ["/en/results/", "/en/results/cities/", "/en/results/career-support/"])
def test_nothing_is_remembered_whose_change_would_go_unseen(
    client: Client, world: World, indicators: dict[str, Indicator], path: str
) -> None:
    """Each table read for a page that is remembered is one whose changes name another state."""
    client.force_login(world.marta)
    client.get(path)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    read = {name for query in queries for name in re.findall(r'(?:FROM|JOIN) "?([a-z]+_[a-z_]+)"?', query["sql"])}
    assert EVIDENCE & read
    assert read - ASKED_ANEW - EVIDENCE <= {model._meta.db_table for model in DEFINED_BY}


def test_page_of_one_reader_is_not_given_to_another(
    client: Client, world: World, indicators: dict[str, Indicator]
) -> None:
    """The team is shown the records, a partner its own, a stranger what was published: three pages of one address."""
    shown = set()
    for account in (world.marta, world.valda, None):
        client.logout()
        if account is not None:
            client.force_login(account)
        client.cookies["visited"] = "1"  # a stranger with a cookie is answered by the view
        answer = client.get("/en/results/career-support/", {"as_of": date(2020, 6, 30).isoformat()}).content.decode()
        shown.add(answer[answer.index('<main id="content"'):answer.index("</main>")])
    assert len(shown) == 3
