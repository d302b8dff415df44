"""A recorded run is repeated: same, or different by tampering, a new engine version, a changed rule; or not at all."""

import io
import json
from typing import Any

import pytest
from django.db import connection

from microcities.decisions import engine as engines
from microcities.decisions import engine_cli
from microcities.decisions.canonical import canonical_json, sha256_of
from microcities.decisions.models import DecisionRun
from microcities.decisions.rerun import decision_document, decision_file, rerun
from microcities.rulebooks.registry import registry
from tests.decisions.runs import SAMPLE, record_forecast
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def tamper(run: DecisionRun, **changes: Any) -> DecisionRun:
    """Change a row as somebody with the database's own client could: triggers off, digests made to fit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE decisions_decisionrun DISABLE TRIGGER USER")
        DecisionRun.objects.filter(pk=run.pk).update(**changes)
        cursor.execute("ALTER TABLE decisions_decisionrun ENABLE TRIGGER USER")
    return DecisionRun.objects.get(pk=run.pk)


def command_line(name: str, document: dict[str, Any]) -> tuple[int, dict[str, Any], str]:
    out, err = io.StringIO(), io.StringIO()
    code = engine_cli.run(name, io.StringIO(json.dumps(document)), out, err)
    return code, json.loads(out.getvalue()), err.getvalue()


def test_rerun_gives_the_same(world: World) -> None:
    run = DecisionRun.objects.get(pk=record_forecast(world.marta).pk)
    again = rerun(run)
    assert again.is_same
    assert (again.differences, again.problems, again.changed_rules) == ((), (), ())
    assert not again.version_changed


def test_rerun_of_a_seeded_draw_gives_the_same(world: World) -> None:
    fields = {"name": "results.verification_sample", "data": SAMPLE, "seed": 2**63 - 1}
    assert rerun(DecisionRun.objects.get(pk=record_forecast(world.marta, **fields).pk)).is_same


def test_rerun_names_the_tampered_value(world: World) -> None:
    run = record_forecast(world.marta)
    output = {**run.output, "mean": 230.0}
    again = rerun(tamper(run, output_json=canonical_json(output), output_sha256=sha256_of(output)))
    assert not again.is_same
    assert [(found.path, found.recorded, found.computed) for found in again.differences] == [
        ("output.mean", 230.0, 199.0)
    ]


def test_rerun_of_tampered_input_differs(world: World) -> None:
    run = record_forecast(world.marta)
    changed = {**run.input, "count": 70}
    again = rerun(tamper(run, input_json=canonical_json(changed), input_sha256=sha256_of(changed)))
    assert "output.count" in [found.path for found in again.differences]


def test_rerun_of_an_input_the_engine_no_longer_takes_names_the_path(world: World) -> None:
    run = record_forecast(world.marta)
    changed = {**run.input, "count": -1}
    again = rerun(tamper(run, input_json=canonical_json(changed), input_sha256=sha256_of(changed)))
    assert again.comparison is None
    assert [problem.path for problem in again.problems] == ["input.count"]


def test_rerun_without_the_engine_says_so(world: World) -> None:
    again = rerun(tamper(record_forecast(world.marta), engine="results.forecasts"))
    assert (again.comparison, again.version_now, again.version_changed) == (None, "", True)
    assert "did you mean results.forecast" in again.problems[0].message


def test_rerun_tells_another_engine_version(world: World) -> None:
    again = rerun(tamper(record_forecast(world.marta), engine_version="0.9.0"))
    assert again.is_same
    assert (again.version_changed, again.version_then, again.version_now) == (True, "0.9.0", "1.0.0")


def test_rerun_tells_changed_rules(world: World) -> None:
    use = registry().topic("privacy.child_consent").versions[0].use()
    run = record_forecast(world.marta, uses=[use])
    assert rerun(run).changed_rules == ()
    changed = use._replace(digest="0" * 64)
    again = rerun(tamper(run, rulebook_uses=[list(changed)]))
    assert again.is_same
    assert again.changed_rules == (changed,)


def test_command_line_accepts_the_downloaded_file(world: World) -> None:
    use = registry().topic("privacy.child_consent").versions[0].use()
    run = DecisionRun.objects.get(pk=record_forecast(world.marta, uses=[use]).pk)
    document = decision_document(run)
    assert document["record"]["rulebooks"] == [use._asdict()]
    assert document["rulebooks"] == {use.topic: use.version}
    code, answer, said = command_line(run.engine, document)
    assert (code, said) == (0, "results.forecast: same\n")
    assert answer.pop("comparison") == {"result": "same", "differences": [], "notes": []}
    assert answer == document


def test_command_line_finds_a_changed_downloaded_file(world: World) -> None:
    document = decision_document(record_forecast(world.marta))
    document["output"]["mean"] = 230.0
    code, _answer, said = command_line("results.forecast", document)
    assert code == 1
    assert "output.mean: recorded 230.0, now 199.0" in said


@pytest.mark.parametrize("name", [engine.name for engine in engines.all_engines()])
def test_example_of_every_engine_survives_the_round_trip(world: World, name: str) -> None:
    schema = engines.get_engine(name).input_model.model_json_schema()
    result = engines.run_engine(name, schema["examples"][0], 5)
    run = DecisionRun(
        engine=name,
        engine_version=result.version,
        seed=5,
        input_json=result.input_json,
        output_json=result.output_json,
        input_sha256=result.input_sha256,
        output_sha256=result.output_sha256,
        rulebook_uses=[],
        subject_kind="a.b",
        subject_ref="1",
        run_by_system="test",
    )
    run.save()
    stored = DecisionRun.objects.get(pk=run.pk)
    assert decision_file(stored).output == result.output
    assert rerun(stored).is_same
    assert command_line(name, decision_document(stored))[0] == 0
