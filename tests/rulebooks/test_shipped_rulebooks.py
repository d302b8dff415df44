"""The rulebooks that come with the platform, against the facts they were taken from."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.people.rulebook.values import SizeClasses
from microcities.privacy.rulebook.values import ChildConsent, Retention
from microcities.programme.rulebook.values import Visibility
from microcities.programme.territories import (
    NoTerritoryCodeError,
    UnknownPlaceError,
    place_chain,
    places_on,
    territory_code,
)
from microcities.results.rulebook.values import Disaggregation, Disclosure, FullTimeYear, Sampling
from microcities.rulebooks.registry import NoRuleInForceError, registry, rule

PROGRAMME_STARTS = date(2018, 11, 1)
PROGRAMME_ENDS = date(2021, 10, 31)


def test_shipped_rulebooks_have_no_error_and_no_gap() -> None:
    assert registry().problems == ()


@given(on=st.dates(date(2005, 1, 1), date(2040, 12, 31)))
def test_shipped_topics_have_at_most_one_version_a_day_and_one_from_their_first_day(on: date) -> None:
    for topic in registry().topics.values():
        for territory in {version.territory for version in topic.versions}:
            line = [version for version in topic.versions if version.territory == territory]
            there = [version.version for version in line if version.in_force(on)]
            covered = on >= line[0].valid_from and (line[-1].valid_to is None or on <= line[-1].valid_to)
            assert len(there) == int(covered), (topic.name, on)


def test_shipped_sources_were_consulted_and_unconfirmed_rules_say_why() -> None:
    for topic in registry().topics.values():
        for version in topic.versions:
            assert version.source.url.startswith("https://")
            assert version.confirmed or (version.note is not None and version.note.lv != version.note.en)
            assert version.title.lv != version.title.en


def test_shipped_rules_not_checked_in_full_are_known() -> None:
    """Whoever confirms one, or adds one that is open, changes this list, and says so in the note."""
    waiting = {
        f"{version.topic} {version.version}"
        for topic in registry().topics.values()
        for version in topic.versions
        if not version.confirmed
    }
    assert waiting == {
        "summerjobs.public_holidays lv-1990",
        "careers.college_framework gatsby-2018",
        "careers.college_framework gatsby-2025",
        "careers.interest_reading reading-1",
        "careers.meaningful checks-2014",
        "careers.school_framework gatsby-2014",
        "careers.school_framework gatsby-2025",
        "careers.scoring compass-2018",
        "careers.scoring compass-2025",
        "careers.stages lv-2014",
        "careers.study_paths lv-2022",
        "people.consents house-2018",
        "privacy.clocks house-2018",
        "privacy.retention eu-2014",
        "privacy.retention eu-2021",
        "programme.territories lv-2009",
        "programme.territories lv-2021",
        "programme.territories lv-2024",
        "programme.visibility eu-2014",
        "programme.visibility eu-2021",
        "results.disaggregation esf-plus-2021",
        "results.disclosure house-2018",
        "results.sampling house-2018",
        "summerjobs.employer_contribution lv-2021",
        "summerjobs.light_work lv-2002",
        "summerjobs.minimum_wage lv-2025",
        "summerjobs.scheme nva-2018",
        "summerjobs.scheme nva-2019",
        "summerjobs.scheme nva-2020",
        "summerjobs.scheme nva-2021",
        "summerjobs.scheme valmiera-2019",
        "summerjobs.scheme valmiera-2020",
        "summerjobs.scheme valmiera-2021",
        "summerjobs.scheme valmiera-2021-city",
        "summerjobs.scheme valmiera-2022",
        "summerjobs.scheme ventspils-county-2019",
        "summerjobs.working_time lv-2002",
        "summerjobs.working_time lv-2015",
    }


@pytest.mark.parametrize(
    ("on", "territory", "age"),
    [
        (date(2018, 5, 25), "LV", 16),
        (date(2018, 7, 4), "LV", 16),
        (date(2018, 7, 5), "LV", 13),
        (date(2026, 11, 23), "LV0054010", 13),
        (date(2026, 11, 23), "EE", 16),
    ],
)
def test_child_consent_age(on: date, territory: str, age: int) -> None:
    assert rule(ChildConsent, on=on, territory=territory).values.own_consent_age == age


def test_child_consent_of_latvia_says_where_its_age_was_read() -> None:
    found = rule(ChildConsent, on=date(2020, 1, 1), territory="LV")
    assert found.confirmed
    assert found.note is not None
    assert "SWD(2020) 115" in found.note.en
    with pytest.raises(NoRuleInForceError, match="EU from 2018-05-25; LV from 2018-07-05"):
        rule(ChildConsent, on=date(2018, 5, 24), territory="LV")


@pytest.mark.parametrize(
    ("place", "on", "level", "code"),
    [
        ("ventspils", date(2021, 6, 30), "lau", "0270000"),
        ("ventspils", date(2021, 7, 1), "lau", "LV0007000"),
        ("valmiera", PROGRAMME_STARTS, "lau", "0250000"),
        ("valmiera", date(2021, 6, 30), "lau", "0250000"),
        ("valmiera", date(2021, 7, 1), "lau", "LV0054010"),
        ("valmiera", PROGRAMME_ENDS, "lau", "LV0054010"),
        ("ventspils", date(2023, 12, 31), "nuts3", "LV003"),
        ("ventspils", date(2024, 1, 1), "nuts3", "LV00B"),
        ("valmiera", date(2023, 12, 31), "nuts3", "LV008"),
        ("valmiera", date(2024, 1, 1), "nuts3", "LV00C"),
        ("daugavpils", date(2022, 1, 1), "lau", "LV0002000"),
        ("jelgava", date(2022, 1, 1), "lau", "LV0003000"),
        ("jekabpils", date(2022, 1, 1), "lau", "LV0031010"),
        ("jurmala", date(2022, 1, 1), "lau", "LV0004000"),
        ("liepaja", date(2022, 1, 1), "lau", "LV0005000"),
        ("ogre", date(2022, 1, 1), "lau", "LV0040010"),
        ("rezekne", date(2022, 1, 1), "lau", "LV0006000"),
        ("rezekne", date(2024, 1, 1), "nuts3", "LV005"),
    ],
)
def test_territory_code_is_the_one_of_the_date(place: str, on: date, level: str, code: str) -> None:
    assert territory_code(place, on, level).code == code  # type: ignore[arg-type]


def test_territory_code_tells_its_days_and_its_change() -> None:
    before = territory_code("valmiera", date(2020, 1, 1), "lau")
    after = territory_code("valmiera", date(2025, 1, 1), "lau")
    assert (before.valid_to, before.changed_from) == (date(2021, 6, 30), None)
    assert (after.valid_from, after.valid_to, after.changed_from) == (date(2021, 7, 1), None, "0250000")
    assert after.note is not None
    assert after.note.en == "Since 1 July 2021 a state city inside Valmiera municipality (LV0054000)"
    region = territory_code("valmiera", date(2022, 1, 1), "nuts3")
    assert (region.valid_from, region.valid_to) == (date(2009, 7, 1), date(2023, 12, 31))
    later = territory_code("valmiera", date(2024, 1, 1), "nuts3")
    assert (later.valid_from, later.changed_from) == (date(2024, 1, 1), "LV008")
    assert later.note is not None
    assert later.note.en == "Five statistical regions instead of six"
    unchanged = territory_code("rezekne", date(2024, 1, 1), "nuts3")
    assert (unchanged.valid_from, unchanged.changed_from, unchanged.note) == (date(2009, 7, 1), None, None)


def test_territory_code_is_confirmed_for_the_two_cities_of_the_programme() -> None:
    for place in ("ventspils", "valmiera"):
        for on in (PROGRAMME_STARTS, PROGRAMME_ENDS, date(2024, 1, 1)):
            assert territory_code(place, on, "lau").confirmed
            assert territory_code(place, on, "nuts3").confirmed
    assert not territory_code("jurmala", date(2024, 1, 1), "nuts3").confirmed


def test_territory_code_refuses_what_is_not_on_record() -> None:
    with pytest.raises(NoTerritoryCodeError, match="no lau code of ogre is on record for 2020-01-01"):
        territory_code("ogre", date(2020, 1, 1), "lau")
    with pytest.raises(UnknownPlaceError, match="no territory codes for 'riga'"):
        territory_code("riga", date(2020, 1, 1), "lau")
    with pytest.raises(NoRuleInForceError):
        territory_code("valmiera", date(2009, 6, 30), "lau")


def test_place_chain_leads_from_city_to_everywhere() -> None:
    assert place_chain("valmiera", date(2025, 1, 1)) == (
        "LV0054010", "LV0054000", "LV00C", "LV00", "LV0", "LV", "EU", "any",
    )  # fmt: skip
    assert place_chain("ventspils", date(2019, 1, 1)) == (
        "LV0270000", "LV003", "LV00", "LV0", "LV", "EU", "any",
    )  # fmt: skip
    on = date(2020, 1, 1)
    assert rule(ChildConsent, on=on, territory=place_chain("valmiera", on)).version == "lv-2018"


def test_places_on_lists_nine_state_cities() -> None:
    assert [row.place for row in places_on(date(2024, 1, 1))][:2] == ["ventspils", "valmiera"]
    assert len(places_on(date(2024, 1, 1))) == 9


def test_retention_clock_runs_from_the_end_of_the_year() -> None:
    old = rule(Retention, on=date(2019, 1, 1), territory="LV").values
    now = rule(Retention, on=date(2026, 1, 1), territory="LV").values
    assert [clock.code for clock in old.clocks] == ["erdf-2014-small", "erdf-2014-large"]
    assert now.clocks[:2] == old.clocks
    assert now.clock("erdf-2014-large").last_day(date(2023, 2, 15)) == date(2025, 12, 31)
    assert now.clock("erdf-2014-small").last_day(date(2023, 2, 15)) == date(2026, 12, 31)
    assert now.clock("cpr-2021").last_day(date(2024, 3, 1)) == date(2029, 12, 31)
    assert now.clock("cpr-2021").last_day(date(2024, 12, 31), stopped_days=31) == date(2030, 1, 31)
    with pytest.raises(KeyError, match="there are: erdf-2014-small, erdf-2014-large"):
        old.clock("cpr-2021")


@pytest.mark.parametrize("on", [PROGRAMME_STARTS, date(2021, 6, 30), date(2021, 7, 1), date(2026, 1, 1)])
def test_full_time_year_is_1720_hours(on: date) -> None:
    assert rule(FullTimeYear, on=on, territory="LV").values.hours == 1720


def test_full_time_year_turns_summer_jobs_into_equivalents() -> None:
    hours = 66 * 15 * 4
    year = rule(FullTimeYear, on=date(2019, 7, 1), territory="LV").values.hours
    assert round(Decimal(hours) / year, 2) == Decimal("2.30")


def test_disclosure_withholds_small_counts_and_dominated_figures() -> None:
    limits = rule(Disclosure, on=PROGRAMME_STARTS, territory="LV").values
    assert [limits.withholds_count(count) for count in range(7)] == [
        False, True, True, True, True, False, False,
    ]  # fmt: skip
    assert limits.is_dominated([9, 1])  # the course of ten of whom one firm took nine
    assert limits.is_dominated([10])
    assert not limits.is_dominated([3, 3, 3, 3])
    assert not limits.is_dominated([15, 45, 40])
    assert limits.is_dominated([Decimal("14"), Decimal("45.5"), Decimal("40.5")])
    assert limits.is_dominated([5, 5])  # each of two firms could work out the other
    assert not limits.is_dominated([])
    assert limits.minimum_width == 4


def test_sampling_takes_a_tenth_rounded_up_below_300() -> None:
    limits = rule(Sampling, on=PROGRAMME_STARTS, territory="LV").values
    assert [limits.minimum_size(records) for records in (0, 1, 10, 11, 66, 299)] == [0, 1, 1, 2, 7, 30]
    assert (limits.is_small(299), limits.is_small(300)) == (True, False)


@pytest.mark.parametrize(
    ("on", "bands"),
    [
        (date(2019, 7, 1), ["under_25", "under_25", "25_54", "25_54", "25_54", "over_54"]),
        (date(2021, 7, 1), ["under_18", "18_29", "18_29", "18_29", "30_54", "55_over"]),
    ],
)
def test_disaggregation_puts_ages_into_bands(on: date, bands: list[str]) -> None:
    values = rule(Disaggregation, on=on, territory="LV").values
    assert [values.age_band(age) for age in (17, 18, 25, 29, 30, 55)] == bands
    assert values.age_band(None) == "unknown"
    assert "unknown" in [sex.code for sex in values.sexes]
    with pytest.raises(ValueError, match="cannot be negative"):
        values.age_band(-1)


@given(age=st.integers(0, 130), on=st.dates(date(2014, 1, 1), date(2030, 1, 1)))
def test_disaggregation_has_one_band_for_each_age(age: int, on: date) -> None:
    values = rule(Disaggregation, on=on, territory="LV").values
    fitting = [
        band.code
        for band in values.age_bands
        if band.age_from is not None and age in range(band.age_from, (band.age_to or 200) + 1)
    ]
    assert fitting == [values.age_band(age)]


def test_disaggregation_refuses_a_hole_between_bands() -> None:
    values = rule(Disaggregation, on=date(2022, 1, 1), territory="LV").values
    first, second, *rest = values.age_bands
    with pytest.raises(ValueError, match="age band 18_29 must begin at 17"):
        Disaggregation(age_bands=(first.model_copy(update={"age_to": 16}), second, *rest), sexes=values.sexes)
    with pytest.raises(ValueError, match="'unknown' and has no ages"):
        Disaggregation(age_bands=values.age_bands[:-1], sexes=values.sexes)


@pytest.mark.parametrize(
    ("headcount", "expected"),
    [
        (None, None),
        (0, "micro"),
        (9, "micro"),
        (Decimal("9.5"), "micro"),
        (10, "small"),
        (49, "small"),
        (50, "medium"),
        (249, "medium"),
        (250, "large"),
    ],
)
def test_size_class_by_headcount(headcount: int | Decimal | None, expected: str | None) -> None:
    assert rule(SizeClasses, on=PROGRAMME_STARTS, territory="LV").values.by_headcount(headcount) == expected


def test_size_class_refuses_a_negative_headcount() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        rule(SizeClasses, on=PROGRAMME_STARTS, territory="LV").values.by_headcount(-1)


def test_visibility_shows_the_sentence_of_the_scheme_that_pays() -> None:
    during = rule(Visibility, on=PROGRAMME_STARTS, territory="LV").values
    now = rule(Visibility, on=date(2026, 11, 23), territory="LV").values
    assert [scheme.code for scheme in during.schemes] == ["uia-2014"]
    assert [scheme.code for scheme in now.schemes] == ["uia-2014", "erdf-2021", "esf-2021"]
    assert during.schemes[0] == now.schemes[0]
    uia = now.scheme("uia-2014")
    assert uia.statement.lv.startswith("Projektu līdzfinansē Eiropas Reģionālās attīstības fonds")
    assert uia.disclaimer is not None
    assert now.scheme("erdf-2021").statement.en == "Co-funded by the European Union"
    assert (now.scheme("erdf-2021").plaque_from, now.scheme("esf-2021").plaque_from) == (500000, 100000)
    with pytest.raises(KeyError, match="no funding scheme 'eea'"):
        now.scheme("eea")
