"""The `microcities engine` commands: list, describe and run engines without Django and without a database."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

from microcities.decisions.decision_file import (
    Comparison,
    below,
    is_decision_file,
    read_decision_file,
    run_again,
    write_decision_file,
)
from microcities.decisions.engine import (
    EngineFailedError,
    EngineInputError,
    UnknownEngineError,
    all_engines,
    get_engine,
    run_engine,
)

OK, DIFFERENT, BAD_INPUT, FAILED = 0, 1, 2, 3


def list_engines(out: TextIO) -> int:
    """One line for each engine: name, version, summary. Returns the exit code."""
    engines = all_engines()
    width = max((len(found.name) for found in engines), default=0)
    for found in engines:
        out.write(f"{found.name:<{width}}  {found.version}  {found.summary}\n")
    return OK


def describe(name: str, out: TextIO, err: TextIO = sys.stderr) -> int:
    """Write version, source, rulebooks and JSON Schemas as JSON. Returns the exit code."""
    try:
        found = get_engine(name)
    except UnknownEngineError as error:
        return _refuse_name(error, err)
    _write_json(found.describe(), out)
    return OK


def run(name: str, stdin: TextIO, out: TextIO, err: TextIO, seed: int | None = None) -> int:
    """Run an engine on a JSON object or on a decision file and write a decision file.

    A decision file is run again with its own seed and compared: exit code 0 for same, 1 for different. Exit
    code 2 for a wrong input (each wrong value with its path) or an unknown engine, 3 when the calculation
    came to no proven answer.
    """
    try:
        get_engine(name)
        document, text = _read_object(stdin)
        if is_decision_file(document):
            return _repeat(name, text, out, err, seed)
        _write_json(write_decision_file(run_engine(name, document, 0 if seed is None else seed)), out)
    except UnknownEngineError as error:
        return _refuse_name(error, err)
    except EngineInputError as error:
        for path, message in error.problems:
            err.write(f"{name}: {path}: {message}\n")
        return BAD_INPUT
    except EngineFailedError as error:
        err.write(f"{name}: {error}\n")
        return FAILED
    return OK


def _repeat(name: str, text: str, out: TextIO, err: TextIO, seed: int | None) -> int:
    recorded = read_decision_file(text)
    if recorded.engine != name:
        raise EngineInputError.at(f"this decision was made by {recorded.engine}, not by {name}", "engine")
    try:
        result, comparison = run_again(recorded, seed=seed)
    except EngineInputError as error:
        raise EngineInputError((below("input", path), message) for path, message in error.problems) from None
    _write_json(write_decision_file(result, record=recorded.record, comparison=comparison), out)
    _say_comparison(name, comparison, err)
    return OK if comparison.result == "same" else DIFFERENT


def _say_comparison(name: str, comparison: Comparison, err: TextIO) -> None:
    err.write(f"{name}: {comparison.result}\n")
    for found in comparison.differences:
        err.write(f"{name}: {found.path}: recorded {_short(found.recorded)}, now {_short(found.computed)}\n")
    for note in comparison.notes:
        err.write(f"{name}: {note}\n")


def _read_object(stdin: TextIO) -> tuple[dict[str, Any], str]:
    try:
        text = stdin.read()
        document = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise EngineInputError.at(
            f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        ) from None
    except UnicodeDecodeError:
        raise EngineInputError.at("not JSON: the text is not UTF-8") from None
    except RecursionError:
        raise EngineInputError.at("not readable: nested too deeply") from None
    except ValueError as error:
        raise EngineInputError.at(f"not JSON: {error}") from None
    if not isinstance(document, dict):
        raise EngineInputError.at("the input is a JSON object")
    return document, text


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} stands twice in one object")
    return content


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is not a JSON number")


def _refuse_name(error: UnknownEngineError, err: TextIO) -> int:
    err.write(f"{error}\n")
    if not error.near:
        err.write(f"engines: {', '.join(found.name for found in all_engines())}\n")
    return BAD_INPUT


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _write_json(document: dict[str, Any], out: TextIO) -> None:
    out.write(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
