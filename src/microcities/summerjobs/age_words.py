"""A scheme's conditions and a post's hours as sentences and rows that a pupil reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.rulebooks.place import here
from microcities.rulebooks.registry import NoRuleInForceError, rule
from microcities.summerjobs.ages import Allowed
from microcities.summerjobs.eligible import law_words
from microcities.summerjobs.models import SummerScheme
from microcities.summerjobs.rulebook.money_values import MinimumWage
from microcities.ui.numbers import format_day

MINUTES_OF_HOUR = 60


@dataclass(frozen=True)
class AgeRow:
    """Hours of the longest day and of all days at an age, or why there is no work."""

    age: int
    days: int
    day_hours: Decimal
    hours: Decimal
    closed: str = ""


def age_table(allowed: Iterable[Allowed]) -> list[AgeRow]:
    """Rows by age."""
    return [
        AgeRow(each.age, each.days, _hours(each.longest), _hours(each.minutes), law_words(each.reason) if each.reason else "")
        for each in allowed
    ]


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / MINUTES_OF_HOUR).quantize(Decimal("0.1"))


def programme_lines(scheme: SummerScheme) -> list[tuple[str, list[str]]]:
    """Each sub-programme's name with its conditions."""
    language, found = get_language() or "lv", []
    for each in scheme.rules.programmes:
        lines = [_("Age from %(first)s to %(last)s years.") % {"first": each.age_from, "last": each.age_to}]
        lines.append(_("Employers: %(hosts)s.") % {"hosts": each.hosts_in_words.in_language(language)})
        if each.residence_required and each.declared_by:
            day = format_day(each.declared_by)
            lines.append(_("Residence declared in the municipality no later than %(day)s.") % {"day": day})
        elif each.residence_required:
            lines.append(_("Residence declared in the municipality."))
        if each.school_required:
            lines.append(_("Studies at a school of the municipality."))
        found.append((each.name.in_language(language), lines))
    return found


def band_lines(scheme: SummerScheme) -> list[tuple[str, int, int, Decimal | None]]:
    """Ages, hours a day, hours a week, and the gross pay of a day on the minimum wage of today (None where it is not known)."""
    found = []
    for each in scheme.rules.bands:
        ages = f"{each.age_from}–{each.age_to}"
        found.append((ages, each.day_hours, each.week_hours, _pay(each.day_hours, each.age_from)))
    return found


def _pay(hours: int, age: int) -> Decimal | None:
    """Of a month with 21 working days: an estimate for the page; claims count each month's own days."""
    try:
        wage = rule(MinimumWage, on=timezone.localdate(), territory=here()).values
    except NoRuleInForceError:
        return None
    cents = wage.hourly_cents(21, age) * hours
    return (Decimal(cents.numerator) / Decimal(cents.denominator) / 100).quantize(Decimal("0.01"))
