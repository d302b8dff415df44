"""The `microcities engine` commands: list, describe and run engines without Django and without a database."""

from __future__ import annotations

import json
import sys
from typing import Any, NamedTuple, TextIO

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
    InputProblem,
    UnknownEngineError,
    all_engines,
    get_engine,
    run_engine,
)

OK, DIFFERENT, BAD_INPUT, FAILED = 0, 1, 2, 3
MOST_DIGITS = 400
BYTE_ORDER_MARK = "\ufeff"


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


class Attempt(NamedTuple):
    """What came of a run: exit code, decision file (None when there is none), and what is wrong, each with its path."""

    code: int
    document: dict[str, Any] | None
    problems: tuple[InputProblem, ...] = ()


def run(name: str, stdin: TextIO | None, out: TextIO, err: TextIO, seed: int | None = None) -> int:
    """Run an engine on a JSON object or on a decision file and write a decision file.

    A decision file is run again with its own seed and compared: exit code 0 for same, 1 for different. Exit
    code 2 for a wrong input (each wrong value with its path) or an unknown engine, 3 when the calculation
    came to no proven answer.
    """
    try:
        found = attempt(name, stdin, seed)
    except UnknownEngineError as error:
        return _refuse_name(error, err)
    for path, message in found.problems:
        err.write(f"{name}: {message}\n" if found.code == FAILED else f"{name}: {path}: {message}\n")
    if found.document is not None:
        _write_json(found.document, out)
        if "comparison" in found.document:
            _say_comparison(name, Comparison.model_validate(found.document["comparison"], strict=False), err)
    return found.code


def attempt(name: str, stdin: TextIO | None, seed: int | None = None) -> Attempt:
    """Run as `run` does and write nothing; UnknownEngineError when there is no such engine."""
    get_engine(name)
    try:
        document, text = _read_object(stdin)
        if is_decision_file(document):
            return _repeat(name, text, seed)
        result = run_engine(name, document, 0 if seed is None else seed)
    except EngineInputError as error:
        return Attempt(BAD_INPUT, None, tuple(error.problems))
    except EngineFailedError as error:
        return Attempt(FAILED, None, (InputProblem("engine", str(error)),))
    return Attempt(OK, write_decision_file(result))


def _repeat(name: str, text: str, seed: int | None) -> Attempt:
    recorded = read_decision_file(text)
    if recorded.engine != name:
        raise EngineInputError.at(f"this decision was made by {recorded.engine}, not by {name}", "engine")
    try:
        result, comparison = run_again(recorded, seed=seed)
    except EngineInputError as error:
        raise EngineInputError((below("input", path), message) for path, message in error.problems) from None
    document = write_decision_file(result, record=recorded.record, comparison=comparison)
    return Attempt(OK if comparison.result == "same" else DIFFERENT, document)


def _say_comparison(name: str, comparison: Comparison, err: TextIO) -> None:
    err.write(f"{name}: {comparison.result}\n")
    for found in comparison.differences:
        err.write(f"{name}: {found.path}: recorded {_short(found.recorded)}, now {_short(found.computed)}\n")
    for note in comparison.notes:
        err.write(f"{name}: {note}\n")


def _read_object(stdin: TextIO | None) -> tuple[dict[str, Any], str]:
    if stdin is None:
        raise EngineInputError.at("not JSON: standard input is closed")
    try:
        text = stdin.read().removeprefix(BYTE_ORDER_MARK)
        document = json.loads(
            text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant, parse_int=_whole_number
        )
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


def _whole_number(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a whole number of {len(text)} digits; at most {MOST_DIGITS} are read")
    return int(text)


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
