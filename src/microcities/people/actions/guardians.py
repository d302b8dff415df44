"""Guardians of minors, confirmed by staff who saw a proof, until the eighteenth birthday."""

from datetime import date, timedelta
from typing import cast

from django.utils import timezone

from microcities.access.answers import require
from microcities.people.models import Account, Guardianship, Person
from microcities.people.rules import last_day_as_minor, may_confirm_guardian
from microcities.trail.context import Actor, System, change


def confirm_guardian(*, actor: Account, guardian: Person, ward: Person, proof: str) -> Guardianship:
    """Record that staff saw the proof that `guardian` is the guardian of a minor; ends the day before 18.

    Raises RefusedError.
    """
    today = timezone.localdate()
    require(may_confirm_guardian(actor, guardian, ward, today))
    with change("people.confirm_guardian", actor=actor):
        existing = Guardianship.objects.in_force(today).filter(guardian=guardian, ward=ward).first()
        return existing or Guardianship.objects.create(
            guardian=guardian,
            ward=ward,
            proof=proof,
            valid_from=today,
            valid_to=last_day_as_minor(cast(date, ward.birth_on)),  # the rule has asked for it
            confirmed_by_id=actor.pk,
        )


def end_guardianship(*, actor: Actor, guardianship: Guardianship, reason: str) -> None:
    """End a guardianship with yesterday, for instance after a court's decision; one begun today is taken back."""
    today = timezone.localdate()
    with change("people.end_guardianship", actor=actor, reason=reason):
        if guardianship.valid_from >= today:
            guardianship.delete()
        else:
            guardianship.valid_to = today - timedelta(days=1)
            guardianship.save(update_fields=["valid_to"])


def end_guardianships_of_adults(*, on: date) -> int:
    """Set the end of every guardianship to the ward's last day as a minor; returns how many rows changed.

    Dates of birth are corrected after a guardianship was confirmed; the nightly job brings the end in line.
    """
    changed = 0
    with change("people.end_guardianships_of_adults", actor=System("people")):
        rows = Guardianship.objects.in_force(on).select_for_update(of=("self",)).select_related("ward")
        for row in rows:
            if row.ward.birth_on is None:
                continue
            last = max(last_day_as_minor(row.ward.birth_on), row.valid_from)
            if row.valid_to is None or row.valid_to > last:
                row.valid_to = last
                row.save(update_fields=["valid_to"])
                changed += 1
    return changed
