"""The table of occupations: complete, in both languages, ISCO codes that exist; and how it is read beside interests."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.test import Client

from microcities.careers.engines.interest_indices import brown_gore_c, iachan_m
from microcities.careers.engines.occupations import read_occupations, shipped_occupations
from microcities.decisions.engine import EngineInputError
from tests.careers.conftest import Schools
from tests.careers.test_own_interests_pages import BASE, begin, finished

TABLE = shipped_occupations()
HEAD = """id = "t"
version = 1
status = "our reading, not validated"
read_on = 2026-11-23
licence = "EUPL-1.2"
note = { en = "n", lv = "n" }
source = { en = "s", lv = "s" }
"""
# Sub-major groups of ISCO-08 (first two digits).
SUB_MAJOR = {
    "11", "12", "13", "14", "21", "22", "23", "24", "25", "26", "31", "32", "33", "34", "35", "41", "42", "43", "44", "51",
    "52", "53", "54", "61", "62", "63", "71", "72", "73", "74", "75", "81", "82", "83", "91", "92", "93", "94", "95", "96",
}


def text(response: Any) -> str:
    return response.content.decode()


def table(*rows: tuple[str, str]) -> str:
    lines = [f'{{ isco = "{isco}", letters = "{letters}", en = "x", lv = "x" }}' for isco, letters in rows]
    return f"{HEAD}occupations = [{', '.join(lines)}]"


SIX = [("7231", "RIC"), ("2113", "IRC"), ("2641", "AIE"), ("2221", "SIC"), ("1120", "ECS"), ("2411", "CEI")]


def test_table_is_of_the_size_and_state_it_says() -> None:
    assert TABLE.name == "microcities-occupations-1"
    assert TABLE.status == "our reading, not validated"
    assert (TABLE.read_on.isoformat(), len(TABLE.occupations)) == ("2026-11-23", 87)


def test_codes_lie_in_the_groups_of_isco_and_stand_once() -> None:
    codes = [each.isco for each in TABLE.occupations]
    assert len(set(codes)) == len(codes)
    assert {code[:2] for code in codes} <= SUB_MAJOR


def test_names_differ_and_are_in_both_languages() -> None:
    for language in ("lv", "en"):
        names = [each.in_language(language) for each in TABLE.occupations]
        assert len(set(names)) == len(names)
    assert [each.isco for each in TABLE.occupations if each.lv == each.en] == []


def test_every_letter_leads_enough_occupations_to_read() -> None:
    first = Counter(each.letters[0] for each in TABLE.occupations)
    assert set(first) == set("RIASEC")
    assert min(first.values()) >= 12


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*SIX, ("7231", "RIA")], "7231 stands twice"),
        ([*SIX[:5], ("2411", "EIS")], "no occupation begins with C"),
        ([*SIX[:5], ("2411", "CCI")], "different ones"),
        ([*SIX[:5], ("241", "CEI")], "isco"),
    ],
)
def test_wrong_table_is_refused_with_the_reason(rows: list[tuple[str, str]], words: str) -> None:
    with pytest.raises(EngineInputError) as error:
        read_occupations(table(*rows))
    assert words in str(error.value)


def test_table_that_is_no_toml_or_does_not_exist_is_refused() -> None:
    with pytest.raises(EngineInputError, match="not TOML"):
        read_occupations("= =")
    with pytest.raises(LookupError):
        shipped_occupations(99)


# --- on the pages ---


@pytest.mark.django_db
def test_result_reads_all_occupations_by_the_own_letters_with_both_indices(client: Client, schools: Schools) -> None:
    shown = text(client.get(f"{BASE}{finished(client, schools).pk}/"))
    for each in TABLE.occupations:
        assert each.in_language("en").replace("'", "&#x27;") in shown
    # The own code is RIA, so R comes first, then I, then A, and the others after them.
    places = [shown.index(f"<summary>{name}") for name in ("Realistic", "Investigative", "Artistic", "Social")]
    assert places == sorted(places)
    assert (iachan_m("RIA", "RAC"), brown_gore_c("RIA", "RAC")) == (24, 13)
    assert '<span class="hint">RAC, M 24, C 13</span>' in shown


@pytest.mark.django_db
def test_result_says_what_the_letters_are_and_that_nothing_is_hidden(client: Client, schools: Schools) -> None:
    shown = text(client.get(f"{BASE}{finished(client, schools).pk}/"))
    for words in ("not validated", "from 0 to 28", "from 0 to 18", "women and men", "/en/careers/occupations/"):
        assert words in shown


@pytest.mark.django_db
def test_flat_result_reads_occupations_without_indices(client: Client, schools: Schools) -> None:
    sheet = begin(client, schools)
    for place in range(1, 7):
        items = list(client.get(f"{BASE}{sheet.pk}/{place}/").context["form"].fields)
        client.post(f"{BASE}{sheet.pk}/{place}/", dict.fromkeys(items, "3") | {"go": "next"})
    client.post(f"{BASE}{sheet.pk}/7/", {"go": "next"})
    shown = text(client.get(f"{BASE}{sheet.pk}/"))
    assert '<span class="hint">RAC</span>' in shown
    assert "Welders" in shown


@pytest.mark.django_db
def test_full_list_is_public_filters_and_exports(client: Client) -> None:
    shown = text(client.get("/en/careers/occupations/?size=100"))
    assert [each.isco for each in TABLE.occupations if f">{each.isco}<" not in shown] == []
    assert "our reading" in shown
    one = text(client.get("/en/careers/occupations/?first=A&size=100"))
    assert ("Actors" in one, "Welders" in one) == (True, False)
    latvian = client.get("/careers/occupations/?size=100")
    assert "Metinātāji" in text(latvian)
    assert b"Welders" in b"".join(client.get("/en/careers/occupations/?format=csv").streaming_content)  # type: ignore[arg-type]
