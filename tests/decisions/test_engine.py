"""The registry finds, checks and runs engines without Django, and gives the same digest for the same
content.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import microcities
from microcities.decisions.canonical import canonical_json, differences, json_path, rounded, sha256_of
from microcities.decisions.engine import (
    EngineInputError,
    EngineModel,
    UnknownEngineError,
    all_engines,
    engine,
    get_engine,
    run_engine,
)

FORECAST = {"count": 66, "exposure_done": 1, "exposure_total": 3, "exposure_unit": "seasons", "target": 250}
SERIES = {"id": "a", "before": [1.0], "after": [2.0]}


def problems_of(name: str, raw: Any, seed: int = 0) -> list[tuple[str, str]]:
    with pytest.raises(EngineInputError) as caught:
        run_engine(name, raw, seed)
    return [tuple(problem) for problem in caught.value.problems]


def test_every_engine_has_source_version_and_a_working_example() -> None:
    engines = all_engines()
    assert [found.name for found in engines] == sorted(found.name for found in engines)
    assert "results.forecast" in [found.name for found in engines]
    for found in engines:
        described = found.describe()
        assert len(found.source) > 20
        assert found.version.count(".") == 2
        for example in described["input_schema"]["examples"]:
            first, second = run_engine(found.name, example, 7), run_engine(found.name, example, 7)
            assert first == second
            assert (
                found.output_model.model_validate_json(first.output_json).model_dump(mode="json")
                == first.output
            )


def test_engines_start_without_django_and_scipy() -> None:
    code = (
        "import sys, microcities.decisions.engine_cli as cli; cli.list_engines(sys.stdout);"
        "print(sorted(m for m in ('django', 'scipy', 'numpy', 'psycopg') if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(microcities.__file__).parents[1])},
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_unknown_engine_names_the_near_ones() -> None:
    with pytest.raises(UnknownEngineError) as caught:
        get_engine("results.forcast")
    assert caught.value.near[0] == "results.forecast"


def test_two_engines_of_one_name_are_refused() -> None:
    class Nothing(EngineModel):
        pass

    def impostor(inp: Nothing, *, seed: int) -> Nothing:
        return inp

    get_engine("results.forecast")
    with pytest.raises(RuntimeError, match="two engines"):
        engine("results.forecast", version="9.0.0", summary="s", source="s")(impostor)


def test_untyped_function_is_refused() -> None:
    with pytest.raises(TypeError, match="must be typed"):
        engine("tests.untyped", version="1.0.0", summary="s", source="s")(lambda inp, *, seed: inp)


def test_wrong_value_deep_inside_is_named_by_path() -> None:
    donors = [SERIES | {"id": "b"}, SERIES | {"id": "c"}, {"id": "d", "before": ["x"], "after": [1]}]
    found = problems_of("results.synthetic_control", {"treated": [SERIES], "donors": donors})
    assert found == [("donors[2].before[0]", "Input should be a valid number")]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"count": -1}, "count"),
        ({"count": "66"}, "count"),
        ({"count": True}, "count"),
        ({"count": 1.5}, "count"),
        ({"target": float("nan")}, "target"),
        ({"target": float("inf")}, "target"),
        ({"surprise": 1}, "surprise"),
        ({"direction": "sideways"}, "direction"),
        ({"exposure_unit": ""}, "exposure_unit"),
        ({"levels": [0.8, 1.0]}, "levels[1]"),
        ({"exposure_done": 4}, "exposure_done"),
        ({"exposure_unit": "\ud800"}, "exposure_unit"),
    ],
)
def test_wrong_value_gives_its_path(change: dict[str, Any], path: str) -> None:
    assert [where for where, _ in problems_of("results.forecast", FORECAST | change)] == [path]


def test_missing_values_are_all_named() -> None:
    assert [where for where, _ in problems_of("results.forecast", {})] == [
        "count",
        "exposure_done",
        "exposure_total",
        "exposure_unit",
    ]


def test_input_that_is_no_object_is_refused() -> None:
    assert problems_of("results.forecast", [1, 2]) == [("$", "the input is a JSON object")]


@pytest.mark.parametrize("seed", [-1, True, 1.0, "1"])
def test_wrong_seed_is_refused(seed: Any) -> None:
    assert problems_of("results.forecast", FORECAST, seed)[0][0] == "seed"


def test_defaults_are_part_of_the_recorded_input() -> None:
    result = run_engine("results.forecast", FORECAST, 3, rulebooks={"programme": "2018-11-01"})
    assert result.input["prior_shape"] == 0.5
    assert result.input["levels"] == [0.8, 0.95]
    assert result.seed == 3
    assert result.rulebooks == {"programme": "2018-11-01"}
    spelled_out = run_engine("results.forecast", FORECAST | {"prior_shape": 0.5, "target": 250.0}, 3)
    assert spelled_out.input_sha256 == result.input_sha256
    assert result.output_sha256 == sha256_of(result.output)


def test_canonical_json_sorts_and_writes_one_zero() -> None:
    assert canonical_json({"b": -0.0, "a": ["ž", 1e-7]}) == '{"a":["ž",1e-07],"b":0.0}'


def test_canonical_json_refuses_nan() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json({"a": float("nan")})


def test_floats_keep_ten_digits() -> None:
    assert rounded({"x": [1 / 3, -1e-300 * 1e-300, 12345678901.5]}) == {
        "x": [0.3333333333, 0.0, 12345678900.0]
    }


def test_json_path_quotes_odd_names() -> None:
    assert json_path(("units", 3, "a b", "c")) == 'units[3]["a b"].c'
    assert json_path(()) == "$"


def test_differences_forgive_the_last_digits_only() -> None:
    assert differences({"a": 1.0, "b": [1, 2]}, {"a": 1.0 + 1e-12, "b": [1, 2]}) == []
    assert differences({"a": 1.0}, {"a": 1.001}) == [("a", 1.0, 1.001)]
    assert differences({"a": [1]}, {"a": [1, 2]}) == [("a", [1], [1, 2])]
    assert differences({"a": 1}, {"a": True}) == [("a", 1, True)]
    assert differences({"a": {"b c": 1}}, {"a": {"b c": 2}}) == [('a["b c"]', 1, 2)]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_any_document_equals_itself_and_rounding_is_stable(value: Any) -> None:
    assert differences(value, value) == []
    assert rounded(rounded(value)) == rounded(value)


def test_short_list_is_still_refused() -> None:
    found = problems_of("results.synthetic_control", {"treated": [SERIES], "donors": [SERIES | {"id": "b"}]})
    assert [path for path, _ in found] == ["donors"]
