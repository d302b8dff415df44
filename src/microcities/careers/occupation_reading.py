"""Occupations grouped by their first letter beside somebody's interests: a reading, from which nothing is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from microcities.careers.engines.interest_models import TYPES
from microcities.careers.engines.occupations import Occupation
from microcities.careers.frameworks import language


@dataclass(frozen=True)
class OccupationLine:
    """One occupation: its name, its letters, and the two indices (ranges where ties leave the own letters open)."""

    name: str
    letters: str
    iachan_m: str
    brown_gore_c: str


@dataclass(frozen=True)
class OccupationGroup:
    """All occupations whose first letter it is; `is_own` says that it is among the person's three."""

    letter: str
    name: str
    is_own: bool
    lines: tuple[OccupationLine, ...]


def groups_of(
    profile: Mapping[str, Any], occupations: Sequence[Occupation], names: Mapping[str, "str | Promise"]
) -> tuple[OccupationGroup, ...]:
    """Six groups, the letter with the highest score first; within each the nearest occupations first."""
    scores = dict(zip(TYPES, profile["scores"] or [0] * len(TYPES), strict=True))
    near = {each["environment"]: each for each in profile["congruence"]}
    spoken = language()
    own = set(profile["code"] or "")

    def place(each: Occupation) -> tuple[int, int, str]:
        found = near.get(each.isco, {})
        return -(found.get("iachan_m_high") or 0), -(found.get("brown_gore_c_high") or 0), each.in_language(spoken)

    return tuple(
        OccupationGroup(
            letter, str(names[letter]), letter in own,
            tuple(
                _line(each, near.get(each.isco, {}), spoken)
                for each in sorted((each for each in occupations if each.letters[0] == letter), key=place)
            ),
        )
        for letter in sorted(TYPES, key=lambda letter: -scores[letter])
    )


def _line(each: Occupation, found: Mapping[str, Any], spoken: str) -> OccupationLine:
    return OccupationLine(
        each.in_language(spoken), each.letters, _range(found, "iachan_m"), _range(found, "brown_gore_c")
    )


def _range(found: Mapping[str, Any], index: str) -> str:
    low, high = found.get(f"{index}_low"), found.get(f"{index}_high")
    if low is None:
        return ""
    return str(low) if low == high else f"{low}–{high}"
