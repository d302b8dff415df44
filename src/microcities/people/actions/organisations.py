"""Organisations enter the record once: partners, employers that take pupils in, applicants for grants; and who owns whom."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.people.models import Account, Organisation, Ownership
from microcities.people.rules import may_add_organisation, may_change_organisation
from microcities.trail.context import Actor, change

TOLD_ONCE = "ownership_told_once"  # the constraint that holds it


def add_organisation(*, actor: Actor, name: str, kind: str, **fields: Any) -> Organisation:
    """Add an organisation; `fields` are those of the model.

    Raises RefusedError when the actor may not, or one of this name is known and no registration number tells the two
    apart; django's ValidationError for a wrong or taken registration number.
    """
    require(may_add_organisation(actor))
    organisation = Organisation(name=name.strip(), kind=kind, **fields)
    organisation.full_clean()
    with change("people.add_organisation", actor=actor):
        _require_new_name(organisation)
        organisation.save()
    return organisation


def change_organisation(*, actor: Account, organisation: Organisation, reason: str, **fields: Any) -> Organisation:
    """Change what is said of an organisation; `fields` are those of the model, those not named stay.

    Raises RefusedError when the actor may not or the name is another one's; django's ValidationError for wrong values.
    """
    require(may_change_organisation(actor, organisation))
    with change("people.change_organisation", actor=actor, reason=reason):
        locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        for field, value in fields.items():
            setattr(locked, field, value)
        locked.name = locked.name.strip()
        locked.full_clean()
        _require_new_name(locked)
        locked.save()
    return locked


def _require_new_name(organisation: Organisation) -> None:
    same_name = Organisation.objects.filter(country=organisation.country, name__iexact=organisation.name)
    if organisation.registration_number:
        same_name = same_name.filter(registration_number="")
    if same_name.exclude(pk=organisation.pk).exists():
        raise RefusedError(
            _("“%(name)s” is known already. If this is another one, give the registration numbers of both.")
            % {"name": organisation.name}
        )


def record_ownership(
    *,
    actor: Account,
    owned: Organisation,
    owner: Organisation,
    share_percent: Decimal,
    valid_from: date,
    valid_to: date | None = None,
) -> Ownership:
    """Record that `owner` has a share of `owned`, in per cent, from a day on, until a last day where it is over.

    Raises RefusedError when the actor may not, or the owners' shares would come to more than 100 % on some day;
    django's ValidationError for wrong values and for an owner whose share of those days is told already.
    """
    require(may_change_organisation(actor, owned))
    _require_past(valid_from, valid_to)
    ownership = Ownership(
        owner=owner, owned=owned, share_percent=share_percent, valid_from=valid_from, valid_to=valid_to
    )
    ownership.full_clean()
    try:
        with change("people.record_ownership", actor=actor):
            ownership.save()
    except IntegrityError as error:  # the database adds the shares up, so that nobody else's share comes in between
        if TOLD_ONCE in str(error):
            raise RefusedError(_("Somebody has just recorded a share of this owner.")) from error
        raise RefusedError(
            _("The shares of %(name)s would come to more than 100 %% on some day. End another owner's share first.")
            % {"name": owned.name}
        ) from error
    return ownership


def end_ownership(*, actor: Account, ownership: Ownership, valid_to: date, reason: str) -> None:
    """Say which was the last day of a share. Raises RefusedError when the actor may not or the day cannot be."""
    require(may_change_organisation(actor, ownership.owned))
    _require_past(valid_to)
    with change("people.end_ownership", actor=actor, reason=reason):
        locked = Ownership.objects.select_for_update().get(pk=ownership.pk)
        if locked.valid_to is not None:
            raise RefusedError(_("The end of this share is known already."))
        if valid_to < locked.valid_from:
            raise RefusedError(_("The share began later than that. Give a later day."))
        locked.valid_to = valid_to
        locked.save(update_fields=["valid_to"])


def _require_past(*days: date | None) -> None:
    if any(day is not None and day > timezone.localdate() for day in days):
        raise RefusedError(_("The day has not come yet. A record tells what has happened."))
