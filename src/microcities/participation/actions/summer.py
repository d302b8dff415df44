"""Takes the work of a summer scheme over into the programme's records, so that figures rest on days that were worked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min, Q, Sum

from microcities.access.answers import require
from microcities.participation.models import (
    Activity,
    Participation,
    ParticipationFunding,
    PlacementRecord,
    Proof,
    SummerTie,
    Verification,
)
from microcities.participation.rules import may_tie_summer
from microcities.people.models import Account
from microcities.summerjobs.models import Placement, PlacementState, SummerScheme
from microcities.trail.context import Actor, change

MINUTES_OF_HOUR = 60


@dataclass
class Taken:
    """How many records a run made, tied to what a list had brought, and brought up to date."""

    made: int = 0
    tied: int = 0
    changed: int = 0


def tie_to_scheme(*, actor: Account, activity: Activity, scheme: SummerScheme) -> Taken:
    """Say that an activity accounts for a scheme, and take its work over. Raises RefusedError."""
    require(may_tie_summer(actor, activity, scheme))
    with change("participation.tie_to_scheme", actor=actor):
        tie, _is_new = SummerTie.objects.get_or_create(activity=activity, scheme=scheme)
        return take_over_work(actor=actor, tie=tie)


def take_over_work(*, actor: Actor, tie: SummerTie) -> Taken:
    """Make or bring up to date the participation of every placement of the scheme with a day of work.

    A record that a list brought for the same pupil and first day is tied, not doubled. A confirmed record whose facts change
    waits for confirmation again: whoever confirmed it had seen other facts.
    """
    done = Taken()
    with change("participation.take_over_work", actor=actor):
        locked = SummerTie.objects.select_for_update().select_related("activity").get(pk=tie.pk)
        records = {each.placement_id: each.participation for each in PlacementRecord.objects.filter(
            placement__post__host__scheme_id=locked.scheme_id).select_related("participation")}
        for placement in worked_placements(locked.scheme_id):
            facts = facts_of(placement)
            if (record := records.get(placement.pk)) is None:
                _begin(locked.activity, placement, facts, done)
            elif _differs(record, facts):
                _bring_up_to_date(record, facts)
                done.changed += 1
    return done


def worked_placements(scheme_id: int) -> Iterable[Any]:
    """Placements of a scheme with a day of work, each with `began`, `ended` and `minutes`."""
    worked = Q(work_days__worked_minutes__gt=0)
    rows = Placement.objects.filter(post__host__scheme_id=scheme_id).filter(worked)
    return rows.select_related("post__host", "post__fund__source", "application").annotate(
        began=Min("work_days__on", filter=worked), ended=Max("work_days__on", filter=worked),
        minutes=Sum("work_days__worked_minutes", filter=worked),
    ).order_by("pk")


def facts_of(placement: Any) -> dict[str, Any]:
    """What the programme's record says of a placement: host, days and hours to the hundredth."""
    hours = (Decimal(placement.minutes) / MINUTES_OF_HOUR).quantize(Decimal("0.01"))
    ended: dict[str, date | None] = {"completed_on": None, "dropped_out_on": None}
    if placement.state == PlacementState.COMPLETED:
        ended["completed_on"] = placement.ended
    elif placement.state == PlacementState.DROPPED_OUT:
        ended["dropped_out_on"] = placement.ended_on
    return {"started_on": placement.began, "hours": hours, "host_id": placement.post.host.organisation_id, **ended}


def _begin(activity: Activity, placement: Any, facts: dict[str, Any], done: Taken) -> None:
    known = Participation.objects.filter(
        activity=activity, person_id=placement.person_id, started_on=facts["started_on"], placement_record__isnull=True
    ).first()
    if known is None:
        known = Participation.objects.create(
            activity=activity, person_id=placement.person_id, proof=Proof.CONFIRMATION,
            proof_reference=placement.application.code, **facts,
        )
        if placement.post.fund is not None:
            ParticipationFunding.objects.create(participation=known, funding_source=placement.post.fund.source)
        done.made += 1
    else:
        done.tied += 1
        if _differs(known, facts):
            _bring_up_to_date(known, facts)
    PlacementRecord.objects.create(participation=known, placement=placement)


def _differs(record: Participation, facts: dict[str, Any]) -> bool:
    return any(getattr(record, name) != value for name, value in facts.items())


def _bring_up_to_date(record: Participation, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(record, name, value)
    if record.verification == Verification.CONFIRMED:
        record.verification, record.verified_by_id, record.verified_at = Verification.UNVERIFIED, None, None
    record.save()
