"""Repeats a recorded run and says what came out otherwise and what around it has changed. Writes nothing."""

import json
from dataclasses import dataclass
from typing import Any

from microcities.decisions.decision_file import (
    Comparison,
    DecisionFile,
    FoundDifference,
    as_document,
)
from microcities.decisions.engine import InputProblem, UnknownEngineError, get_engine
from microcities.decisions.limited import EngineStoppedError, attempt_within
from microcities.decisions.models import DecisionRun
from microcities.decisions.trial import stopped_in_words
from microcities.rulebooks.reading import RuleUse
from microcities.rulebooks.registry import is_unchanged

RERUN_SECONDS = 30


@dataclass(frozen=True)
class Rerun:
    """The outcome. `comparison` is None when the run could not be repeated; `problems` then say why.

    `version_now` is empty when the engine is no longer there. `changed_rules` are recorded rulebook versions that are
    gone or have other values today; the repeated run does not read them, because the input holds their values.
    `stopped` says in the reader's language that time or memory ran out.
    """

    comparison: Comparison | None
    problems: tuple[InputProblem, ...]
    version_then: str
    version_now: str
    changed_rules: tuple[RuleUse, ...]
    stopped: str = ""

    @property
    def is_same(self) -> bool:
        """True when the repeated run gave the recorded answer."""
        return self.comparison is not None and self.comparison.result == "same"

    @property
    def differences(self) -> tuple[FoundDifference, ...]:
        """Path, recorded value and present value of each difference."""
        return self.comparison.differences if self.comparison else ()

    @property
    def version_changed(self) -> bool:
        """True when the engine has another version than the one that was recorded."""
        return self.version_then != self.version_now


def rerun(run: DecisionRun, *, seconds: int = RERUN_SECONDS) -> Rerun:
    """Run the engine again on the recorded input with the recorded seed, at most so many seconds, and compare."""
    comparison: Comparison | None = None
    problems: tuple[InputProblem, ...] = ()
    version_now, stopped = "", ""
    try:
        version_now = get_engine(run.engine).version
        found = attempt_within(seconds, run.engine, json.dumps(decision_document(run)))
        problems = found.problems
        if found.document is not None:
            comparison = Comparison.model_validate_json(json.dumps(found.document["comparison"]))
    except UnknownEngineError as error:
        problems = (InputProblem("engine", str(error)),)
    except EngineStoppedError as error:
        stopped = stopped_in_words(error)
    return Rerun(
        comparison=comparison,
        problems=problems,
        version_then=run.engine_version,
        version_now=version_now,
        changed_rules=tuple(use for use in run.uses if not is_unchanged(use)),
        stopped=stopped,
    )


def decision_file(run: DecisionRun) -> DecisionFile:
    """The run in the format of decisions/decision_file.py."""
    return DecisionFile.model_validate(decision_document(run))


def decision_document(run: DecisionRun) -> dict[str, Any]:
    """The decision file as JSON-ready content, as `microcities engine run NAME < file` accepts it."""
    versions: dict[str, list[str]] = {}
    for use in run.uses:
        versions.setdefault(use.topic, []).append(use.version)
    return as_document(DecisionFile(
        engine=run.engine,
        version=run.engine_version,
        seed=run.seed,
        rulebooks={topic: ", ".join(used) for topic, used in versions.items()},
        input=run.input,
        output=run.output,
        input_sha256=run.input_sha256,
        output_sha256=run.output_sha256,
        record=_record(run),
    ))


def _record(run: DecisionRun) -> dict[str, Any]:
    """Who, when and about what. Accounts are numbers: a file that travels names nobody."""
    record: dict[str, Any] = {
        "id": str(run.public_id),
        "subject": {"kind": run.subject_kind, "ref": run.subject_ref, "label": run.subject_label},
        "rulebooks": [use._asdict() for use in run.uses],
        "run_at": run.run_at.isoformat(),
        "run_by": run.run_by_id if run.run_by_id is not None else run.run_by_system,
        "state": run.state,
    }
    if run.confirmed_at:
        record |= {"confirmed_at": run.confirmed_at.isoformat(), "confirmed_by": run.confirmed_by_id}
    if run.discarded_at:
        record |= {"discarded_at": run.discarded_at.isoformat(), "discarded_by": run.discarded_by_id}
        record["discard_reason"] = run.discard_reason
    return record
