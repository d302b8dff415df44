"""The accessibility statement has every part of the form of Cabinet Regulation 445/2020 and is not out of date."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pydantic import ValidationError

from microcities.programme.accessibility import GOOD_FOR_DAYS, SHIPPED, Statement, statement
from tests.world import World

PARTS = (
    "site", "standard", "conformance", "failures", "assessment", "alternatives", "feedback", "procedure", "checks",
    "prepared_on",
)


def shipped() -> dict[str, object]:
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("part", PARTS)
def test_statement_without_a_part_is_refused(part: str) -> None:
    data = shipped()
    del data[part]
    if part == "failures":
        assert Statement.model_validate(data).failures == ()
        return
    with pytest.raises(ValidationError, match=part):
        Statement.model_validate(data)


def test_statement_with_an_unknown_part_is_refused() -> None:
    with pytest.raises(ValidationError, match="alternativs"):
        Statement.model_validate({**shipped(), "alternativs": "x"})


def test_last_assessment_is_less_than_a_year_older_than_the_release() -> None:
    stated = statement()
    assert timedelta(0) <= stated.released_on - stated.assessment.on < timedelta(days=365)
    assert stated.prepared_on >= stated.assessment.on


def test_partial_conformance_is_claimed_while_no_person_has_assessed_the_site() -> None:
    stated = statement()
    assert "not_assessed" in {check.outcome for check in stated.checks}
    assert stated.conformance == "partial"
    assert len(stated.failures) >= 1


def test_statement_is_old_a_year_after_the_assessment() -> None:
    stated = statement()
    assert not stated.is_old_on(stated.assessment.on + timedelta(days=GOOD_FOR_DAYS))
    assert stated.is_old_on(stated.assessment.on + timedelta(days=GOOD_FOR_DAYS + 1))


@pytest.mark.django_db
@pytest.mark.parametrize(("prefix", "language"), [("", "lv"), ("/en", "en")])
def test_page_says_every_part(world: World, client: Client, prefix: str, language: str) -> None:
    html = client.get(f"{prefix}/accessibility/").content.decode()
    stated = statement()
    texts = [
        stated.site, stated.standard, stated.assessment.body, stated.assessment.method, stated.alternatives,
        stated.procedure.body, stated.procedure.words, *(failure.what for failure in stated.failures),
    ]
    assert [text.in_language(language) for text in texts if text.in_language(language) not in html] == []
    for words in (
        "http://testserver", world.ventspils_partner.name, f'href="{prefix}/accessibility/protocol/"',
        f'href="mailto:{stated.email}"', stated.procedure.url,
    ):
        assert words in html


@pytest.mark.django_db
def test_protocol_names_each_check_with_its_outcome(client: Client) -> None:
    html = client.get("/en/accessibility/protocol/").content.decode()
    assert html.count("not assessed yet") == sum(check.outcome == "not_assessed" for check in statement().checks)
    assert html.count(">passed<") == sum(check.outcome == "passed" for check in statement().checks)


def test_installation_may_state_its_own_facts(tmp_path: Path, settings: object) -> None:
    own = SHIPPED.read_text(encoding="utf-8").replace('institution = ""', 'institution = "Cēsu pašvaldība"')
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    settings.ACCESSIBILITY_STATEMENT = str(tmp_path / "own.toml")  # type: ignore[attr-defined]
    statement.cache_clear()
    try:
        assert statement().institution == "Cēsu pašvaldība"
        assert statement().assessment.on <= date(2100, 1, 1)
    finally:
        statement.cache_clear()
