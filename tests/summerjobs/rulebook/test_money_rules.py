"""The state minimum wage and the employer's contributions, against published figures."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.rulebooks.registry import NoRuleInForceError, rule
from microcities.summerjobs.engines.claim_input import WorkingTime
from microcities.summerjobs.engines.claim_money import working_days
from microcities.summerjobs.rulebook.money_values import EmployerContribution, MinimumWage


def wage(on: date) -> MinimumWage:
    return rule(MinimumWage, on=on, territory="LV").values


@pytest.mark.parametrize(
    ("on", "cents"),
    [
        (date(2016, 1, 1), 37000),
        (date(2017, 12, 31), 38000),
        (date(2018, 1, 1), 43000),
        (date(2020, 12, 31), 43000),
        (date(2021, 1, 1), 50000),
        (date(2022, 12, 31), 50000),
        (date(2023, 6, 1), 62000),
        (date(2024, 6, 1), 70000),
        (date(2025, 12, 31), 74000),
        (date(2026, 1, 1), 78000),
    ],
)
def test_minimum_wage_of_the_year(on: date, cents: int) -> None:
    """Central Statistical Bureau DSG160 (to 2019); Cabinet Regulations 657/2023; Ministry of Welfare, November 2025."""
    assert wage(on).monthly_cents == cents


def test_minimum_wage_is_unknown_before_the_regulation() -> None:
    with pytest.raises(NoRuleInForceError):
        wage(date(2015, 12, 31))


@pytest.mark.parametrize(
    ("month", "hours", "rate"),
    [
        (date(2016, 1, 1), 168, "2.2024"),
        (date(2016, 3, 1), 184, "2.0109"),
        (date(2016, 6, 1), 176, "2.1023"),
        (date(2016, 8, 1), 184, "2.0109"),
        (date(2023, 2, 1), 160, "3.8750"),
        (date(2023, 5, 1), 184, "3.3696"),
        (date(2023, 6, 1), 176, "3.5227"),
        (date(2023, 7, 1), 168, "3.6905"),
    ],
)
def test_hourly_minimum_agrees_with_the_ministry(month: date, hours: int, rate: str) -> None:
    """Hours and hourly rates of months as the Ministry of Welfare published them (ifinanses.lv, 2016 and 2023): a month's
    hours hold the holidays that fall on its working days."""
    days = working_days(month, WorkingTime())
    assert days * 8 == hours
    exact = wage(month).hourly_cents(days, 18)
    assert f"{float(exact) / 100:.4f}" == rate
    assert wage(month).hourly_cents(days, 17) == exact * Fraction(8, 7)


def test_rate_below_18_is_the_monthly_wage_over_35_hours_a_week() -> None:
    assert wage(date(2018, 7, 1)).hourly_cents(22, 17) == Fraction(43000, 154)


@pytest.mark.parametrize(
    ("on", "parts"),
    [
        (date(2017, 12, 31), 2359),
        (date(2018, 1, 1), 2409),
        (date(2020, 12, 31), 2409),
        (date(2021, 1, 1), 2359),
    ],
)
def test_employer_contribution_of_the_day(on: date, parts: int) -> None:
    """State Social Insurance Agency (24.09 % in 2019); report of 27 November 2020 (23.59 % from 2021)."""
    assert rule(EmployerContribution, on=on, territory="LV").values.per_ten_thousand == parts


@given(on=st.dates(date(2016, 1, 1), date(2026, 12, 31)))
def test_minimum_wage_never_falls_and_shares_of_it_are_whole_cents(on: date) -> None:
    later = wage(on).monthly_cents
    assert later >= wage(date(2016, 1, 1)).monthly_cents
    assert later % 10 == 0
