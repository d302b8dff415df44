"""The command line runs an engine, repeats a decision file, and says exactly what is wrong with an input."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from microcities.decisions import engine_cli
from microcities.decisions.engine import all_engines

FORECAST = {"count": 66, "exposure_done": 1, "exposure_total": 3, "exposure_unit": "seasons", "target": 250}
SAMPLE = {"method": "fixed", "size": 2, "units": [{"id": letter} for letter in "abcdefgh"]}


def run(name: str, content: Any, seed: int | None = None) -> tuple[int, str, str]:
    text = content if isinstance(content, str) else json.dumps(content)
    out, err = io.StringIO(), io.StringIO()
    code = engine_cli.run(name, io.StringIO(text), out, err, seed)
    return code, out.getvalue(), err.getvalue()


def decision(name: str, content: Any, seed: int | None = None) -> dict[str, Any]:
    code, out, err = run(name, content, seed)
    assert (code, err) == (0, "")
    document: dict[str, Any] = json.loads(out)
    return document


def test_list_shows_each_engine_once() -> None:
    out = io.StringIO()
    assert engine_cli.list_engines(out) == 0
    assert [line.split()[0] for line in out.getvalue().splitlines()] == [
        found.name for found in all_engines()
    ]


def test_describe_gives_schemas_and_source() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert engine_cli.describe("results.forecast", out, err) == 0
    described = json.loads(out.getvalue())
    assert described["input_schema"]["properties"]["count"]["type"] == "integer"
    assert "Bayesian Data Analysis" in described["source"]
    assert described["version"] == "1.0.0"


def test_describe_unknown_engine_suggests_names() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert engine_cli.describe("result.forecast", out, err) == 2
    assert "did you mean results.forecast" in err.getvalue()
    assert out.getvalue() == ""


def test_run_unlike_any_name_lists_all() -> None:
    code, out, err = run("zzz", FORECAST)
    assert (code, out) == (2, "")
    assert "results.forecast" in err


def test_run_bare_input_writes_a_decision_file() -> None:
    document = decision("results.forecast", FORECAST)
    assert document["format"] == "microcities-decision/1"
    assert document["engine"] == "results.forecast"
    assert document["seed"] == 0
    assert document["output"]["mean"] == 199.0


def test_repeated_decision_is_the_same() -> None:
    recorded = decision("results.verification_sample", SAMPLE, seed=42)
    code, out, err = run("results.verification_sample", recorded)
    assert (code, err) == (0, "results.verification_sample: same\n")
    again = json.loads(out)
    assert again.pop("comparison") == {"result": "same", "differences": [], "notes": []}
    assert again == recorded


def test_output_of_a_repeated_run_can_be_run_again() -> None:
    recorded = decision("results.forecast", FORECAST)
    _, once, _ = run("results.forecast", recorded)
    code, twice, _ = run("results.forecast", once)
    assert code == 0
    assert twice == once


def test_confirmation_travels_with_the_file() -> None:
    recorded = decision("results.forecast", FORECAST) | {"record": {"confirmed_by": "role: manager"}}
    _, out, _ = run("results.forecast", recorded)
    assert json.loads(out)["record"] == {"confirmed_by": "role: manager"}


def test_changed_output_is_different() -> None:
    recorded = decision("results.forecast", FORECAST)
    recorded["output"]["mean"] = 250.0
    code, out, err = run("results.forecast", recorded)
    assert code == 1
    assert "results.forecast: output.mean: recorded 250.0, now 199.0" in err
    paths = [found["path"] for found in json.loads(out)["comparison"]["differences"]]
    assert paths == ["output.mean"]


def test_output_that_fits_neither_digest_is_different() -> None:
    recorded = decision("results.forecast", FORECAST) | {"output_sha256": "0" * 64}
    code, out, _ = run("results.forecast", recorded)
    assert code == 1
    assert [found["path"] for found in json.loads(out)["comparison"]["differences"]] == ["output_sha256"]


def test_changed_input_is_different() -> None:
    recorded = decision("results.forecast", FORECAST)
    recorded["input"]["count"] = 67
    code, _, err = run("results.forecast", recorded)
    assert code == 1
    assert "input_sha256" in err
    assert "output.mean" in err


def test_other_seed_is_said() -> None:
    recorded = decision("results.verification_sample", SAMPLE, seed=1)
    code, _, err = run("results.verification_sample", recorded, seed=2)
    assert code == 1
    assert "recorded with seed 1, run again with seed 2" in err


def test_other_version_is_said_but_same_answer_is_same() -> None:
    recorded = decision("results.forecast", FORECAST) | {"version": "0.9.0"}
    code, _, err = run("results.forecast", recorded)
    assert code == 0
    assert "recorded with version 0.9.0 of the engine, run again with 1.0.0" in err


def test_decision_of_another_engine_is_refused() -> None:
    code, _, err = run("results.share_interval", decision("results.forecast", FORECAST))
    assert code == 2
    assert "engine: this decision was made by results.forecast" in err


def test_decision_with_wrong_input_names_the_path_below_input() -> None:
    recorded = decision("results.forecast", FORECAST)
    recorded["input"]["levels"][1] = 2
    code, _, err = run("results.forecast", recorded)
    assert code == 2
    assert "results.forecast: input.levels[1]:" in err


def test_decision_file_of_a_later_format_is_refused() -> None:
    code, _, err = run(
        "results.forecast", decision("results.forecast", FORECAST) | {"format": "microcities-decision/2"}
    )
    assert code == 2
    assert "format:" in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"count": 1,\n "x" 2}', "not JSON: Expecting ':' delimiter in line 2, column 6"),
        ("", "not JSON: Expecting value in line 1, column 1"),
        ("[1]", "the input is a JSON object"),
        ('{"count": NaN}', "NaN is not a JSON number"),
        ('{"count": 1, "count": 2}', "the name 'count' stands twice in one object"),
        ("[" * 200_000, "nested too deeply"),
        ('{"count": ' + "9" * 5000 + "}", "not JSON: a whole number of 5000 digits; at most 400 are read"),
        ('{"count": 1, "exposure_unit": "\\ud800"}', "exposure_unit: half a character"),
        ('{"\\ud800": 1}', "$: half a character"),
        ('{"count": 1e400}', "count: "),
        ('{"count": 1, "exposure_done": 0}', "exposure_total: Field required"),
    ],
)
def test_bad_text_is_refused_with_its_place(text: str, message: str) -> None:
    code, out, err = run("results.forecast", text)
    assert (code, out) == (2, "")
    assert message in err


def test_text_that_is_not_utf8_is_refused() -> None:
    out, err = io.StringIO(), io.StringIO()
    stdin = io.TextIOWrapper(io.BytesIO(b'{"count": "\xff"}'), encoding="utf-8")
    assert engine_cli.run("results.forecast", stdin, out, err) == 2
    assert "not UTF-8" in err.getvalue()


def test_closed_standard_input_is_said() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert engine_cli.run("results.forecast", None, out, err) == 2
    assert err.getvalue() == "results.forecast: $: not JSON: standard input is closed\n"


def test_byte_order_mark_of_a_text_editor_is_passed_over() -> None:
    assert run("results.forecast", "\ufeff" + json.dumps(FORECAST))[0] == 0


def test_each_wrong_value_has_its_path() -> None:
    wrong = FORECAST | {"count": "66", "exposure_total": float("1e300"), "levels": [0.8, 2], "colour": "red"}
    code, out, err = run("results.forecast", wrong)
    assert (code, out) == (2, "")
    assert [line.split(": ")[1] for line in err.splitlines()] == ["count", "exposure_total", "levels[1]", "colour"]


@pytest.mark.parametrize("seed", [-1, True, 1.5, "1", None, [1]])
def test_wrong_seed_in_a_decision_file_is_refused_with_its_path(seed: Any) -> None:
    code, out, err = run("results.forecast", decision("results.forecast", FORECAST) | {"seed": seed})
    assert (code, out) == (2, "")
    assert err.startswith("results.forecast: seed: ")


def test_failure_of_the_calculation_has_its_own_code() -> None:
    cells = [
        {"id": "a", "value": 3},
        {"id": "b", "value": 9, "open": True},
        {"id": "t", "value": 12, "open": True},
    ]
    code, out, err = run("results.suppression", {"cells": cells, "relations": [{"a": 1, "b": 1, "t": -1}]})
    assert (code, out) == (3, "")
    assert "too much has to stay open" in err
