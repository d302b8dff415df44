"""Exact money of a claim: whole cents, fractions in between, one rounding for a month and never a float.

Rounding. Each amount of a pupil's month (pay, unused leave, contributions, subsidy, grant) is rounded once, half a cent up,
from the exact sum over its days. Where days of that month were paid with earlier claims, a claim gets the rounded amount of
the whole month so far less the rounded amount of what came before: however a month is split into claims, their sum is the
same to the cent, and nothing is lost or won by splitting. Lines are summed, never rounded again. Only a budget that does not
suffice is divided over lines, by largest remainder, so that the parts are the budget exactly.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from microcities.decisions.engine import EngineInputError
from microcities.summerjobs.engines.claim_input import ClaimedPupil, DatedAmount, Rules, Source, WorkingTime
from microcities.summerjobs.engines.eligibility import age_on

SATURDAY = 5


class CountedDay(NamedTuple):
    """A day that counts: minutes paid, minutes subsidised, and the part of the minimum wage for its supervisor."""

    on: date
    paid: int
    subsidised: int
    grant: Fraction


class Amounts(NamedTuple):
    """The amounts of one month, in cents."""

    pay: int = 0
    leave: int = 0
    contributions: int = 0
    subsidy: int = 0
    supervisor: int = 0

    def less(self, before: Amounts) -> Amounts:
        """What is left after an earlier part of the same month."""
        return Amounts(*(now - then for now, then in zip(self, before, strict=True)))


def half_up(value: Fraction) -> int:
    """To the nearest whole cent, half a cent up; values are never below zero here."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def euros(cents: int) -> str:
    """Cents as EUR with two decimals: 21500 is "215.00", -5 is "-0.05"; nothing is "0.00", never "-0.00"."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def month_of(on: date) -> str:
    """The month of a day as "2018-07"."""
    return f"{on.year:04d}-{on.month:02d}"


def in_force(values: Sequence[DatedAmount], on: date) -> int | None:
    """The value of the day, or None."""
    return next((each.value for each in values if each.from_on <= on and (each.to_on is None or on <= each.to_on)), None)


def working_days(on: date, time: WorkingTime) -> int:
    """Working days of the month: its Mondays to Fridays, holidays on them included, unless the calendar says otherwise."""
    known = time.month_days.get(month_of(on))
    if known is not None:
        return known
    days = range(1, monthrange(on.year, on.month)[1] + 1)
    return sum(date(on.year, on.month, day).weekday() < SATURDAY for day in days)


def normal_minutes(born_on: date, on: date, time: WorkingTime) -> int:
    """Full-time minutes of the month for someone of the age of that day (Cabinet Regulation No. 656, section 3)."""
    day = time.young_day_minutes if age_on(born_on, on) < time.young_below else time.day_minutes
    return working_days(on, time) * day


@dataclass(frozen=True)
class Terms:
    """A pupil's terms: turns days into amounts."""

    pupil: ClaimedPupil
    rules: Rules
    source: Source

    @property
    def share(self) -> Fraction:
        return Fraction(self.source.share_disability if self.pupil.disability else self.source.share)

    def minimum(self, on: date) -> int:
        """The minimum wage of the day in cents a month; EngineInputError when none is known."""
        wage = in_force(self.rules.wages, on)
        if wage is None:
            raise EngineInputError.at(f"no minimum wage is in force on {on}", "rules", "wages")
        return wage

    def monthly(self, on: date) -> int:
        """What full time is paid on that day: what was agreed, at least the minimum."""
        agreed = self.pupil.agreement.monthly if self.pupil.agreement else None
        return max(self.minimum(on), agreed or 0)

    def part(self, on: date, minutes: int) -> Fraction:
        """Minutes as a part of a full-time month."""
        return Fraction(minutes, normal_minutes(self.pupil.born_on, on, self.rules.working_time))

    def earned(self, days: Iterable[CountedDay]) -> Fraction:
        """Exact pay of some days, in cents."""
        return sum((self.part(day.on, day.paid) * self.monthly(day.on) for day in days), Fraction(0))

    def contribution(self, base: int, on: date) -> int:
        """The employer's contributions on gross pay, at the rate of that day; none where no rate is given."""
        rate = in_force(self.rules.contributions, on)
        if rate is None and self.rules.contributions:
            raise EngineInputError.at(f"no rate of contributions is in force on {on}", "rules", "contributions")
        return half_up(Fraction(base * (rate or 0), 10_000))

    def amounts(self, days: Sequence[CountedDay], leave: int = 0) -> Amounts:
        """The amounts of days of one month; the subsidy is never more than the cost it is for."""
        if not days:
            return Amounts()
        last_on = max(day.on for day in days)
        pay = half_up(self.earned(days))
        contributions = self.contribution(pay + leave, last_on)
        granted = (day.grant * self.part(day.on, day.subsidised) * self.minimum(day.on) for day in days)
        return Amounts(
            pay, leave, contributions, self._subsidy(days, pay, leave, last_on), half_up(sum(granted, Fraction(0)))
        )

    def _subsidy(self, days: Sequence[CountedDay], pay: int, leave: int, last_on: date) -> int:
        """Of the minimum wage: for pay alone. Of the cost: for pay of subsidised time, unused leave and contributions."""
        if self.source.basis == "minimum_wage":
            parts = (self.part(day.on, day.subsidised) * self.minimum(day.on) for day in days)
            return min(pay, half_up(self.share * sum(parts, Fraction(0))))
        base = half_up(self.earned(day._replace(paid=day.subsidised) for day in days)) + leave
        cost = pay + leave + self.contribution(pay + leave, last_on)
        return min(cost, half_up(self.share * (base + self.contribution(base, last_on))))

    def leave_cents(self, days: Sequence[CountedDay]) -> int:
        """Unused leave: average pay of a day worked times the days due; 0 where nothing was worked."""
        worked = [day for day in days if day.paid]
        if not worked:
            return 0
        return half_up(self.earned(worked) * Fraction(self.pupil.leave_hundredths, 100 * len(worked)))


def by_month(days: Iterable[CountedDay]) -> dict[str, list[CountedDay]]:
    """Days by their month, months in order."""
    found: dict[str, list[CountedDay]] = {}
    for day in sorted(days, key=lambda each: each.on):
        found.setdefault(month_of(day.on), []).append(day)
    return found


def divided(total: int, weights: Mapping[int, int]) -> dict[int, int]:
    """`total` cents in proportion to weights by largest remainder (equal remainders: the earlier key first).

    The parts are the total exactly and none is above its weight while the total is not above the sum of weights.
    """
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    order = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in order[: total - sum(parts.values())]:
        parts[key] += 1
    return parts
