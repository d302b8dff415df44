"""Weighs what two records of people have in common, so that a machine decides only what is certain.

The weights are base-2 logarithms of how much likelier an agreement is for one person than for two (I. P. Fellegi and
A. B. Sunter, "A Theory for Record Linkage", J. Am. Stat. Assoc. 64 (1969) 1183-1210). The shares behind them are estimates for
small Latvian cities: one in 100 shares a given name, one in 300 a family name, one in 3,000 a birth date within the
generations a programme serves, one in 2,500 a telephone or e-mail. They rank pairs; they are not measured error rates.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from microcities.people.matching.names import NameVerdict, Words, compare_names

N = NameVerdict
GIVEN = {N.SAME: 6.6, N.ENDING: 6.6, N.PART: 4.5, N.ALIKE: 2.5, N.DIFFERENT: -9.0, N.MISSING: 0.0}
FAMILY = {N.SAME: 8.3, N.ENDING: 7.5, N.PART: 5.5, N.ALIKE: 3.5, N.DIFFERENT: -5.0, N.MISSING: 0.0}
SWAPPED = -1.0
CONTACT_SAME = 11.3
SEX_DIFFERENT = -6.0
REFERENCE_DIFFERENT = -4.0
# Before anything is compared: one in 100,000 known to the programme, one in 1,000 known to the same organisation.
PRIOR_ANYBODY = -16.6
PRIOR_OWN = -10.0
NOT_FIGURES = re.compile("[^0-9]+")
CERTAIN = 0.9999
POSSIBLE = 0.5


class BirthVerdict(StrEnum):
    """How two dates of birth agree; `near` is day and month swapped, or one figure wrong."""

    SAME = "same"
    NEAR = "near"
    DIFFERENT = "different"
    MISSING = "missing"


B = BirthVerdict
BIRTH = {B.SAME: 11.5, B.NEAR: 3.0, B.DIFFERENT: -6.0, B.MISSING: 0.0}


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one person; names as `words_of` gives them, contacts as `email_key` and `phone_key` do.

    key: the person's number, or any number that tells records apart. own: known to the organisation that asks.
    code: the keyed hash of the personal code. reference: the asking organisation's own reference.
    """

    key: int
    given: Words
    family: Words
    birth_on: date | None = None
    sex: str = ""
    email: str = ""
    phone: str = ""
    code: bytes | None = None
    reference: str = ""
    own: bool = False


class Reason(NamedTuple):
    """One comparison: the field, how it agreed, and its weight in bits."""

    field: str
    verdict: str
    weight: float


class Comparison(NamedTuple):
    """The score (0 to 1), whether nothing speaks against deciding by machine, and why."""

    score: float
    certain: bool
    reasons: tuple[Reason, ...]


def email_key(email: str) -> str:
    """An e-mail address as it is compared."""
    return email.strip().casefold()


def phone_key(phone: str) -> str:
    """The last eight figures of a telephone number: the whole number within Latvia."""
    figures = NOT_FIGURES.sub("", phone)
    return figures[-8:] if len(figures) >= 8 else ""


def compare_births(first: date | None, second: date | None) -> BirthVerdict:
    """How two dates of birth agree."""
    if first is None or second is None:
        return B.MISSING
    if first == second:
        return B.SAME
    if (first.year, first.month, first.day) == (second.year, second.day, second.month):
        return B.NEAR
    wrong = sum(a != b for a, b in zip(f"{first:%Y%m%d}", f"{second:%Y%m%d}", strict=True))
    return B.NEAR if wrong == 1 else B.DIFFERENT


def compare(known: Record, asked: Record) -> Comparison:
    """Weigh two records. Certain needs the same birth date, a given name that is no near miss, and nothing against it."""
    names = _names(known, asked)
    birth = compare_births(known.birth_on, asked.birth_on)
    reasons = [*names, Reason("birth_on", birth, BIRTH[birth])]
    if contact := _contact(known, asked):
        reasons.append(contact)
    if known.sex and asked.sex and known.sex != asked.sex:
        reasons.append(Reason("sex", "different", SEX_DIFFERENT))
    if known.own:
        reasons.append(Reason("organisation", "same", PRIOR_OWN - PRIOR_ANYBODY))
        if known.reference and asked.reference and known.reference != asked.reference:
            reasons.append(Reason("local_reference", "different", REFERENCE_DIFFERENT))
    score = probability(PRIOR_ANYBODY + sum(reason.weight for reason in reasons))
    # Twins share birth date, family name and contact: a given name that is merely alike never decides by itself.
    given, family = names[0].verdict, names[1].verdict
    sure_of_name = given in (N.SAME, N.ENDING, N.PART) and family not in (N.DIFFERENT, N.MISSING)
    against = any(reason.field in ("sex", "local_reference") for reason in reasons)
    certain = score >= CERTAIN and birth is B.SAME and sure_of_name and not against
    return Comparison(score, certain, tuple(reasons))


def probability(bits: float) -> float:
    """Odds in bits as a probability."""
    return 1 / (1 + 2**-bits) if bits > -1000 else 0.0


def _names(known: Record, asked: Record) -> list[Reason]:
    straight = _name_reasons(known.given, known.family, asked)
    if straight[0].weight > 0 and straight[1].weight > 0:
        return straight
    if known.family[:1] != asked.given[:1] and known.given[:1] != asked.family[:1]:
        return straight  # names are swapped or mistyped, hardly ever both
    swapped = _name_reasons(known.family, known.given, asked)
    if sum(r.weight for r in swapped) + SWAPPED > sum(r.weight for r in straight):
        return [*swapped, Reason("name_order", "swapped", SWAPPED)]
    return straight


def _name_reasons(given: Words, family: Words, asked: Record) -> list[Reason]:
    first, last = compare_names(given, asked.given, False), compare_names(family, asked.family, True)
    return [Reason("given_name", first, GIVEN[first]), Reason("family_name", last, FAMILY[last])]


def _contact(known: Record, asked: Record) -> Reason | None:
    """E-mail and telephone count once: whoever shares one usually shares the other."""
    if known.email and known.email == asked.email:
        return Reason("email", "same", CONTACT_SAME)
    if known.phone and known.phone == asked.phone:
        return Reason("phone", "same", CONTACT_SAME)
    return None
