"""What the interests engine is given and what it answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from microcities.decisions.engine import EngineModel
from microcities.decisions.intervals import ConfidenceLevel

Type = Literal["R", "I", "A", "S", "E", "C"]
TYPES: tuple[Type, ...] = ("R", "I", "A", "S", "E", "C")
Code = Annotated[str, Field(min_length=1, max_length=120)]


def _different(letters: str) -> str:
    if len(set(letters)) != len(letters):
        raise ValueError("the three letters are different ones")
    return letters


Letters = Annotated[str, Field(pattern=r"^[RIASEC]{3}$"), AfterValidator(_different)]
Six = tuple[float, float, float, float, float, float]
# How many people had which score, from the lowest score to the highest.
Counts = tuple[tuple[float, int], ...]


class Item(EngineModel):
    """One statement of the questionnaire and its type."""

    code: Code
    type: Type


class Respondent(EngineModel):
    """Answers in the order of the items, null where none was given; how many words that do not exist were ticked."""

    id: Code
    answers: tuple[int | None, ...]
    sex: str = ""
    age: int | None = Field(default=None, ge=0, le=130)
    fake_words: int = Field(default=0, ge=0)
    seconds: float | None = Field(default=None, ge=0)


class Environment(EngineModel):
    """An occupation to read beside the own interests: three letters, a profile of six numbers, or both."""

    id: Code
    letters: Letters | None = None
    profile: Six | None = None


class Care(EngineModel):
    """When answers are set aside: too young, a fake word, a long run of one answer, too fast, too few answers."""

    youngest: int = Field(default=13, ge=0)
    longest_run: int = Field(default=20, ge=2)
    seconds_an_item: float = Field(default=1.0, ge=0)
    answered_share: float = Field(default=0.8, gt=0, le=1)


class Norm(EngineModel):
    """What a group scored, kept so that nobody's answers are needed to read one's own: (score, people) by type, rising.

    `group` is a sex, or empty for everybody.
    """

    group: str = ""
    n: int = Field(ge=1)
    counts: tuple[Counts, Counts, Counts, Counts, Counts, Counts]

    @model_validator(mode="after")
    def counts_fit(self) -> Norm:
        """Each type counts everybody of the group once, from the lowest score to the highest."""
        for column in self.counts:
            scores = [score for score, _people in column]
            if sum(people for _score, people in column) != self.n or scores != sorted(set(scores)):
                raise ValueError("counts do not rise, or do not add up to n")
        return self


class InterestsInput(EngineModel):
    """A questionnaire with its answers; `smallest` and `largest` are the ends of the answer scale.

    Percentiles are of `norms` where any are given, otherwise of the respondents themselves.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [{"code": f"{letter}{n}", "type": letter} for n in (1, 2) for letter in "RIASEC"],
                    "respondents": [
                        {"id": "p1", "answers": [5, 4, 3, 2, 1, 2, 4, 4, 2, 2, 1, 1], "sex": "female", "age": 14},
                        {"id": "p2", "answers": [1, 2, 4, 5, 4, 2, 2, 2, 5, 5, 3, 1], "sex": "male", "age": 15},
                    ],
                    "environments": [{"id": "7233", "letters": "RIC"}],
                }
            ]
        }
    )

    items: tuple[Item, ...] = Field(min_length=6, max_length=600)
    respondents: tuple[Respondent, ...] = Field(max_length=200_000)
    environments: tuple[Environment, ...] = Field(default=(), max_length=2000)
    smallest: int = 1
    largest: int = 5
    care: Care = Care()
    norms: tuple[Norm, ...] = Field(default=(), max_length=10)
    norm_minimum: int = Field(default=100, ge=10, description="fewer answers give no percentiles")
    level: ConfidenceLevel = 0.95


class Step(EngineModel):
    """One step of the funnel: how many were set aside by it and how many remain."""

    step: Literal["all", "old_enough", "no_fake_word", "not_straight_lined", "not_too_fast", "complete"]
    set_aside: int
    remaining: int


class Differentiation(EngineModel):
    """Seven indices of how much a profile stands out; 0 throughout for a flat one (di6 is null when all sums are 0)."""

    di1: float
    di2: float
    di3: float
    di4: float
    di5: float
    di6: float | None
    di7: float


class Congruence(EngineModel):
    """How near an environment is. Where ties leave the own code open, the lowest and highest value of all readings.

    `correlation` is null when either profile is flat: it ignores how strong interests are and then says nothing.
    """

    environment: str
    iachan_m_low: int | None
    iachan_m_high: int | None
    brown_gore_c_low: int | None
    brown_gore_c_high: int | None
    correlation: float | None


class Profile(EngineModel):
    """One respondent. `scores` are sums over the items of R, I, A, S, E, C, made up for the few that were left out.

    `code` is null when ties leave it open, `codes` holds every reading of the ties (none for a flat profile).
    `consistency` 3, 2 or 1: the first two letters are neighbours, one apart, or opposite. Percentiles: mid-ranks among the
    norms given, or among those used.
    """

    id: str
    used: bool
    flags: tuple[Literal["too_young", "fake_word", "straight_lined", "too_fast", "incomplete"], ...]
    answered: int
    scores: Six | None
    code: str | None
    codes: tuple[str, ...]
    ties: tuple[str, ...]
    flat: bool
    consistency: int | None
    differentiation: Differentiation | None
    percentiles: Six | None
    percentiles_within_sex: Six | None
    congruence: tuple[Congruence, ...]


class Scale(EngineModel):
    """One type over all used respondents; alpha from those who answered all its items (listwise)."""

    type: Type
    items: int
    n: int
    mean: float | None
    deviation: float | None
    n_alpha: int
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None


class Pair(EngineModel):
    """Correlation of two scales, with their distance on the hexagon."""

    first: Type
    second: Type
    distance: int
    correlation: float | None


class AtDistance(EngineModel):
    """Mean correlation of the pairs at a distance; expected to fall from 1 to 3."""

    distance: int
    pairs: int
    mean: float | None


class SexDifference(EngineModel):
    """Women minus men in pooled standard deviations (Cohen's d); null when either group is below two or does not vary."""

    type: Type
    women: int
    men: int
    mean_women: float | None
    mean_men: float | None
    difference: float | None
    low: float | None
    high: float | None


class InterestsOutput(EngineModel):
    """The funnel, every respondent's profile in the order given, and what the instrument did."""

    funnel: tuple[Step, ...]
    profiles: tuple[Profile, ...]
    scales: tuple[Scale, ...]
    pairs: tuple[Pair, ...]
    distances: tuple[AtDistance, ...]
    sex_differences: tuple[SexDifference, ...]
