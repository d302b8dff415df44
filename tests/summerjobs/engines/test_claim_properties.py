"""Identities of money that hold for every claim: parts make the whole, and splitting a claim changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from microcities.summerjobs.engines.claim_money import divided
from microcities.summerjobs.engines.claim_output import ClaimOutput
from tests.summerjobs.engines.claims import ERDF, NVA, days, earlier_of, pupil, rules, run, weekdays

SUMMER = weekdays(date(2021, 6, 21), date(2021, 8, 27))
BIRTHDAYS = ["2003-07-14", "2004-02-29", "2007-08-02"]


@st.composite
def claimed(draw: st.DrawFn, code: str = "p1") -> dict[str, Any]:
    which = draw(st.lists(st.sampled_from(SUMMER), min_size=1, max_size=12, unique=True))
    worked = [days([on], draw(st.integers(1, 480)))[0] for on in sorted(which)]
    return pupil(
        worked,
        code,
        born_on=draw(st.sampled_from(BIRTHDAYS)),
        disability=draw(st.booleans()),
        source=draw(st.sampled_from(["nva", "erdf"])),
    )


def odd_rules(share: str, budget: int | None = None) -> dict[str, Any]:
    sources = [{**NVA, "share": share, "budget_left": budget}, {**ERDF, "share": share}]
    return rules(sources=sources, supervision={"grant": "1/10", "grant_disability": "3/5", "most_with_disability": 5})


shares = st.sampled_from(["1/2", "1/3", "2/7", "1/1", "0/1"])


def identities(output: ClaimOutput) -> None:
    for line in output.lines:
        assert line.pay + line.leave + line.contributions == line.cost == line.subsidy + line.own
        assert min(line.pay, line.leave, line.contributions, line.subsidy, line.supervisor) >= 0
    assert sum(line.subsidy + line.supervisor for line in output.lines) == output.total
    assert sum(each.total for each in output.sources) == output.total
    assert sum((Decimal(entry.amount) for entry in output.entries), Decimal(0)) * 100 == output.to_pay
    assert "-0.00" not in [entry.amount for entry in output.entries]
    assert output.to_pay == output.total - output.paid_before


@settings(max_examples=60, deadline=None)
@given(one=claimed("a"), other=claimed("b"), share=shares, budget=st.none() | st.integers(0, 60_000))
def test_parts_make_the_whole(one: dict[str, Any], other: dict[str, Any], share: str, budget: int | None) -> None:
    output = run(one, other, rules=odd_rules(share, budget))
    identities(output)
    if budget is not None:
        assert output.sources[0].total == min(budget, output.sources[0].asked)


@settings(max_examples=60, deadline=None)
@given(whole=claimed(), share=shares, data=st.data())
def test_claim_split_in_two_comes_to_the_same_cent(whole: dict[str, Any], share: str, data: st.DataObject) -> None:
    """Wherever the days are cut, each amount of each month is the same as with one claim: no rounding is lost."""
    first_days = data.draw(st.sets(st.sampled_from([day["on"] for day in whole["days"]])))
    first = {**whole, "days": [day for day in whole["days"] if day["on"] in first_days]}
    second = {**whole, "days": [day for day in whole["days"] if day["on"] not in first_days]}
    together = run(whole, rules=odd_rules(share), first_on="2021-01-01", last_on="2021-12-31")
    frame: dict[str, Any] = {
        "rules": odd_rules(share), "first_on": "2021-01-01", "last_on": "2021-12-31",
        "submitted_on": "2021-08-03", "due_on": "2021-08-10", "booked_on": "2021-08-06",
    }  # fmt: skip
    parts = [run(first, claim="c1", **frame), run(second, claim="c2", earlier=earlier_of(first, "c1"), **frame)]
    for amount in ("pay", "contributions", "cost", "subsidy", "supervisor", "minutes"):
        sums: dict[str, int] = {}
        for line in (line for part in parts for line in part.lines):
            sums[line.month] = sums.get(line.month, 0) + getattr(line, amount)
        assert sums == {line.month: getattr(line, amount) for line in together.lines}, amount
    assert parts[0].total + parts[1].total == together.total


@settings(max_examples=40, deadline=None)
@given(before=claimed(), after=claimed(), share=shares)
def test_corrections_are_the_whole_difference(before: dict[str, Any], after: dict[str, Any], share: str) -> None:
    first = run(before, rules=odd_rules(share))
    paid = [
        {"pupil": line.pupil, "month": line.month, "source": line.source, "kind": kind, "cents": getattr(line, kind)}
        for line in first.lines
        for kind in ("subsidy", "supervisor")
    ]
    output = run(after, rules=odd_rules(share), claim="c2", corrects="c1", paid_before=paid)
    identities(output)
    signed = [each.cents if each.direction == "supplement" else -each.cents for each in output.corrections]
    assert sum(signed) == output.total - first.total == output.to_pay
    assert 0 not in signed


@given(
    weights=st.dictionaries(st.integers(0, 50), st.integers(0, 100_000), min_size=1).filter(lambda found: sum(found.values())),
    data=st.data(),
)
def test_largest_remainder_parts_are_the_total_and_none_above_its_weight(weights: dict[int, int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(weights.values())))
    parts = divided(total, weights)
    assert sum(parts.values()) == total
    assert all(0 <= parts[key] <= weights[key] for key in weights)


@settings(max_examples=40, deadline=None)
@given(some=claimed(), share=shares)
def test_subsidy_is_never_more_than_the_cost_and_pay_never_below_the_minimum(some: dict[str, Any], share: str) -> None:
    for line in run(some, rules=odd_rules(share)).lines:
        assert 0 <= line.subsidy <= line.cost
        # Nobody has less than 500 EUR for 23 working days of 8 hours (the longest month), a cent aside for the rounding.
        assert (line.pay + 1) * 23 * 480 >= 50000 * line.minutes
