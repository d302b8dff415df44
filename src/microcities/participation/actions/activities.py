"""Activities enter the programme: what is offered, where, by whom, from when to when."""

from typing import Any

from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.participation.models import Activity
from microcities.participation.rules import may_add_activity
from microcities.people.models import Account, Organisation
from microcities.programme.models import City, Programme
from microcities.trail.context import change


def add_activity(
    *, actor: Account, programme: Programme, organisation: Organisation, city: City, **fields: Any
) -> Activity:
    """Add an activity of a partner in one of the programme's cities; `fields` are those of the model.

    Raises RefusedError when the actor may not; django's ValidationError for a taken code or an end before the start.
    """
    require(may_add_activity(actor, programme, organisation))
    if not programme.cities.filter(pk=city.pk).exists():
        raise RefusedError(_("This city is none of the programme's. Choose one that is."))
    activity = Activity(programme=programme, organisation=organisation, city=city, **fields)
    activity.full_clean()
    with change("participation.add_activity", actor=actor):
        activity.save()
    return activity
