"""Entering people and organisations into an activity, saying how far they came, and a second person's confirmation."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.participation.models import (
    Activity,
    ListImport,
    Participation,
    ParticipationFunding,
    Proof,
    Verification,
)
from microcities.participation.rules import (
    may_change_record,
    may_confirm,
    may_confirm_records_of,
    may_enter_for,
    may_enter_organisation,
    may_reject,
)
from microcities.people.models import Account, Organisation, Person
from microcities.programme.models import FundingSource
from microcities.trail.context import change


def enrol_person(
    *,
    actor: Account,
    activity: Activity,
    person: Person,
    applied_on: date | None = None,
    started_on: date | None = None,
    host: Organisation | None = None,
    hours: Decimal | None = None,
    proof_reference: str = "",
    fundings: tuple[FundingSource, ...] = (),
) -> Participation:
    """Enter a person into an activity; `fundings` has the paying source first. Raises RefusedError."""
    require(may_enter_for(actor, activity))
    _require_within(activity, applied_on, started_on)
    try:
        with change("participation.enrol_person", actor=actor), transaction.atomic():
            return _enter(
                actor, fundings, proof_reference, activity=activity, person=person, applied_on=applied_on,
                started_on=started_on, host=host, hours=hours,
            )
    except IntegrityError as error:
        raise RefusedError(
            _("%(person)s takes part in this activity from that day already.") % {"person": person.name}
        ) from error


def enrol_organisation(
    *,
    actor: Account,
    activity: Activity,
    organisation: Organisation,
    applied_on: date,
    proof_reference: str = "",
    fundings: tuple[FundingSource, ...] = (),
) -> Participation:
    """Enter an organisation's application for a grant; `fundings` has the paying source first. Raises RefusedError."""
    require(may_enter_organisation(actor, activity))
    _require_within(activity, applied_on, None)
    try:
        with change("participation.enrol_organisation", actor=actor), transaction.atomic():
            return _enter(
                actor, fundings, proof_reference, activity=activity, organisation=organisation, applied_on=applied_on
            )
    except IntegrityError as error:
        raise RefusedError(
            _("%(organisation)s has applied in this call already.") % {"organisation": organisation.name}
        ) from error


def _enter(
    actor: Account, fundings: tuple[FundingSource, ...], proof_reference: str, **values: Any
) -> Participation:
    """The record, brought by the actor, and its money; within the caller's action."""
    record = Participation.objects.create(
        **values, proof=Proof.DOCUMENT if proof_reference else Proof.NONE, proof_reference=proof_reference,
        brought_by_id=actor.pk,
    )
    ParticipationFunding.objects.bulk_create(
        ParticipationFunding(participation=record, funding_source=source) for source in fundings
    )
    return record


def record_award(*, actor: Account, record: Participation, awarded_on: date, amount: Decimal) -> None:
    """An application for a grant is supported from a day on with `amount` EUR, which its first source of money pays."""
    require(may_enter_organisation(actor, record.activity))
    _require_within(record.activity, None, awarded_on)
    if amount <= 0:
        raise RefusedError(_("A grant is more than zero. Check the amount."))
    with change("participation.record_award", actor=actor):
        if _locked(record).started_on:
            raise RefusedError(_("This application has been supported already."))
        _write(actor, record, started_on=awarded_on, amount=amount)
        paying = record.fundings.order_by("pk").first()
        if paying is not None:
            paying.amount = amount
            paying.save(update_fields=["amount"])


def record_start(*, actor: Account, record: Participation, started_on: date) -> None:
    """Somebody who applied has started."""
    _require_within(record.activity, None, started_on)
    if record.started_on:
        raise RefusedError(_("The start of this record is known already."))
    try:
        with transaction.atomic():
            _record(actor, record, "participation.record_start", started_on=started_on)
    except IntegrityError as error:  # a second record of the same person has that start
        raise RefusedError(_("Another record of this activity tells of the same start. Reject one of the two.")) from error


def record_completion(*, actor: Account, record: Participation, completed_on: date, hours: Decimal | None) -> None:
    """Somebody has completed; `hours` None leaves what is there."""
    if record.started_on is None or completed_on < record.started_on:
        raise RefusedError(_("Nobody completes before the start. Check the day."))
    if record.dropped_out_on:
        raise RefusedError(_("This person has dropped out of the activity."))
    _require_past(completed_on)
    hours = record.hours if hours is None else hours
    _record(actor, record, "participation.record_completion", completed_on=completed_on, hours=hours)


def record_drop_out(*, actor: Account, record: Participation, dropped_out_on: date, reason: str) -> None:
    """Somebody has left before the end."""
    begin = record.started_on or record.applied_on
    if begin is None or dropped_out_on < begin:
        raise RefusedError(_("Nobody drops out before the start. Check the day."))
    if record.completed_on:
        raise RefusedError(_("This person has completed the activity."))
    _require_past(dropped_out_on)
    _record(actor, record, "participation.record_drop_out", reason=reason, dropped_out_on=dropped_out_on)


def confirm_record(*, actor: Account, record: Participation) -> None:
    """A second person has seen the proof. Raises RefusedError for whoever brought the record."""
    _decide(actor, record, Verification.CONFIRMED, "")


def reject_record(*, actor: Account, record: Participation, reason: str) -> None:
    """A second person found the record wrong; it stays, with the reason in the trail, and counts no more.

    A confirmed record may turn out to be wrong too. A report that was approved with it keeps its figure until it is restated.
    """
    if not reason.strip():
        raise RefusedError(_("Give the reason, so that whoever brought the record can correct it."))
    _decide(actor, record, Verification.REJECTED, reason)


def confirm_list_records(*, actor: Account, the_list: ListImport, reason: str) -> int:
    """Confirm all records of a list that wait for it and that the actor did not bring; returns how many.

    `reason` says what was looked at: the signed original, a sample of contracts.
    """
    require(may_confirm_records_of(actor, the_list.organisation_id))
    if not reason.strip():
        raise RefusedError(_("Say what you looked at, for example the signed list."))
    with change("participation.confirm_list_records", actor=actor, reason=reason):
        waiting = Participation.objects.unconfirmed().filter(batch_id=the_list.pk).exclude(brought_by_id=actor.pk)
        found = waiting.update(
            verification=Verification.CONFIRMED, verified_by_id=actor.pk, verified_at=timezone.now()
        )
        if not found:
            raise RefusedError(_("No record of this list waits for your confirmation."))
        return found


def _decide(actor: Account, record: Participation, verdict: Verification, reason: str) -> None:
    with change(f"participation.{verdict.value}_record", actor=actor, reason=reason):
        locked = _locked(record)
        require(may_confirm(actor, locked) if verdict == Verification.CONFIRMED else may_reject(actor, locked))
        locked.verification, locked.verified_by_id, locked.verified_at = verdict, actor.pk, timezone.now()
        locked.save(update_fields=["verification", "verified_by_id", "verified_at"])


def _record(
    actor: Account, record: Participation, verb: str, reason: str = "", **values: date | Decimal | None
) -> None:
    """Write values into a record as one action."""
    require(may_change_record(actor, record))
    with change(verb, actor=actor, reason=reason):
        _write(actor, record, **values)


def _write(actor: Account, record: Participation, **values: date | Decimal | None) -> None:
    """Whoever wrote last has brought the record, and it has to be confirmed again."""
    locked = _locked(record)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.verification, locked.verified_by_id, locked.verified_at = Verification.UNVERIFIED, None, None
    locked.brought_by_id = actor.pk
    locked.save()


def _locked(record: Participation) -> Participation:
    return Participation.objects.select_for_update(of=("self",)).select_related("activity").get(pk=record.pk)


def _require_within(activity: Activity, applied_on: date | None, started_on: date | None) -> None:
    if applied_on is None and started_on is None:
        raise RefusedError(_("Give the day of the application or of the start."))
    if started_on and not activity.starts_on <= started_on <= activity.ends_on:
        raise RefusedError(_("The start lies outside the activity. Check the day."))
    for day in (applied_on, started_on):
        if day:
            _require_past(day)


def _require_past(day: date) -> None:
    if day > timezone.localdate():
        raise RefusedError(_("The day has not come yet. A record tells what has happened."))
