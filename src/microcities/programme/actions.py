"""Sets up a programme: its period and money, cities, partners and funding sources."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from microcities.people.models import Organisation
from microcities.programme.models import City, FundingSource, Partner, Programme
from microcities.trail.context import Actor, change


def create_programme(*, actor: Actor, cities: list[City], **fields: Any) -> Programme:
    """Create a programme whose co-financing is its rate of the budget to the cent; raises ValidationError if not."""
    programme = Programme(**fields)
    if Decimal(programme.co_financing) != programme.co_financing_at_rate:
        raise ValidationError(
            _("The co-financing of EUR %(given)s is not %(rate)s %% of the budget, which is EUR %(right)s. Check both.")
            % {
                "given": programme.co_financing,
                "rate": programme.co_financing_rate,
                "right": programme.co_financing_at_rate,
            }
        )
    with change("programme.create_programme", actor=actor):
        programme.save()
        programme.cities.set(cities)
    return programme


def add_city(*, actor: Actor, **fields: Any) -> City:
    """Add a city; `place` is its key in the rulebook `programme.territories`."""
    with change("programme.add_city", actor=actor):
        return City.objects.create(**fields)


def add_partner(
    *, actor: Actor, programme: Programme, organisation: Organisation, city: City, since_on: date, is_lead: bool = False
) -> Partner:
    """Take an organisation into a programme as a partner of one city."""
    with change("programme.add_partner", actor=actor):
        return Partner.objects.create(
            programme=programme, organisation=organisation, city=city, since_on=since_on, is_lead=is_lead
        )


def add_funding_source(*, actor: Actor, **fields: Any) -> FundingSource:
    """Add money that may pay for records; with `programme` when it is the programme's own grant."""
    with change("programme.add_funding_source", actor=actor):
        return FundingSource.objects.create(**fields)
