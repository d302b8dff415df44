"""Engines run for web pages end in time, within their memory, and know no secret of the server."""

import json
import time
from typing import Any

import pytest
from django.utils import translation

from microcities.decisions import limited
from microcities.decisions.engine import UnknownEngineError, all_engines
from microcities.decisions.engine_cli import BAD_INPUT, FAILED
from microcities.decisions.limited import EngineStoppedError, attempt_within
from microcities.decisions.models import DecisionRun
from microcities.decisions.rerun import rerun
from microcities.decisions.trial import Trial, try_engine
from tests.decisions.runs import FORECAST, record_forecast
from tests.world import World


def large_table(side: int) -> dict[str, Any]:
    """A table that takes minutes to protect: small counts everywhere, every margin published."""
    values = [[(7 * row + 11 * column) % 9 for column in range(side)] for row in range(side)]
    cells: list[dict[str, Any]] = [
        {"id": f"{row},{column}", "value": value} for row, line in enumerate(values) for column, value in enumerate(line)
    ]
    relations: list[dict[str, int]] = []
    for kind, lines in (("row", values), ("column", list(zip(*values, strict=True)))):
        for number, line in enumerate(lines):
            places = [f"{number},{i}" if kind == "row" else f"{i},{number}" for i in range(side)]
            cells.append({"id": f"{kind} {number}", "value": sum(line), "open": True})
            relations.append({**dict.fromkeys(places, 1), f"{kind} {number}": -1})
    return {"cells": cells, "relations": relations}


def test_answer_is_that_of_the_command_line() -> None:
    found = attempt_within(10, "results.forecast", json.dumps(FORECAST), 5)
    assert (found.code, found.problems) == (0, ())
    assert found.document is not None
    assert (found.document["seed"], found.document["output"]["mean"]) == (5, 199.0)


def test_refusal_and_failure_keep_path_and_message() -> None:
    refused = attempt_within(10, "results.forecast", '{"count": -1}')
    assert (refused.code, refused.document) == (BAD_INPUT, None)
    assert "count" in [problem.path for problem in refused.problems]
    cells = [{"id": "a", "value": 3}, {"id": "b", "value": 9, "open": True}, {"id": "t", "value": 12, "open": True}]
    table = {"cells": cells, "relations": [{"a": 1, "b": 1, "t": -1}]}
    failed = attempt_within(10, "results.suppression", json.dumps(table))
    assert (failed.code, failed.problems[0].path) == (FAILED, "engine")


def test_endless_calculation_is_ended_in_time() -> None:
    begin = time.monotonic()
    with pytest.raises(EngineStoppedError) as stopped:
        attempt_within(1, "results.suppression", json.dumps(large_table(25)))
    assert stopped.value.why == "time"
    assert time.monotonic() - begin < 1 + limited.START_SECONDS + 5
    # Its place is free again.
    assert all(limited._places.acquire(timeout=0) for _ in range(limited.AT_ONCE))
    for _ in range(limited.AT_ONCE):
        limited._places.release()


def test_calculation_beyond_its_memory_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "MEGABYTES", 150)
    units = [{"id": f"unit-{number}"} for number in range(400_000)]
    with pytest.raises(EngineStoppedError) as stopped:
        attempt_within(20, "results.verification_sample", json.dumps({"method": "margin", "units": units}))
    assert stopped.value.why == "memory"


def test_third_at_the_same_time_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "WAIT_SECONDS", 0.01)
    for _ in range(limited.AT_ONCE):
        assert limited._places.acquire(timeout=1)
    try:
        with translation.override("en"):
            trial = try_engine("results.forecast", json.dumps(FORECAST), None)
    finally:
        for _ in range(limited.AT_ONCE):
            limited._places.release()
    assert trial == Trial(problems=("Other engines are running here just now. Try again in a minute.",))


def test_secrets_stay_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("MICROCITIES_SECRET_KEY", "secret")
    assert "secret" not in " ".join(limited._surroundings().values())


def test_unknown_engine_is_said_before_a_process_is_started() -> None:
    # The pages answer 404 for such a name; the process itself would end with an error, not with an answer.
    assert "results.nothing" not in [engine.name for engine in all_engines()]
    with pytest.raises(RuntimeError, match=UnknownEngineError.__name__):
        attempt_within(10, "results.nothing", "{}")


def test_trial_says_in_words_that_time_is_over() -> None:
    with translation.override("en"):
        trial = try_engine("results.suppression", json.dumps(large_table(25)), None, seconds=1)
    assert trial.document is None
    assert trial.problems == (
        "The engine was stopped after 1 s. On the command line there is no limit: "
        "microcities engine run NAME < input.json",
    )


@pytest.mark.django_db
def test_repetition_says_in_words_that_time_is_over(world: World) -> None:
    fields = {"name": "results.forecast", "data": FORECAST}
    run = DecisionRun.objects.get(pk=record_forecast(world.marta, **fields).pk)
    # A recorded run that has become too slow: the same file with the input of another engine.
    run.engine, run.input_json = "results.suppression", json.dumps(large_table(25))
    with translation.override("en"):
        again = rerun(run, seconds=1)
    assert (again.comparison, again.problems) == (None, ())
    assert again.stopped.startswith("The engine was stopped after 1 s.")
