"""Do more young people choose science, technology, engineering and mathematics than in a cohort to compare with?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine
from microcities.decisions.intervals import ConfidenceLevel, newcombe_difference, normal_quantile, wilson

Code = Annotated[str, Field(min_length=1, max_length=120)]
FieldCode = Annotated[str, Field(pattern=r"^[0-9]{2,4}$")]
Cohort = Literal["programme", "comparison"]


class Choice(EngineModel):
    """One person of a cohort: whether the destination is known and, where it has one, its field (ISCED-F 2013)."""

    id: Code
    cohort: Cohort
    answered: bool
    field: FieldCode | None = None
    sex: str = ""
    school: str = ""


class StemInput(EngineModel):
    """`stem_fields` are the broad fields counted; counts from 1 to `threshold` - 1 are withheld in breakdowns."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "people": [
                        {"id": "p1", "cohort": "programme", "answered": True, "field": "0613", "sex": "female"},
                        {"id": "p2", "cohort": "programme", "answered": True, "field": "0912", "sex": "male"},
                        {"id": "p3", "cohort": "comparison", "answered": True, "sex": "male"},
                        {"id": "p4", "cohort": "comparison", "answered": False},
                    ],
                    "threshold": 2,
                }
            ]
        }
    )

    people: tuple[Choice, ...] = Field(max_length=500_000)
    stem_fields: tuple[Annotated[str, Field(pattern=r"^[0-9]{2}$")], ...] = ("05", "06", "07")
    threshold: int = Field(default=5, ge=2, le=100)
    level: ConfidenceLevel = 0.95


class Share(EngineModel):
    """Numerator of denominator with Wilson's interval; null for 0 of 0."""

    numerator: int
    denominator: int
    share: float | None
    low: float | None
    high: float | None


class CohortResult(EngineModel):
    """A cohort: `response` answered of asked, `stem` of those who answered. Withheld: null, counts included."""

    cohort: Cohort
    withheld: bool
    response: Share | None
    stem: Share | None


class Difference(EngineModel):
    """Programme minus comparison with Newcombe's hybrid score interval; null when either has no answers."""

    difference: float | None
    low: float | None
    high: float | None


class Breakdown(EngineModel):
    """One value of a breakdown in both cohorts; the difference only when neither is withheld."""

    by: Literal["sex", "school"]
    value: str
    programme: CohortResult
    comparison: CohortResult
    difference: Difference


class StemOutput(EngineModel):
    """Both cohorts, their difference, and the breakdowns with small counts withheld."""

    programme: CohortResult
    comparison: CohortResult
    difference: Difference
    breakdowns: tuple[Breakdown, ...]


class _Counts(EngineModel):
    asked: int
    answered: int
    stem: int

    def parts(self) -> tuple[int, int, int]:
        """The counts that are protected: STEM, another choice, and how many were asked."""
        return self.stem, self.answered - self.stem, self.asked


NOBODY = _Counts(asked=0, answered=0, stem=0)


@engine(
    "careers.stem_choice",
    version="1.0.0",
    summary="Share that chooses STEM against a comparison cohort, with response rates, intervals and small cells withheld",
    source=(
        "Fields: ISCED-F 2013 (UNESCO), broad fields 05 to 07; intervals: Wilson (1927) and Newcombe, Statistics in Medicine "
        "17 (1998) 873-890, method 10; nothing is averaged over schools"
    ),
    rulebooks=("results.disclosure",),
)
def stem_choice(inp: StemInput, *, seed: int) -> StemOutput:
    """Pooled shares of people (never means of schools) by Newcombe (1998): shares from 0 to 1. Deterministic: the seed is
    not used. Who did not answer is in the response rate and not in the share.
    """
    _check(inp)
    reporter = _Reporter(inp)
    programme, comparison = (_count(inp, cohort, lambda _each: "") for cohort in ("programme", "comparison"))
    whole = (programme.get("", NOBODY), comparison.get("", NOBODY))
    return StemOutput(
        programme=reporter.cohort("programme", whole[0], withheld=_is_small(whole[0], inp.threshold)),
        comparison=reporter.cohort("comparison", whole[1], withheld=_is_small(whole[1], inp.threshold)),
        difference=reporter.difference(*whole, withheld=any(_is_small(each, inp.threshold) for each in whole)),
        breakdowns=(
            *reporter.breakdown("sex", lambda each: each.sex),
            *reporter.breakdown("school", lambda each: each.school),
        ),
    )


def _check(inp: StemInput) -> None:
    seen: set[str] = set()
    for index, each in enumerate(inp.people):
        if each.id in seen:
            raise EngineInputError.at(f"{each.id} stands twice", "people", index, "id")
        seen.add(each.id)
        if each.field is not None and not each.answered:
            raise EngineInputError.at("a field without an answer", "people", index, "field")


def _count(inp: StemInput, cohort: str, key: Callable[[Choice], str]) -> dict[str, _Counts]:
    found: dict[str, list[int]] = {}
    for each in inp.people:
        if each.cohort == cohort:
            row = found.setdefault(key(each), [0, 0, 0])
            row[0] += 1
            row[1] += each.answered
            row[2] += each.field is not None and each.field[:2] in inp.stem_fields
    return {value: _Counts(asked=row[0], answered=row[1], stem=row[2]) for value, row in found.items()}


def withheld_cells(cells: dict[str, tuple[int, int, int]], threshold: int) -> set[str]:
    """The cells not shown: small ones, and so many others, the smallest first, that the total does not give them away.

    A cell is (STEM, another choice, asked). What is withheld together must be two cells or more and hold, of each count,
    none or at least `threshold` people.
    """
    hidden = {value for value, parts in cells.items() if any(0 < part < threshold for part in parts)}
    shown = sorted((value for value in cells if value not in hidden), key=lambda value: (cells[value][2], value))
    while hidden and shown and _gives_away([cells[value] for value in hidden], threshold):
        hidden.add(shown.pop(0))
    return hidden


def _gives_away(hidden: Sequence[tuple[int, int, int]], threshold: int) -> bool:
    sums = [sum(parts) for parts in zip(*hidden, strict=True)]
    return len(hidden) < 2 or any(0 < total < threshold for total in sums)


def _is_small(counts: _Counts, threshold: int) -> bool:
    return any(0 < part < threshold for part in counts.parts())


class _Reporter:
    """Turns counts into shares with intervals of one level."""

    def __init__(self, inp: StemInput) -> None:
        self.inp, self.quantile = inp, normal_quantile(inp.level)

    def share(self, numerator: int, denominator: int) -> Share:
        if denominator == 0:
            return Share(numerator=0, denominator=0, share=None, low=None, high=None)
        low, high = wilson(numerator, denominator, self.quantile)
        return Share(
            numerator=numerator, denominator=denominator, share=numerator / denominator, low=low, high=high
        )

    def cohort(self, name: Cohort, counts: _Counts, *, withheld: bool) -> CohortResult:
        if withheld:
            return CohortResult(cohort=name, withheld=True, response=None, stem=None)
        return CohortResult(
            cohort=name,
            withheld=False,
            response=self.share(counts.answered, counts.asked),
            stem=self.share(counts.stem, counts.answered),
        )

    def difference(self, programme: _Counts, comparison: _Counts, *, withheld: bool) -> Difference:
        if withheld or not programme.answered or not comparison.answered:
            return Difference(difference=None, low=None, high=None)
        one, other = (programme.stem, programme.answered), (comparison.stem, comparison.answered)
        low, high = newcombe_difference(one, other, self.quantile)
        return Difference(difference=one[0] / one[1] - other[0] / other[1], low=low, high=high)

    def breakdown(self, by: Literal["sex", "school"], key: Callable[[Choice], str]) -> Iterable[Breakdown]:
        """Each value once; one cohort's small cell does not hide the other cohort's."""
        counts = {cohort: _count(self.inp, cohort, key) for cohort in ("programme", "comparison")}
        hidden = {
            cohort: withheld_cells({value: each.parts() for value, each in cells.items()}, self.inp.threshold)
            for cohort, cells in counts.items()
        }
        for value in sorted(counts["programme"].keys() | counts["comparison"].keys()):
            pair = (counts["programme"].get(value, NOBODY), counts["comparison"].get(value, NOBODY))
            kept = (value in hidden["programme"], value in hidden["comparison"])
            yield Breakdown(
                by=by,
                value=value,
                programme=self.cohort("programme", pair[0], withheld=kept[0]),
                comparison=self.cohort("comparison", pair[1], withheld=kept[1]),
                difference=self.difference(*pair, withheld=any(kept)),
            )
