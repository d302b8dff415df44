"""What changed between two days, and which pupils made the difference."""

from __future__ import annotations

from collections.abc import Sequence

from microcities.careers.engines.benchmark_output import CriterionChange, CriterionResult, SchoolResult, Tally
from microcities.careers.engines.benchmark_tallies import Judged

NOBODY: tuple[set[str], set[str]] = (set(), set())


def changes(
    before: Sequence[tuple[CriterionResult, Judged | None]],
    after: Sequence[tuple[CriterionResult, Judged | None]],
) -> list[CriterionChange]:
    """Criteria and schools whose figure or people differ; both lists hold the same criteria in the same order."""
    found = []
    for (earlier, judged_before), (later, judged_after) in zip(before, after, strict=True):
        people = (_people(judged_before), _people(judged_after))
        rows = ({row.school: row for row in earlier.schools}, {row.school: row for row in later.schools})
        for school in sorted(rows[0].keys() | rows[1].keys()):
            nothing = _nothing(school, rows[0].get(school) or rows[1][school])
            tallies = (rows[0].get(school, nothing).tally, rows[1].get(school, nothing).tally)
            change = _change(
                later.code, school, tallies, (people[0].get(school, NOBODY), people[1].get(school, NOBODY))
            )
            if change is not None:
                found.append(change)
    return found


def _change(
    code: str,
    school: str,
    tallies: tuple[Tally, Tally],
    people: tuple[tuple[set[str], set[str]], tuple[set[str], set[str]]],
) -> CriterionChange | None:
    (met_before, missing_before), (met_after, missing_after) = people
    if people[0] == people[1] and tallies[0] == tallies[1]:
        return None
    all_before, all_after = met_before | missing_before, met_after | missing_after
    return CriterionChange(
        code=code,
        school=school,
        before=tallies[0],
        after=tallies[1],
        now_met=tuple(sorted(missing_before & met_after)),
        no_longer_met=tuple(sorted(met_before & missing_after)),
        joined_met=tuple(sorted(met_after - all_before)),
        joined_missing=tuple(sorted(missing_after - all_before)),
        left_met=tuple(sorted(met_before - all_after)),
        left_missing=tuple(sorted(missing_before - all_after)),
    )


def _people(judged: Judged | None) -> dict[str, tuple[set[str], set[str]]]:
    """(met, missing) by school; records have no pupils."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for each in judged.standings if judged else ():
        met, missing = found.setdefault(each.due.group.school, (set(), set()))
        (met if each.met else missing).add(each.due.pupil.id)
    return found


def _nothing(school: str, like: SchoolResult) -> SchoolResult:
    """A school that is not there on one of the days."""
    tally = like.tally.model_copy(
        update={
            "numerator": 0, "denominator": 0, "share": None, "low": None, "high": None, "band": None,
            "state": "not_applicable",
        }
    )
    return SchoolResult(school=school, tally=tally, not_applied=0, unknown=0)
