"""Which looks are logged: those at the record of a minor, and of anybody whose age is not known."""

from datetime import date
from typing import Any

from django.utils import timezone

from microcities.privacy.rules import is_minor
from microcities.privacy.walk import AnyModel, about_person
from microcities.trail.looks import note_look


def log_look(person: Any, *, reason: str, what: str = "", on: date | None = None) -> None:
    """Note that the present request shows this person, when such looks are logged; for every view that shows a person.

    `reason` is the viewer's task (`results.evidence`), `what` the part that is shown.
    """
    if is_minor(person, on or timezone.localdate()):
        note_look(person.pk, reason=reason, what=what)


def person_of(model: AnyModel, row: Any) -> Any:
    """The person whom a row tells of by its declared path, or None."""
    for step in filter(None, about_person(model).path.split(".")):
        row = getattr(row, step, None)
        if row is None:
            return None
    return row


def protected_person(model: AnyModel, row: Any) -> int | None:
    """The number of the person whose look must be logged when the row is shown, or None."""
    person = person_of(model, row)
    return person.pk if person is not None and is_minor(person, timezone.localdate()) else None
