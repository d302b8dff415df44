"""What is said of a person is put right by the staff of an organisation that knows the person (Article 16 GDPR)."""

from typing import Any

from microcities.access.answers import require
from microcities.people.models import Account, Person
from microcities.people.rules import may_correct_person
from microcities.trail.context import change

CORRECTED = ("given_name", "family_name", "birth_on", "sex", "email", "phone", "language", "country", "place")


def correct_person(*, actor: Account, person: Person, reason: str, **fields: Any) -> Person:
    """Put right what is said of a person; `fields` are those of CORRECTED, those not named stay.

    Whether the record now looks like another one is found by the next search for double records.
    Raises RefusedError when the actor may not; django's ValidationError for wrong values; ValueError for another field.
    """
    require(may_correct_person(actor, person))
    if strange := fields.keys() - set(CORRECTED):
        raise ValueError(f"not corrected here: {', '.join(sorted(strange))}")
    with change("people.correct_person", actor=actor, reason=reason):
        locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        require(may_correct_person(actor, locked))
        for field, value in fields.items():
            setattr(locked, field, value)
        locked.clean_fields(exclude={field.name for field in Person._meta.fields} - fields.keys())
        locked.save(update_fields=list(fields))
    return locked
