"""Rules in words: values, differences between versions, and what the system check says."""

from datetime import date

import pytest
from django.test import override_settings
from django.utils import translation

from microcities.people.rules import own_consent_age
from microcities.rulebooks import checks
from microcities.rulebooks.presentation import show, timeline
from microcities.rulebooks.reading import Problem
from microcities.rulebooks.registry import Registry, registry, rule


def test_timeline_names_each_changed_code() -> None:
    with translation.override("en"):
        newest, middle, oldest = timeline(
            registry().topic("programme.territories").versions, date(2026, 1, 1)
        )
    assert oldest.changes == ()
    assert not oldest.has_earlier
    changed = {(change.what, change.before, change.after) for change in middle.changes}
    assert ("Valmiera: Local unit (LAU, ATVK)", "0250000", "LV0054010") in changed
    changed = {(change.what, change.before, change.after) for change in newest.changes}
    assert ("Valmiera: Statistical region (NUTS 3)", "LV008", "LV00C") in changed
    assert not any(what.startswith("Rēzekne") for what, _before, _after in changed)


def test_timeline_names_added_rows_and_unchanged_values() -> None:
    with translation.override("en"):
        newest, _first = timeline(registry().topic("privacy.retention").versions, date(2026, 1, 1))
        same, _before = timeline(registry().topic("results.full_time_year").versions, date(2026, 1, 1))
    assert [(change.what, change.before, change.after) for change in newest.changes] == [
        ("Clocks: Cohesion policy funds 2021-2027", "", "Cohesion policy funds 2021-2027")
    ]
    assert (same.changes, same.has_earlier) == ((), True)


def test_show_writes_numbers_as_the_language_has_them() -> None:
    found = rule("results.disclosure", on=date(2020, 1, 1), territory="LV")
    with translation.override("lv"):
        latvian = dict(show(found, date(2020, 1, 1)).rows)
    with translation.override("en"):
        english = dict(show(found, date(2020, 1, 1)).rows)
    assert latvian["Dominance: nepārsniedzamā daļa (k)"] == "85\N{NO-BREAK SPACE}%"
    assert english["Dominance: share not to be exceeded (k)"] == "85%"
    assert english["Zero is published"] == "yes"


def test_system_check_is_silent_for_the_shipped_rulebooks() -> None:
    assert checks.check_rulebooks(None) == []


def test_system_check_reports_file_line_and_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [
        Problem("error", "privacy/rulebook/x.toml", 7, "version[1].values.age", "Field required"),
        Problem("warning", "privacy/rulebook/x.toml", None, "", "no version of LV"),
    ]
    monkeypatch.setattr(checks, "load", lambda: Registry([], problems))
    error, warning = checks.check_rulebooks(None)
    assert (error.id, error.msg) == (
        "rulebooks.E001",
        "privacy/rulebook/x.toml:7: version[1].values.age: Field required",
    )
    assert (warning.id, warning.msg) == ("rulebooks.W001", "privacy/rulebook/x.toml: no version of LV")


def test_system_check_refuses_a_place_that_does_not_exist() -> None:
    with override_settings(TERRITORY="ZZ"):
        (error,) = checks.check_rulebooks(None)
    assert (error.id, error.msg) == ("rulebooks.E002", "TERRITORY: territory 'ZZ': there is no country ZZ")


def test_rules_of_the_installation_are_those_of_its_territory() -> None:
    assert own_consent_age(date(2020, 1, 1)) == 13
    with override_settings(TERRITORY="EE"):
        assert own_consent_age(date(2020, 1, 1)) == 16
