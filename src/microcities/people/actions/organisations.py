"""Organisations enter the record once: partners, employers that take pupils in, applicants for grants."""

from typing import Any

from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.people.models import Organisation
from microcities.people.rules import may_add_organisation
from microcities.trail.context import Actor, change


def add_organisation(*, actor: Actor, name: str, kind: str, **fields: Any) -> Organisation:
    """Add an organisation; `fields` are those of the model.

    Raises RefusedError when the actor may not, or one of this name is known and no registration number tells the two
    apart; django's ValidationError for a wrong or taken registration number.
    """
    if not (answer := may_add_organisation(actor)):
        raise RefusedError(answer.reason)
    organisation = Organisation(name=name.strip(), kind=kind, **fields)
    organisation.full_clean()
    with change("people.add_organisation", actor=actor):
        same_name = Organisation.objects.filter(country=organisation.country, name__iexact=organisation.name)
        if organisation.registration_number:
            same_name = same_name.filter(registration_number="")
        if same_name.exists():
            raise RefusedError(
                _("“%(name)s” is known already. If this is another one, give the registration numbers of both.")
                % {"name": organisation.name}
            )
        organisation.save()
    return organisation
