"""What others scored, kept as counts of groups that are large enough, and one's own place beside it in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from microcities.careers.engines.interest_models import TYPES, Norm
from microcities.careers.engines.interest_norms import means
from microcities.careers.models import InterestNorm
from microcities.people.models import Sex
from microcities.ui.numbers import format_number

# Groups beside everybody: who is of another sex, or of one not known, is compared with everybody only.
SEXES = (Sex.FEMALE, Sex.MALE)


@dataclass(frozen=True)
class NormTable:
    """Beside each type: points, per cent of all, per cent of the same sex, means of women and of men; words or empty."""

    people: int
    of_same_sex: int
    by_sex: bool
    rows: tuple[tuple[str, str, str, str, str, str], ...]


def known_sex(sex: str) -> str:
    """The group of a sex; empty for whoever belongs to none of the two."""
    return sex if sex in SEXES else ""


def norms_of(questionnaire: str) -> list[Norm]:
    """The norms that are kept of a version: of groups that were large enough. One query."""
    return [
        Norm(group=row.group, n=row.people, counts=_as_tuples(row.counts))
        for row in InterestNorm.objects.filter(questionnaire=questionnaire).order_by("group")
    ]


def norm_table(profile: Mapping[str, Any], sex: str, names: Mapping[str, "str | Promise"]) -> NormTable | None:
    """The place among others; None while there are too few, or there are no scores."""
    if profile["percentiles"] is None:
        return None
    norms = {each["group"]: Norm.model_validate(each) for each in profile["norms"]}
    same = profile["percentiles_within_sex"]
    both = [norms.get(each.value) for each in SEXES]
    averages = [[format_number(value, 1) for value in means(norm)] if norm else [""] * len(TYPES) for norm in both]
    rows = tuple(
        (
            str(names[letter]), format_number(profile["scores"][place]), format_number(profile["percentiles"][place], 0),
            format_number(same[place], 0) if same else "", averages[0][place], averages[1][place],
        )
        for place, letter in enumerate(TYPES)
    )
    return NormTable(
        people=norms[""].n, of_same_sex=norms[known_sex(sex)].n if same else 0, by_sex=None not in both, rows=rows
    )


def usual_differences() -> str:
    """What is known of all such questionnaires, and what it does not mean."""
    return _(
        "Answers of women and men differ on average in every questionnaire of this kind: women score higher on Social, men on "
        "Realistic. That says nothing about what you can do or would like once you have tried it. Read the occupations of "
        "the other letters too, those of science and technology included."
    )


def _as_tuples(counts: Any) -> Any:
    return tuple(tuple((float(score), int(people)) for score, people in column) for column in counts)
