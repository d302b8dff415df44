"""The rule in force on a date at a place: nearest territory, both end days, one a day, what was used."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.rulebooks.reading import RuleUse
from microcities.rulebooks.registry import (
    NoRuleInForceError,
    Registry,
    RulebookError,
    UnknownTopicError,
    UnknownVersionError,
    is_unchanged,
    load,
    registry,
    reload,
    rule,
    rule_version,
    rules_in_force,
    versions_used,
)
from microcities.rulebooks.schema import Label, RuleValues, rule_values, territory_chain


@rule_values("probe.age")
class Age(RuleValues):
    age: Annotated[int, Label("Age", "Vecums")]


def entry(name: str, first: date, last: date | None, territory: str = "LV", age: int = 13) -> str:
    end = f"valid_to = {last}\n" if last else ""
    return (
        f'[[version]]\nid = "{name}"\nvalid_from = {first}\n{end}territory = "{territory}"\n'
        'status = "confirmed"\ntitle = { en = "T", lv = "T" }\n'
        'source = { title = "Law", url = "https://example.org/", consulted_on = 2026-11-23 }\n'
        f"values = {{ age = {age} }}\n"
    )


def write(folder: Path, *entries: str, name: str = "age.toml") -> list[tuple[str, Path]]:
    folder.mkdir(exist_ok=True)
    head = 'topic = "probe.age"\ntitle = { en = "Age", lv = "Vecums" }\n'
    (folder / name).write_text(head + "".join(entries), encoding="utf-8")
    return [("probe", folder)]


Build = Callable[..., Registry]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return lambda *entries: load(write(tmp_path / "rulebook", *entries))


def age(found: Registry, on: date, territory: str) -> int:
    return int(found.find("probe.age", on, territory_chain(territory)).values.age)


def test_find_holds_on_both_end_days_and_not_outside(build: Build) -> None:
    found = build(entry("only", date(2020, 1, 1), date(2020, 12, 31)))
    assert age(found, date(2020, 1, 1), "LV") == 13
    assert age(found, date(2020, 12, 31), "LV") == 13
    for outside in (date(2019, 12, 31), date(2021, 1, 1)):
        with pytest.raises(NoRuleInForceError) as error:
            age(found, outside, "LV")
        assert str(error.value) == (
            f"no rule on probe.age is in force on {outside} in LV; covered: LV 2020-01-01 to 2020-12-31"
        )


def test_find_says_when_the_place_is_not_covered(build: Build) -> None:
    found = build(entry("only", date(2020, 1, 1), None))
    with pytest.raises(NoRuleInForceError, match="covered: only LV, and EE lies in none of them"):
        age(found, date(2022, 1, 1), "EE")


def test_find_takes_the_nearest_territory(build: Build) -> None:
    first = date(2020, 1, 1)
    found = build(
        entry("any", first, None, "any", 1),
        entry("eu", first, None, "EU", 2),
        entry("lv", first, date(2020, 12, 31), "LV", 3),
        entry("region", first, None, "LV00C", 4),
        entry("novads", first, None, "LV0054000", 5),
        entry("city", first, None, "LV0054010", 6),
    )
    on = date(2020, 6, 1)
    places = ("UA", "EE", "LV", "LV00C", "LV00B", "LV0054000", "LV0054010", "LV0054020", "LV0007000")
    assert [age(found, on, place) for place in places] == [1, 2, 3, 4, 3, 5, 6, 5, 3]
    assert age(found, date(2021, 1, 1), "LV0007000") == 2


def test_load_refuses_the_same_topic_in_two_files(tmp_path: Path) -> None:
    folder = tmp_path / "rulebook"
    write(folder, entry("one", date(2020, 1, 1), None))
    found = load(write(folder, entry("two", date(2020, 1, 1), None), name="more.toml"))
    assert [problem.message for problem in found.problems] == [
        "probe.age is already in probe/rulebook/age.toml"
    ]
    assert [version.version for version in found.topic("probe.age").versions] == ["one"]


def test_load_says_when_no_file_holds_a_declared_topic(tmp_path: Path) -> None:
    (tmp_path / "rulebook").mkdir()
    found = load([("probe", tmp_path / "rulebook")])
    assert [str(problem) for problem in found.problems] == ["probe/rulebook: topic: no file holds the topic probe.age"]


@given(
    start=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    lengths=st.lists(st.integers(1, 2000), min_size=1, max_size=6),
    open_end=st.booleans(),
    probe=st.integers(-500, 13000),
)
def test_find_has_exactly_one_version_for_each_covered_day(
    tmp_path_factory: pytest.TempPathFactory, start: date, lengths: list[int], open_end: bool, probe: int
) -> None:
    entries, first = [], start
    for number, length in enumerate(lengths):
        last = first + timedelta(days=length - 1)
        is_last = number == len(lengths) - 1
        entries.append(entry(f"v{number}", first, None if open_end and is_last else last, age=number))
        first = last + timedelta(days=1)
    found = load(write(tmp_path_factory.mktemp("books") / "rulebook", *reversed(entries)))
    assert found.problems == ()
    on = start + timedelta(days=probe)
    there = [version for version in found.topic("probe.age").versions if version.in_force(on)]
    covered = on >= start and (open_end or on < first)
    assert len(there) == (1 if covered else 0)
    if covered:
        days = 0
        expected = len(lengths) - 1
        for number, length in enumerate(lengths):
            days += length
            if probe < days:
                expected = number
                break
        assert age(found, on, "LV") == expected


@given(
    spans=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=2, max_size=5),
)
def test_load_refuses_exactly_the_overlapping_sets(
    tmp_path_factory: pytest.TempPathFactory, spans: list[tuple[int, int]]
) -> None:
    start = date(2020, 1, 1)
    days = [set(range(first, first + length + 1)) for first, length in spans]
    overlap = sum(len(each) for each in days) != len(set.union(*days))
    entries = [
        entry(f"v{number}", start + timedelta(days=first), start + timedelta(days=first + length))
        for number, (first, length) in enumerate(spans)
    ]
    found = load(write(tmp_path_factory.mktemp("books") / "rulebook", *entries))
    assert any(problem.level == "error" for problem in found.problems) is overlap


def test_registry_is_read_once_by_all_threads() -> None:
    reload()
    seen: list[Registry] = []
    threads = [threading.Thread(target=lambda: seen.append(registry())) for _number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 16
    assert len({id(each) for each in seen}) == 1


def test_registry_refuses_to_answer_with_a_broken_rulebook(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    roots = write(tmp_path / "rulebook", entry("bad", date(2020, 1, 1), date(2019, 1, 1)))
    monkeypatch.setattr("microcities.rulebooks.registry.rulebook_folders", lambda: roots)
    reload()
    try:
        with pytest.raises(RulebookError, match=r"probe/rulebook/age.toml:3: version\[1\]"):
            rule("probe.age", on=date(2020, 1, 1), territory="LV")
    finally:
        monkeypatch.undo()
        reload()


def test_rule_names_what_there_is_for_an_unknown_topic() -> None:
    with pytest.raises(
        UnknownTopicError, match=r"no rulebook for 'privacy\.nothing'; there are: .*privacy\.retention"
    ):
        rule("privacy.nothing", on=date(2020, 1, 1), territory="LV")
    with pytest.raises(ValueError, match="is not 'any'"):
        rule("privacy.retention", on=date(2020, 1, 1), territory="Valmiera")
    with pytest.raises(ValueError, match="territory is empty"):
        rule("privacy.retention", on=date(2020, 1, 1), territory=())


def test_versions_used_collects_each_rule_once_and_only_inside() -> None:
    with versions_used() as outer:
        first = rule("privacy.child_consent", on=date(2019, 1, 1), territory="LV")
        with versions_used() as inner:
            rule("results.sampling", on=date(2019, 1, 1), territory="LV")
            rule("privacy.child_consent", on=date(2020, 1, 1), territory="LV")
        rule("results.sampling", on=date(2019, 1, 1), territory="LV")
    rule("results.disclosure", on=date(2019, 1, 1), territory="LV")
    assert [use.topic for use in inner] == ["results.sampling", "privacy.child_consent"]
    assert [use.topic for use in outer] == ["privacy.child_consent", "results.sampling"]
    assert outer[0] == RuleUse("privacy.child_consent", "lv-2018", first.digest)
    assert all(is_unchanged(use) for use in outer)


def test_rule_version_finds_an_old_version_and_its_change() -> None:
    old = rule_version("results.full_time_year", "eu-2014")
    assert old.valid_to == date(2021, 6, 30)
    assert is_unchanged(old.use())
    assert not is_unchanged(old.use()._replace(digest="0" * 64))
    assert not is_unchanged(old.use()._replace(version="eu-1999"))
    with pytest.raises(UnknownVersionError, match="has no version 'eu-1999'"):
        rule_version("results.full_time_year", "eu-1999")


def test_rules_in_force_gives_one_winner_for_a_place_and_all_without() -> None:
    on = date(2020, 1, 1)
    everywhere = [(found.topic, found.version) for found in rules_in_force(on)]
    in_latvia = [(found.topic, found.version) for found in rules_in_force(on, "LV")]
    assert ("privacy.child_consent", "eu-2018") in everywhere
    assert ("privacy.child_consent", "lv-2018") in everywhere
    assert [use for use in in_latvia if use[0] == "privacy.child_consent"] == [
        ("privacy.child_consent", "lv-2018")
    ]
    assert len({topic for topic, _version in in_latvia}) == len(in_latvia)
    assert rules_in_force(date(1990, 1, 1)) == ()


def test_registry_works_without_django() -> None:
    code = (
        "import sys; from datetime import date; from microcities.rulebooks.registry import rule; "
        "found = rule('results.full_time_year', on=date(2020, 1, 1), territory='LV'); "
        "print(found.values.hours, 'django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("1720 False", "")
