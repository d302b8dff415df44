"""What can be found of the apps below: persons, organisations and rules."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microcities.database.finding import find
from microcities.people.models import Organisation, Person, Registration
from microcities.people.queries import NAME_KEY, ORGANISATION_KEY
from microcities.people.roles import Permission
from microcities.people.rules import may_see_organisations, may_see_people
from microcities.programme.search import Found, matches, searchable
from microcities.rulebooks.registry import registry

REGISTRATION_DIGITS = 11


@searchable("people.persons", _("People"), 10)
def persons(account: Any, text: str, limit: int) -> Iterable[Found]:
    """Persons whom the account may see, by name alone: nothing of a minor's record is shown that would be a look."""
    if not account.is_authenticated:
        return
    known = Registration.objects.select_related("organisation")
    if not account.may(Permission.SEE_ALL_PEOPLE):
        known = known.filter(organisation_id__in=account.organisation_ids(Permission.SEE_OWN_PEOPLE))
    visible = (
        Person.objects.visible_to(account)
        .current()
        .only("public_id", "given_name", "family_name", "erased_at")
        .prefetch_related(Prefetch("registrations", known, to_attr="known_by"))
    )
    may_open = may_see_people(account)
    for person in find(visible, NAME_KEY, text, limit, indexed=True):
        names = sorted({each.organisation.name for each in person.known_by})  # type: ignore[attr-defined]
        href = reverse("persons:person", args=[person.public_id]) if may_open else ""
        yield Found(person.name, ", ".join(names), href)


@searchable("people.organisations", _("Organisations"), 20)
def organisations(account: Any, text: str, limit: int) -> Iterable[Found]:
    """Organisations, which are public, by name in either language or by registration number.

    Staff come to the organisation's page, everybody else to its own website.
    """
    digits = "".join(filter(str.isdigit, text))
    if len(digits) == REGISTRATION_DIGITS:
        found = list(Organisation.objects.filter(registration_number=digits)[:limit])
    else:
        found = find(Organisation.objects.all(), ORGANISATION_KEY, text, limit, indexed=True)
    may_open = may_see_organisations(account)
    for each in found:
        href = reverse("organisations:organisation", args=[each.public_id]) if may_open else each.website
        number = f", {each.registration_number}" if each.registration_number else ""
        yield Found(each.name, f"{each.get_kind_display()}{number}", href)


@searchable("rulebooks.rules", _("Rules"), 50)
def rules(account: Any, text: str, limit: int) -> Iterable[Found]:
    """Rules by the titles of their topics."""
    language = get_language() or "lv"
    topics = [topic for topic in registry().topics.values() if matches(text, f"{topic.title.lv} {topic.title.en}")]
    for topic in topics[:limit]:
        yield Found(topic.title.in_language(language), "", reverse("rulebooks:topic", args=[topic.name]))
