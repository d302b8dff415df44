"""Small benchmark inputs for tests: one school year, pupils of chosen classes, criteria by what differs."""

from __future__ import annotations

import json
from typing import Any

from microcities.careers.engines.benchmark_input import BenchmarksInput
from microcities.careers.engines.benchmark_output import BenchmarksOutput, CriterionResult
from microcities.careers.engines.benchmarks import benchmarks

STAGES: dict[str, Any] = {
    "levels": [{"code": f"g{grade}", "rank": grade} for grade in range(1, 13)]
    + [{"code": f"t{year}", "rank": 100 + year} for year in range(1, 5)],
    "milestones": [
        {"code": "by_14", "age": 14, "first_level": "g5", "last_level": "g7"},
        {"code": "by_16", "age": 16, "first_level": "g8", "last_level": "g9"},
        {"code": "by_18", "age": 18, "first_level": "g10", "last_level": "g12"},
    ],
}
SCORING: dict[str, Any] = {
    "passes_at": 0.76,
    "bands": [
        {"code": "none", "at_least": 0, "credit": 0},
        {"code": "few", "at_least": 0, "excluded": True, "credit": 0.25},
        {"code": "some", "at_least": 0.25, "excluded": True, "credit": 0.5},
        {"code": "most", "at_least": 0.5, "excluded": True, "credit": 0.75},
        {"code": "majority", "at_least": 0.76, "credit": 1},
        {"code": "all", "at_least": 1, "credit": 1},
    ],
}


def criterion(code: str = "5.1", **changes: Any) -> dict[str, Any]:
    """A criterion of pupils met by an employer encounter in the school year."""
    return {
        "code": code, "benchmark": int(code.split(".")[0]), "basis": "pupils", "kinds": ["employer_encounter"], **changes
    }


def pupil(name: str, *groups: str, **changes: Any) -> dict[str, Any]:
    """A pupil of classes named like `9a-2025`: the whole school year that begins in that year."""
    stays = []
    for group in groups:
        year = int(group.rpartition("-")[2])
        stays.append({"group": group, "starts_on": f"{year}-09-01", "ends_on": f"{year + 1}-08-31"})
    return {"id": name, "enrolments": stays, **changes}


def encounter(number: str, on: str, *pupils: str, kind: str = "employer_encounter", **changes: Any) -> dict[str, Any]:
    return {"id": number, "kind": kind, "on": on, "pupils": list(pupils), **changes}


def data(
    criteria: list[dict[str, Any]],
    pupils: list[dict[str, Any]],
    encounters: list[dict[str, Any]],
    *,
    day: str = "2026-03-31",
    groups: dict[str, dict[str, Any]] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """An input; classes are made from the enrolments: level by the digits of the name, school `north`."""
    names = sorted({stay["group"] for each in pupils for stay in each["enrolments"]})
    made = [
        {"id": name, "school": "north", "level": f"g{''.join(filter(str.isdigit, name.partition('-')[0]))}"}
        | (groups or {}).get(name, {})
        for name in names
    ]
    return {
        "day": day, "criteria": criteria, "stages": STAGES, "scoring": SCORING, "groups": made, "pupils": pupils,
        "encounters": encounters, **changes,
    }


def read(raw: dict[str, Any]) -> BenchmarksOutput:
    """The engine's answer to a JSON input."""
    return benchmarks(BenchmarksInput.model_validate_json(json.dumps(raw)), seed=0)


def run(*arguments: Any, **changes: Any) -> BenchmarksOutput:
    return read(data(*arguments, **changes))


def only(output: BenchmarksOutput) -> CriterionResult:
    (result,) = output.criteria
    return result


def counts(result: CriterionResult) -> tuple[int, int]:
    """Numerator and denominator over all schools."""
    return result.everywhere.numerator, result.everywhere.denominator


def missing(result: CriterionResult) -> list[str]:
    return sorted(name for group in result.groups for name in group.missing)
