"""Two records of one person become one, and two again when that was wrong.

Every row that points to the absorbed person is found by walking the models, whatever app it belongs to, and moved. What cannot
be moved because the kept person has the same already (a registration at the same partner) stays where it is and is noted;
counts follow `merged_into`, so they are of distinct people either way.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.people.matching.queries import lock_matching
from microcities.people.models import Account, MatchCandidate, MatchState, Merge, Person
from microcities.people.rules import may_decide_match, may_merge, may_undo_merge
from microcities.trail.context import change

# Rows about matching itself tell what was decided about which record, so they stay with that record.
STAYING = (Merge, MatchCandidate)
CODE = "people.Person.code_hash"
LEFT = "left"


def decide_match(*, actor: Account, candidate: MatchCandidate, same: bool, reason: str) -> Merge | None:
    """Decide on a pair: the same person merges the two records, two persons leaves them apart for good.

    The older record is kept. Raises RefusedError when the actor may not decide or the pair has been decided.
    """
    with change("people.decide_match", actor=actor, reason=reason):
        lock_matching()
        locked = MatchCandidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
        require(may_decide_match(actor, locked))
        merge = None
        if same:
            merge = merge_persons(actor=actor, kept=locked.first, absorbed=locked.second, reason=reason)
        _close(locked, MatchState.SAME if same else MatchState.DIFFERENT, actor)
    return merge


def merge_persons(*, actor: Account, kept: Person, absorbed: Person, reason: str) -> Merge:
    """Move everything of `absorbed` to `kept`. Raises RefusedError when the two cannot be one person."""
    if not reason.strip():
        raise RefusedError(_("Give the reason for putting the two records together."))
    with change("people.merge_persons", actor=actor, reason=reason):
        lock_matching()
        rows = {row.pk: row for row in _locked(kept.pk, absorbed.pk)}
        kept, absorbed = rows[kept.pk], rows[absorbed.pk]
        require(may_merge(actor, kept, absorbed))
        moved: dict[str, Any] = {}
        left: dict[str, list[int]] = {}
        for field in _links():
            _move(field, absorbed.pk, kept.pk, moved, left)
        absorbed.merged_into = kept
        absorbed.save(update_fields=["merged_into"])
        if kept.code_hash is None and absorbed.code_hash is not None:
            kept.code_hash = absorbed.code_hash
            kept.save(update_fields=["code_hash"])
            moved[CODE] = [kept.pk]
        _repoint_candidates(absorbed, kept)
        return Merge.objects.create(
            kept=kept, absorbed=absorbed, reason=reason, merged_by_id=actor.pk, moved={**moved, LEFT: left}
        )


def undo_merge(*, actor: Account, merge: Merge, reason: str) -> None:
    """Two persons again: what was moved goes back, unless it has been deleted since."""
    if not reason.strip():
        raise RefusedError(_("Give the reason for taking the two records apart."))
    with change("people.undo_merge", actor=actor, reason=reason):
        lock_matching()
        merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        require(may_undo_merge(actor, merge))
        if CODE in merge.moved:
            Person.objects.filter(pk=merge.kept_id).update(code_hash=None)
        Person.objects.filter(pk=merge.absorbed_id).update(merged_into=None)
        for field in _links():
            numbers = merge.moved.get(_name(field), [])
            rows = field.model._base_manager.filter(pk__in=numbers, **{field.name: merge.kept_id})
            rows.update(**{field.name: merge.absorbed_id})
        MatchCandidate.objects.filter(
            first_id=min(merge.kept_id, merge.absorbed_id), second_id=max(merge.kept_id, merge.absorbed_id)
        ).update(state=MatchState.DIFFERENT, decided_by_id=actor.pk, decided_at=timezone.now())
        merge.undone_by_id, merge.undone_at = actor.pk, timezone.now()
        merge.save(update_fields=["undone_by_id", "undone_at"])


def _links() -> Iterator[Any]:
    """Every column of every first-party table that points to a person."""
    for model in apps.get_models(include_auto_created=True):
        if model in STAYING or not model._meta.managed or not model.__module__.startswith("microcities."):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Person:
                yield field


def _name(field: Any) -> str:
    return f"{field.model._meta.label}.{field.name}"


def _move(field: Any, source: int, target: int, moved: dict[str, Any], left: dict[str, list[int]]) -> None:
    """Let rows point to the other person, all at once; one by one where one of them would collide."""
    rows = field.model._base_manager.filter(**{field.name: source})
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    if not numbers:
        return
    try:
        with transaction.atomic():
            rows.update(**{field.name: target})
        moved[_name(field)] = numbers
        return
    except IntegrityError:
        pass
    for number in numbers:
        try:
            with transaction.atomic():
                rows.filter(pk=number).update(**{field.name: target})
            moved.setdefault(_name(field), []).append(number)
        except IntegrityError:
            left.setdefault(_name(field), []).append(number)


def _repoint_candidates(absorbed: Person, kept: Person) -> None:
    """Whoever may have been the absorbed person may be the kept one: open pairs are asked anew about the kept."""
    pairs = MatchCandidate.objects.filter(models.Q(first=absorbed) | models.Q(second=absorbed), state=MatchState.OPEN)
    for pair in pairs:
        other = pair.second_id if pair.first_id == absorbed.pk else pair.first_id
        if other != kept.pk:
            MatchCandidate.objects.get_or_create(
                first_id=min(other, kept.pk), second_id=max(other, kept.pk),
                defaults={"score": pair.score, "reasons": pair.reasons},
            )


def _close(candidate: MatchCandidate, state: MatchState, actor: Account) -> None:
    candidate.state, candidate.decided_by_id, candidate.decided_at = state, actor.pk, timezone.now()
    candidate.save(update_fields=["state", "decided_by_id", "decided_at"])


def _locked(*numbers: int) -> list[Person]:
    """The persons, locked in one order, so that two merges cannot wait for each other."""
    return list(Person.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))
