"""Records runs of engines, and lets a person confirm them or set them aside."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from microcities.access.answers import require
from microcities.decisions.engine import Engine, EngineInputError, RunResult, get_engine, run_engine
from microcities.decisions.models import DecisionRun, State
from microcities.decisions.pseudonyms import names_nobody
from microcities.decisions.rules import may_confirm, may_discard
from microcities.people.models import Account, Organisation
from microcities.rulebooks.reading import RuleUse
from microcities.rulebooks.registry import is_unchanged
from microcities.trail.context import Actor, change

LARGEST_SEED = 2**63 - 1


def record_run(
    *,
    actor: Actor,
    name: str,
    data: Mapping[str, Any],
    seed: int,
    subject_kind: str,
    subject_ref: object,
    subject_label: str = "",
    uses: Iterable[RuleUse] = (),
    organisation: Organisation | None = None,
    needs_second_person: bool = False,
) -> DecisionRun:
    """Run the engine `name` on `data` and keep the run as proposed.

    `subject_kind` is "app.model" and `subject_ref` the record's number there. `uses` are the rulebook versions whose
    values stand in `data` (`rulebooks.registry.versions_used`). `organisation` is whose decision it is; without one
    it is the programme's, seen only by who sees all people. `needs_second_person`: who ran it may not confirm it.
    Raises UnknownEngineError, EngineInputError, EngineFailedError, RefusedError when the input tells who somebody
    is, and ValueError for uses that are not those of the rulebooks.
    """
    used = list(dict.fromkeys(RuleUse(*use) for use in uses))
    _check_uses(get_engine(name), used)
    if isinstance(seed, int) and seed > LARGEST_SEED:
        raise EngineInputError.at(f"the seed is at most {LARGEST_SEED}", "seed")
    # Outside the transaction: an engine may take seconds, and it needs no database.
    result = run_engine(name, data, seed)
    require(names_nobody(result.input, subject_label))
    with change("decisions.record_run", actor=actor):
        return DecisionRun.objects.create(
            **_content(result),
            rulebook_uses=[list(use) for use in used],
            subject_kind=subject_kind,
            subject_ref=str(subject_ref),
            subject_label=subject_label,
            organisation=organisation,
            needs_second_person=needs_second_person,
            run_by_id=actor.pk,
            run_by_system="" if actor.pk is not None else getattr(actor, "name", ""),
        )


def confirm_run(*, actor: Account, run: DecisionRun) -> DecisionRun:
    """A person makes the proposal a decision. RefusedError without the role, a second time, or as second person."""
    with change("decisions.confirm_run", actor=actor):
        locked = DecisionRun.objects.select_for_update().get(pk=run.pk)
        require(may_confirm(actor, locked))
        locked.state = State.CONFIRMED
        locked.confirmed_by_id, locked.confirmed_at = actor.pk, timezone.now()
        locked.save(update_fields=["state", "confirmed_by_id", "confirmed_at"])
    return locked


def discard_run(*, actor: Account, run: DecisionRun, reason: str) -> DecisionRun:
    """A person sets the proposal aside; the file stays. ValueError without a reason, RefusedError as for confirming."""
    reason = reason.strip()
    if not reason:
        raise ValueError("a reason is needed to discard a decision")
    require(names_nobody({}, reason))
    with change("decisions.discard_run", actor=actor, reason=reason):
        locked = DecisionRun.objects.select_for_update().get(pk=run.pk)
        require(may_discard(actor, locked))
        locked.state = State.DISCARDED
        locked.discarded_by_id, locked.discarded_at = actor.pk, timezone.now()
        locked.discard_reason = reason
        locked.save(update_fields=["state", "discarded_by_id", "discarded_at", "discard_reason"])
    return locked


def _content(result: RunResult) -> dict[str, Any]:
    return {
        "engine": result.engine,
        "engine_version": result.version,
        "seed": result.seed,
        "input_json": result.input_json,
        "output_json": result.output_json,
        "input_sha256": result.input_sha256,
        "output_sha256": result.output_sha256,
    }


def _check_uses(found: Engine, used: list[RuleUse]) -> None:
    """The rulebooks an engine declares are recorded, and what is recorded is what the rulebooks say today."""
    missing = set(found.rulebooks) - {use.topic for use in used}
    if missing:
        raise ValueError(f"{found.name} rests on rules that are not recorded: {', '.join(sorted(missing))}")
    unknown = [f"{use.topic} {use.version}" for use in used if not is_unchanged(use)]
    if unknown:
        raise ValueError(f"not the rules in the rulebooks: {', '.join(unknown)}")
