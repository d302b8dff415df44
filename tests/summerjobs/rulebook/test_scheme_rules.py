"""Summer schemes by place and year, against what the municipalities and the Employment Agency published."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from microcities.programme.territories import place_chain
from microcities.rulebooks.reading import Rule
from microcities.rulebooks.registry import registry, rule
from microcities.summerjobs.rulebook.money_values import MinimumWage
from microcities.summerjobs.rulebook.scheme_values import Choosing, Scheme, SubProgramme


def valmiera(on: date) -> Rule[Scheme]:
    return rule(Scheme, on=on, territory=place_chain("valmiera", on))


def published(found: Scheme) -> dict[str, int]:
    return {each.code: each.number for each in found.published}


def test_valmiera_2019_as_published() -> None:
    """valmierasnovads.lv: 281 pupils, 29 employers, 15 days of 4 hours, four periods 3 June - 26 August; UIA: 66 in 8."""
    found = valmiera(date(2019, 6, 3)).values
    assert published(found) == {"pupils": 281, "pupils_erdf": 66, "companies_erdf": 8, "hosts": 29}
    assert (found.work_days, len(found.periods)) == (15, 4)
    assert (found.periods[0].first_on, found.periods[-1].last_on) == (date(2019, 6, 3), date(2019, 8, 26))
    assert [period.last_on for period in found.periods[:3]] == [None, None, None]
    band = found.hours_at(13)
    assert band is not None
    assert (band.day_hours, band.week_hours, found.hours_at(12), found.hours_at(20)) == (4, 20, None, None)
    (only,) = found.programmes
    assert (only.age_from, only.age_to, only.residence_required, only.declared_by) == (13, 19, True, None)


def test_valmiera_2020_was_not_held_in_june() -> None:
    found = valmiera(date(2020, 7, 1)).values
    assert (found.runs, [period.code for period in found.periods]) == (False, ["july", "august"])


def test_valmiera_2021_has_two_programmes_with_conditions_of_their_own() -> None:
    """valmierasnovads.lv on 2021: residence no later than 1 January 2020 with the city, a Valmiera school with firms."""
    found = valmiera(date(2021, 6, 21)).values
    municipal, firms = found.programme("municipal"), found.programme("firms")
    assert municipal is not None
    assert firms is not None
    assert (municipal.hosts, municipal.declared_by, municipal.school_required) == (("municipal",), date(2020, 1, 1), False)
    assert (firms.hosts, firms.residence_required, firms.school_required) == (("company", "ngo"), False, True)
    assert [found.hours_at(age).day_hours for age in (13, 14, 15, 17, 18, 19)] == [4, 4, 7, 7, 8, 8]  # type: ignore[union-attr]
    assert published(found) == {"pupils": 342}


def test_valmiera_2021_is_the_same_before_and_after_the_city_changed_its_code() -> None:
    before, after = valmiera(date(2021, 6, 30)), valmiera(date(2021, 7, 1))
    assert (before.version, after.version) == ("valmiera-2021", "valmiera-2021-city")
    assert before.values == after.values


def test_valmiera_2022_is_found_through_the_municipality() -> None:
    found = valmiera(date(2022, 7, 1))
    assert (found.version, published(found.values)["pupils"]) == ("valmiera-2022", 343 + 127)


def test_place_without_a_scheme_of_its_own_has_the_states() -> None:
    assert rule(Scheme, on=date(2019, 7, 1), territory=place_chain("ventspils", date(2019, 7, 1))).version == "nva-2019"


def test_ventspils_county_puts_four_groups_first_and_names_no_share() -> None:
    """ventspilnieks.lv: 7,000 EUR, age 13 to 20."""
    found = rule(Scheme, on=date(2019, 6, 1), territory="LV0980200").values
    assert [group.code for group in found.priority] == ["low_income", "orphan", "disability", "large_family"]
    assert [(each.budget, each.share_for(disability=False)) for each in found.funding] == [(7000, None)]
    assert (found.programmes[0].age_from, found.programmes[0].age_to) == (13, 20)


@pytest.mark.parametrize(
    ("on", "subsidy", "with_disability", "supervisor", "supervisor_disability", "most"),
    [
        (date(2018, 7, 2), 21500, 21500, 4300, 4300, (10, 10)),
        (date(2019, 7, 1), 21500, 43000, 4300, 4300, (10, 10)),
        (date(2020, 7, 6), 21500, 43000, 4300, 25800, (10, 10)),
        (date(2022, 7, 1), 25000, 50000, 5000, 30000, (10, 5)),
        (date(2026, 7, 1), 39000, 78000, 7800, 46800, (10, 5)),
    ],
)
def test_state_scheme_in_cents(
    on: date, subsidy: int, with_disability: int, supervisor: int, supervisor_disability: int, most: tuple[int, int]
) -> None:
    """nva.gov.lv (2018), LV portāls (430 EUR for a disability in 2019), ntz.lv (60 % for supervising in 2020), tax.lv (5
    pupils in 2022), jauns.lv (780 EUR in 2026)."""
    found = rule(Scheme, on=on, territory="LV").values
    wage = rule(MinimumWage, on=on, territory="LV").values.monthly_cents
    shares = [found.funding[0].share_for(disability=flag) for flag in (False, True)]
    assert [share * wage for share in shares if share is not None] == [subsidy, with_disability]
    assert found.supervision is not None
    grants = (found.supervision.grant, found.supervision.grant_disability)
    assert [Fraction(grant) * wage for grant in grants] == [supervisor, supervisor_disability]
    assert (found.supervision.most_pupils, found.supervision.most_with_disability) == most
    assert (found.programmes[0].age_from, found.programmes[0].age_to) == (15, 20)


def test_no_version_of_a_scheme_is_called_confirmed_while_its_periods_are_not() -> None:
    versions = registry().topic("summerjobs.scheme").versions
    assert len(versions) == 10
    assert {each.version for each in versions if each.confirmed} == set()


PROGRAMME: dict[str, Any] = {
    "code": "city",
    "name": {"en": "City", "lv": "Pilsēta"},
    "hosts": ("municipal",),
    "hosts_in_words": {"en": "City", "lv": "Pilsēta"},
    "age_from": 13,
    "age_to": 19,
    "age_counted_on": "first_work_day",
    "residence_required": False,
    "school_required": False,
}


def scheme(**changes: Any) -> Scheme:
    words = {"en": "Pay", "lv": "Alga"}
    source = {
        "code": "city",
        "name": words,
        "kind": "municipality",
        "basis": "cost",
        "basis_in_words": words,
    }
    values: dict[str, Any] = {"programmes": (PROGRAMME,), "periods": (), "wage_in_words": words, "funding": (source,)}
    return Scheme.model_validate({**values, **changes})


def test_scheme_refuses_what_contradicts_itself() -> None:
    assert scheme().programme("city") is not None
    period = {"code": "p1", "name": {"en": "One", "lv": "Viens"}, "first_on": date(2019, 7, 2), "last_on": date(2019, 7, 1)}
    bands = (
        {"age_from": 13, "age_to": 14, "day_hours": 4, "week_hours": 20},
        {"age_from": 16, "age_to": 17, "day_hours": 7, "week_hours": 35},
    )
    for changes, message in (
        ({"programmes": (PROGRAMME, PROGRAMME)}, "stands twice"),
        ({"periods": (period,)}, "follow each other"),
        ({"bands": bands}, "follow each other"),
    ):
        with pytest.raises(ValidationError, match=message):
            scheme(**changes)
    with pytest.raises(ValidationError, match="asks for no residence"):
        SubProgramme.model_validate({**PROGRAMME, "declared_by": date(2020, 1, 1)})
    with pytest.raises(ValidationError, match="must make one"):
        Choosing(employer_share="7/10", lottery_share="2/10")
