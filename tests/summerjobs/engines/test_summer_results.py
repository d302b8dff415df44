"""Results of a summer: nobody twice, exact hours, and the published share of 2019."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.decisions.engine import EngineInputError
from microcities.summerjobs.engines.summer_results import ResultsInput, ResultsOutput, summer_results


def run(placements: list[dict[str, Any]], **changes: Any) -> ResultsOutput:
    return summer_results(ResultsInput.model_validate_json(json.dumps({"placements": placements, **changes})), seed=0)


def placement(number: int, pupil: str, source: str, minutes: int = 3600, **changes: Any) -> dict[str, Any]:
    return {"id": f"a{number}", "pupil": pupil, "host": "h", "source": source, "minutes": minutes, **changes}


def test_66_of_281_pupils_of_2019_were_paid_by_the_project() -> None:
    """Urban Innovative Actions: 281 pupils in Valmiera in 2019, 66 of them in STEAM jobs paid by the project; 15 days of 4
    hours each (valmierasnovads.lv)."""
    rows = [placement(number, f"p{number}", "erdf", stem=True) for number in range(66)]
    rows += [placement(number, f"p{number}", "city") for number in range(66, 281)]
    output = run(rows)
    assert (output.summer.pupils, output.counted_again) == (281, 0)
    erdf = output.sources[1]
    assert (erdf.source, erdf.share_of_pupils.part, erdf.share_of_pupils.whole) == ("erdf", 66, 281)
    assert erdf.share_of_pupils.share == Decimal("0.2349")
    assert output.summer.minutes == 281 * 15 * 4 * 60
    assert output.summer.full_time_years == Decimal("9.8023")  # 16,860 h / 1,720 h
    assert output.summer.person_months == Decimal("117.6279")


def test_pupil_with_two_placements_counts_once_in_each_source_and_once_in_all() -> None:
    of_p = [placement(1, "p", "city"), placement(2, "p", "city"), placement(3, "p", "erdf", stem=True)]
    output = run([*of_p, placement(4, "q", "erdf")])
    found = [(each.source, each.summer.pupils, each.summer.placements) for each in output.sources]
    assert found == [("city", 1, 2), ("erdf", 2, 2)]
    assert (output.summer.pupils, output.summer.placements) == (2, 4)
    assert (output.in_several_sources, output.counted_again) == (1, 1)


def test_who_never_came_is_counted_apart() -> None:
    output = run([placement(1, "p", "city", 0, started=False)])
    assert (output.summer.pupils, output.never_started, output.sources) == (0, 1, ())
    assert output.summer.stem.share is None


def test_stem_share_of_wishes_and_of_places() -> None:
    wishes = [{"pupil": "p", "stem": True}, {"pupil": "p", "stem": False}, {"pupil": "q", "stem": False}]
    offers = [{"post": "lab", "places": 3, "stem": True}, {"post": "park", "places": 9, "stem": False}]
    output = run([], wishes=wishes, offers=offers)
    assert (output.wishes.part, output.wishes.whole, output.wishes.share) == (1, 3, Decimal("0.3333"))
    assert (output.offered_places.part, output.offered_places.whole, output.offered_places.share) == (3, 12, Decimal("0.2500"))


def test_full_time_year_is_one() -> None:
    output = run([placement(1, "p", "city", 1720 * 60)])
    assert (output.summer.full_time_years, output.summer.person_months) == (Decimal("1.0000"), Decimal("12.0000"))


@pytest.mark.parametrize(
    ("placements", "changes", "path"),
    [
        ([placement(1, "p", "city"), placement(1, "q", "city")], {}, "placements[1].id"),
        ([placement(1, "p", "city", started=False)], {}, "placements[0].minutes"),
        ([], {"offers": [{"post": "o", "places": 1, "stem": True}] * 2}, "offers[1].post"),
    ],
)
def test_contradictions_are_refused(placements: list[Any], changes: dict[str, Any], path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        run(placements, **changes)
    assert caught.value.problems[0].path == path


sources = st.sampled_from(["city", "erdf", "nva"])
rows = st.lists(st.tuples(st.sampled_from("pqrs"), sources, st.integers(0, 9000), st.booleans()), max_size=25)


@given(found=rows)
def test_sources_add_up_to_the_whole(found: list[tuple[str, str, int, bool]]) -> None:
    output = run([placement(i, *row[:3], stem=row[3]) for i, row in enumerate(found)])
    sums = [each.summer for each in output.sources]
    assert sum(each.minutes for each in sums) == output.summer.minutes == sum(row[2] for row in found)
    assert sum(each.placements for each in sums) == output.summer.placements
    assert sum(each.pupils for each in sums) - output.counted_again == output.summer.pupils == len({row[0] for row in found})
    assert sum(each.stem.part for each in sums) == output.summer.stem.part
