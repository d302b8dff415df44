"""Which looks are logged: those at the record of a minor, and of anybody whose age is not known."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from microcities.privacy.rules import is_minor
from microcities.privacy.walk import AnyModel, about_person
from microcities.trail.looks import note_look, note_looks


def log_look(person: Any, *, reason: str, what: str = "", on: date | None = None) -> None:
    """Note that the present request shows this person, when such looks are logged; for every view that shows a person.

    `reason` is the viewer's task (`results.evidence`), `what` the part that is shown.
    """
    if is_minor(person, on or timezone.localdate()):
        note_look(person.pk, reason=reason, what=what)


def log_shown(rows: Iterable[Any], what: str, persons_of: Callable[[Any], Iterable[Any]]) -> None:
    """Note each protected person whom the rows of a list on the screen name; a name that is merely found is no look.

    `persons_of` as in `log_download`.
    """
    note_looks(_protected(rows, persons_of), reason="privacy.list", what=what)


def log_download(what: str, persons_of: Callable[[Any], Iterable[Any]]) -> Callable[[Iterable[Any]], None]:
    """Return the `on_export` of a table that shows persons: it notes each protected one whom the file holds.

    `persons_of(row)` gives the persons whom a row names; None among them is left out.
    """

    def note(rows: Iterable[Any]) -> None:
        note_looks(_protected(rows, persons_of), reason="privacy.download", what=what)

    return note


def _protected(rows: Iterable[Any], persons_of: Callable[[Any], Iterable[Any]]) -> list[int]:
    """Numbers of the protected persons whom the rows name, each once."""
    today = timezone.localdate()
    shown = {person.pk: person for row in rows for person in persons_of(row) if person is not None}
    return [number for number, person in shown.items() if is_minor(person, today)]


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
