"""What holds for every input of the benchmark engine, on inputs drawn at random."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from microcities.careers.engines.benchmark_output import BenchmarksOutput, CriterionResult
from tests.careers.engines.cases import criterion, data, encounter, pupil, read

KINDS = ("employer_encounter", "provider_encounter", "subject_link", "destination_known")
VALUES = ("technikum", "university")
SUBJECTS = ("physics", "art")
PATHS = (
    ("9a-2025",), ("9b-2025",), ("8a-2024", "9a-2025"), ("9a-2022", "10a-2023", "11a-2024", "12a-2025"), ("12b-2025",),
    ("12c-2023",), ("7a-2025",), ("8s-2024", "9b-2025"),
)
CRITERIA = [
    criterion("5.1", from_level="g5"),
    criterion("5.2", count=2, linked_count=1, distinct_by="host"),
    criterion("6.1", window="by_milestone", milestone="by_16", count=2, without_part_time_jobs=True),
    criterion("6.2", window="by_milestone", milestone="by_18", further=True),
    criterion("7.1", kinds=["provider_encounter"], distinct_by="provider_kind", each_of=list(VALUES), window="each_stage"),
    criterion("7.2", kinds=["provider_encounter"], provider_kinds=["university"], condition="considering_higher_education"),
    criterion("4.1", kinds=["subject_link"], each_own_subject=True),
    criterion("4.2", kinds=["subject_link"], stem_only=True, window="by_programme_end"),
    criterion("3.4", kinds=["destination_known"], window="after_leaving"),
]
GROUPS: dict[str, dict[str, Any]] = {
    "9a-2025": {"subjects": list(SUBJECTS)}, "9b-2025": {"school": "south", "subjects": ["art"]}, "12b-2025": {"final": True},
}


@st.composite
def inputs(draw: st.DrawFn) -> dict[str, Any]:
    """Up to eight pupils on various ways through school and up to twelve encounters of various kinds."""
    names = [f"p{number}" for number in range(draw(st.integers(1, 8)))]
    effects = st.sampled_from(["not_applied", "met_otherwise", "fewer"])
    pupils = [
        pupil(
            name,
            *draw(st.sampled_from(PATHS)),
            born_on=draw(st.sampled_from([None, "2010-02-01", "2009-11-30", "2008-02-29"])),
            considering_higher_education=draw(st.sampled_from([None, True, False])),
            interpretations=[{"criterion": "5.2", "effect": draw(effects), "reason": "plan"}] if draw(st.booleans()) else [],
        )
        for name in names
    ]
    met = [
        encounter(
            f"e{number}",
            draw(st.sampled_from(["2022-10-01", "2023-10-01", "2024-10-01", "2025-10-01", "2026-02-28", "2026-05-01"])),
            *draw(st.lists(st.sampled_from(names), unique=True)),
            kind=draw(st.sampled_from(KINDS)),
            failed_checks=draw(st.sampled_from([[], [], ["two_way"]])),
            host=draw(st.sampled_from([None, "h1", "h2"])),
            provider_kind=draw(st.sampled_from(VALUES)),
            subject=draw(st.sampled_from(SUBJECTS)),
            stem=draw(st.booleans()),
            curriculum_linked=draw(st.booleans()),
            part_time_job=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 12)))
    ]
    return data(
        CRITERIA, pupils, met, groups=GROUPS, reading=draw(st.sampled_from(["stage", "birthday"])),
        years=draw(st.sampled_from(["current", "every"])), earlier=draw(st.sampled_from([None, "2025-10-31", "2025-04-30"])),
    )


def tallies(output: BenchmarksOutput) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (result.code, row.school): (row.tally.numerator, row.tally.denominator)
        for result in output.criteria
        for row in result.schools
    }


def people(result: CriterionResult) -> list[str]:
    return [name for group in result.groups for name in (*group.missing, *group.not_applied, *group.unknown)]


@settings(max_examples=120, deadline=None)
@given(inputs())
def test_missing_is_what_the_numerator_lacks_to_the_denominator(raw: dict[str, Any]) -> None:
    for result in read(raw).criteria:
        for group in result.groups:
            assert 0 <= group.tally.numerator <= group.tally.denominator
            assert len(group.missing) == group.tally.denominator - group.tally.numerator
            assert set(group.not_counted) | set(group.too_late) <= set(group.missing)
        for school in result.schools:
            parts = [group.tally for group in result.groups if group.school == school.school]
            assert sum(part.numerator for part in parts) == school.tally.numerator
            assert sum(part.denominator for part in parts) == school.tally.denominator
        assert len(people(result)) == len(set(people(result)))
        assert result.everywhere.denominator == sum(school.tally.denominator for school in result.schools)


@settings(max_examples=60, deadline=None)
@given(inputs(), st.randoms(use_true_random=False))
def test_order_of_the_input_does_not_matter(raw: dict[str, Any], chance: random.Random) -> None:
    mixed = dict(raw)
    for field in ("pupils", "encounters", "groups"):
        rows = [dict(row) for row in raw[field]]
        chance.shuffle(rows)
        for row in rows:
            for inner in ("pupils", "enrolments"):
                if inner in row:
                    row[inner] = list(row[inner])
                    chance.shuffle(row[inner])
        mixed[field] = rows
    assert read(mixed) == read(raw)


@settings(max_examples=120, deadline=None)
@given(inputs(), st.data())
def test_one_more_counted_encounter_never_lowers_a_numerator(raw: dict[str, Any], drawn: st.DataObject) -> None:
    before = tallies(read(raw))
    more = encounter(
        "more", drawn.draw(st.sampled_from(["2024-12-01", "2025-12-01", "2026-03-31"])),
        *(each["id"] for each in raw["pupils"] if drawn.draw(st.booleans())),
        kind=drawn.draw(st.sampled_from(KINDS)), provider_kind=drawn.draw(st.sampled_from(VALUES)),
        subject=drawn.draw(st.sampled_from(SUBJECTS)), stem=drawn.draw(st.booleans()),
        curriculum_linked=drawn.draw(st.booleans()),
    )
    after = tallies(read(raw | {"encounters": [*raw["encounters"], more]}))
    assert after.keys() == before.keys()
    for key, (numerator, denominator) in before.items():
        assert after[key][1] == denominator
        assert after[key][0] >= numerator


@settings(max_examples=80, deadline=None)
@given(inputs())
def test_changes_add_up(raw: dict[str, Any]) -> None:
    for change in read(raw).changes:
        gained = len(change.now_met) + len(change.joined_met) - len(change.no_longer_met) - len(change.left_met)
        assert change.after.numerator - change.before.numerator == gained
        joined, left = len(change.joined_met) + len(change.joined_missing), len(change.left_met) + len(change.left_missing)
        assert change.after.denominator - change.before.denominator == joined - left


@settings(max_examples=60, deadline=None)
@given(inputs())
def test_every_action_gains_what_it_names_when_it_is_taken_first(raw: dict[str, Any]) -> None:
    output = read(raw | {"actions": 1})
    for action in output.next_best_actions:
        done = encounter(
            "done", raw["day"], *action.pupils, kind=action.kind, provider_kind=action.provider_kind, subject=action.subject,
            stem=action.stem, curriculum_linked=action.curriculum_linked, host="never met before",
        )
        after = tallies(read(raw | {"encounters": [*raw["encounters"], done]}))
        before = tallies(output)
        here = {code: met for (code, school), (met, _of) in before.items() if school == action.school}
        gained = {code: after[code, action.school][0] - met for code, met in here.items()}
        assert {code: pupils for code, pupils in gained.items() if pupils} == {
            each.criterion: each.pupils for each in action.closes
        }
