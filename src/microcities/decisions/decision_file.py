"""The decision file: one JSON document that holds a run, and the comparison of a repeated run with it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, ValidationError

from microcities.decisions.canonical import differences, rounded, sha256_of
from microcities.decisions.engine import EngineInputError, EngineModel, RunResult, run_engine

FORMAT: Literal["microcities-decision/1"] = "microcities-decision/1"
FORMAT_FAMILY = "microcities-decision/"


class FoundDifference(EngineModel):
    """One value that came out otherwise; `path` like `output.weights[2]`."""

    path: str
    recorded: Any
    computed: Any


class Comparison(EngineModel):
    """Whether a repeated run gave the recorded answer; `notes` explain what was not the same around it."""

    result: Literal["same", "different"]
    differences: tuple[FoundDifference, ...] = ()
    notes: tuple[str, ...] = ()


class DecisionFile(EngineModel):
    """A run as one document. `record` (who confirmed, when, why) travels along and is not judged by a
    repeated run.
    """

    format: Literal["microcities-decision/1"] = FORMAT
    engine: str
    version: str
    seed: int = Field(ge=0)
    rulebooks: dict[str, str] = {}
    input: dict[str, Any]
    output: dict[str, Any]
    input_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    output_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    record: dict[str, Any] = {}
    comparison: Comparison | None = None


def is_decision_file(document: dict[str, Any]) -> bool:
    """True for a decision file of any version of the format, false for a bare engine input."""
    return str(document.get("format", "")).startswith(FORMAT_FAMILY)


def read_decision_file(text: str) -> DecisionFile:
    """Parse a decision file; EngineInputError with paths when it is not one of this format."""
    try:
        return DecisionFile.model_validate_json(text)
    except ValidationError as error:
        raise EngineInputError.from_validation(error) from None


def write_decision_file(
    result: RunResult, *, record: dict[str, Any] | None = None, comparison: Comparison | None = None
) -> dict[str, Any]:
    """The decision file of a run as a JSON-ready dict, without the parts that are empty."""
    return as_document(DecisionFile(
        engine=result.engine,
        version=result.version,
        seed=result.seed,
        rulebooks=result.rulebooks,
        input=result.input,
        output=result.output,
        input_sha256=result.input_sha256,
        output_sha256=result.output_sha256,
        record=record or {},
        comparison=comparison,
    ))


def as_document(file: DecisionFile) -> dict[str, Any]:
    """A decision file as a JSON-ready dict, without the parts that are empty."""
    document = file.model_dump(mode="json")
    return {
        key: value for key, value in document.items() if value not in (None, {}) or key in ("input", "output")
    }


def run_again(recorded: DecisionFile, *, seed: int | None = None) -> tuple[RunResult, Comparison]:
    """Run the recorded input again (with the recorded seed unless another is given) and compare."""
    used_seed = recorded.seed if seed is None else seed
    result = run_engine(recorded.engine, recorded.input, used_seed, rulebooks=recorded.rulebooks)
    return result, compare(recorded, result)


def compare(recorded: DecisionFile, result: RunResult) -> Comparison:
    """Compare outputs, and the recorded digests with the recorded content (an edited file is different)."""
    found = [
        FoundDifference(path=below("output", path), recorded=old, computed=new)
        for path, old, new in differences(recorded.output, result.output)
    ]
    # The digest of the input is taken over the checked input, because 5 and 5.0 are the same number.
    if recorded.input_sha256 != result.input_sha256:
        found.append(_digest("input_sha256", recorded.input_sha256, result.input_sha256))
    own_digest = sha256_of(rounded(recorded.output))
    if recorded.output_sha256 not in (own_digest, result.output_sha256):
        found.append(_digest("output_sha256", recorded.output_sha256, own_digest))
    return Comparison(
        result="different" if found else "same",
        differences=tuple(found),
        notes=tuple(_notes(recorded, result)),
    )


def below(name: str, path: str) -> str:
    """The path inside the part called `name`: `weights[2]` below `output` is `output.weights[2]`."""
    if path == "$":
        return name
    return f"{name}{path}" if path.startswith("[") else f"{name}.{path}"


def _notes(recorded: DecisionFile, result: RunResult) -> list[str]:
    notes = []
    if recorded.version != result.version:
        notes.append(
            f"recorded with version {recorded.version} of the engine, run again with {result.version}"
        )
    if recorded.seed != result.seed:
        notes.append(f"recorded with seed {recorded.seed}, run again with seed {result.seed}")
    return notes


def _digest(path: str, recorded: str, computed: str) -> FoundDifference:
    return FoundDifference(path=path, recorded=recorded, computed=computed)
