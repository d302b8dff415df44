"""How large an organisation is, by the rulebook people.size_classes of the day on which its employees were counted."""

from typing import NamedTuple

from django.utils.translation import get_language

from microcities.people.models import Organisation
from microcities.people.rulebook.values import SizeClasses
from microcities.rulebooks.place import here
from microcities.rulebooks.presentation import anchor_of
from microcities.rulebooks.reading import Rule
from microcities.rulebooks.registry import NoRuleInForceError, rule


class Size(NamedTuple):
    """A size class: its name in the reader's language, and the rule that says so."""

    name: str
    rule: Rule[SizeClasses]

    @property
    def anchor(self) -> str:
        """Where on the page of its topic the rule stands."""
        return anchor_of(self.rule)


def size_of(organisation: Organisation) -> Size | None:
    """The class by staff alone; None when nobody has counted, or no rule was in force on that day."""
    if organisation.employees is None or organisation.employees_on is None:
        return None
    try:
        found = rule(SizeClasses, on=organisation.employees_on, territory=here())
    except NoRuleInForceError:
        return None
    code = found.values.by_headcount(organisation.employees)
    language = get_language() or "lv"
    return next((Size(each.name.in_language(language), found) for each in found.values.classes if each.code == code), None)
