"""JSON of decision files as lists, tables, reasons and schema tables."""

from django.utils.translation import override

from microcities.decisions.engine import all_engines, run_engine
from microcities.decisions.models import DecisionRun
from microcities.decisions.presentation import MOST_ROWS, Reason, reasons_in, short, show
from microcities.decisions.run_words import in_the_order_of_the_engine
from microcities.decisions.schema_words import example_of, schema_tables
from tests.decisions.runs import FORECAST


def test_show_lists_plain_values_and_tables_below_their_path() -> None:
    document = {"seed": 3, "pair": [1, 2], "nested": {"units": [{"id": "a", "w": 0.5}, {"id": "b"}]}, "none": []}
    with override("en"):
        whole, units = show(document)
    assert (whole.path, whole.rows) == ("", (("seed", "3"), ("pair", "1; 2"), ("none", "empty")))
    assert units.path == "nested.units"
    assert units.table is not None
    assert units.table.headers == (("Place", False), ("id", False), ("w", False))
    assert [[text for text, _numeric in row] for row in units.table.rows] == [
        ["[0]", "a", "0.5"],
        ["[1]", "b", "empty"],
    ]


def test_show_takes_lists_of_lists_of_unequal_length() -> None:
    with override("en"):
        (block,) = show({"grid": [[1, 2], [3]]})
    assert block.table is not None
    assert [[text for text, _numeric in row] for row in block.table.rows] == [["[0]", "1", "2"], ["[1]", "3", "empty"]]


def test_show_cuts_long_lists_and_says_how_much() -> None:
    (block,) = show({"units": [{"id": number} for number in range(MOST_ROWS + 40)]})
    assert block.table is not None
    assert (len(block.table.rows), block.left_out) == (MOST_ROWS, 40)
    assert block.table.headers[1] == ("id", True)


def test_show_of_an_empty_document_is_nothing() -> None:
    assert show({}) == []


def test_contents_stand_in_the_order_of_the_engine() -> None:
    found = run_engine("results.forecast", FORECAST, 7)
    names = {"engine": "results.forecast", "input_json": found.input_json, "output_json": found.output_json}
    went_in, came_out = in_the_order_of_the_engine(DecisionRun(**names))
    assert list(went_in)[:3] == ["count", "exposure_done", "exposure_total"]
    assert list(came_out["intervals"][0]) == ["level", "low", "high"]
    assert (went_in, came_out) == (found.input, found.output)
    went_in, _came_out = in_the_order_of_the_engine(DecisionRun(**{**names, "engine": "results.gone"}))
    assert list(went_in)[:3] == ["count", "direction", "exposure_done"]
    changed = DecisionRun(**{**names, "input_json": '{"b":1,"a":2}'})
    assert list(in_the_order_of_the_engine(changed)[0]) == ["b", "a"]


def test_short_keeps_the_digits_an_auditor_compares() -> None:
    with override("en"):
        assert short(199.0) == "199"
        assert short(0.1234567891) == "0.1234567891"
        assert short(1.5e-300) == "1.5e-300"
        assert short(None) == "not given"
        assert short(True) == "yes"
    with override("lv"):
        assert short(0.1234567891) == "0,1234567891"
        assert short(True) != "True"


def test_reasons_are_found_wherever_they_stand() -> None:
    output = {
        "reasons": ["few_units"],
        "placements": [{"person": "p-7", "post": 3, "reason": "first choice"}, {"person": "p-8", "reason": ""}],
        "candidates": [{"key": 7, "reasons": [{"field": "birth_on", "weight": 2.5}]}],
    }
    with override("en"):
        assert reasons_in(output) == [
            Reason("", "", ("few_units",)),
            Reason("placements[0]", "p-7", ("first choice",)),
            Reason("candidates[0]", "7", ("field: birth_on; weight: 2.5",)),
        ]


def test_schema_tables_of_the_forecast() -> None:
    engine = next(found for found in all_engines() if found.name == "results.forecast")
    (table,) = schema_tables(engine.input_model.model_json_schema())
    fields = {field.name: field for field in table.fields}
    assert (fields["count"].kind, fields["count"].required) == ("integer", True)
    assert fields["count"].limits == "≥ 0, ≤ 1000000000"
    assert (fields["target"].kind, fields["target"].default) == ("number | null", "null")
    assert fields["direction"].kind == '"up" | "down"'
    assert fields["levels"].kind == "array of number"


def test_every_engine_has_readable_schemas_and_an_example() -> None:
    for engine in all_engines():
        described = engine.describe()
        assert schema_tables(described["input_schema"])[0].fields, engine.name
        assert schema_tables(described["output_schema"])[0].fields, engine.name
        assert example_of(described["input_schema"]).startswith("{"), engine.name
