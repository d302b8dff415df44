"""Names the places of organisations after the rulebook of territory codes."""

from collections.abc import Mapping

from django.utils import timezone

from microcities.people.places import names_places
from microcities.programme.territories import Territories
from microcities.rulebooks.place import here
from microcities.rulebooks.registry import NoRuleInForceError, rule
from microcities.rulebooks.schema import Text


@names_places
def place_names() -> Mapping[str, Text]:
    """The cities that today's version of programme.territories knows."""
    try:
        places = rule(Territories, on=timezone.localdate(), territory=here()).values.places
    except NoRuleInForceError:
        return {}
    return {each.place: each.name for each in places}
