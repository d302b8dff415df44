"""Whom an account may register: itself, its wards, and the people its organisations know, found by name."""

from collections.abc import Sequence

from django.utils import timezone

from microcities.database.finding import find
from microcities.people.models import Account, Guardianship, Organisation, Person
from microcities.people.queries import NAME_KEY
from microcities.people.roles import Permission

# So many people are shown at once without a search.
MOST_SHOWN = 100


def candidates(account: Account, text: str, chosen: Sequence[str]) -> list[Person]:
    """Oneself and one's wards first, then who is chosen already, then who is found by name, each once."""
    visible = Person.objects.visible_to(account).current()
    people = {person.pk: person for person in visible.filter(pk__in=own_numbers(account))}
    if chosen:
        people |= {person.pk: person for person in visible.filter(public_id__in=chosen).in_latvian_order()}
    people |= {person.pk: person for person in _known(account, text) if person.pk not in people}
    return list(people.values())


def own_numbers(account: Account) -> list[int]:
    """The account's person and that person's wards."""
    if not account.person_id:
        return []
    wards = Guardianship.objects.in_force(timezone.localdate()).filter(guardian=account.person_id)
    return [account.person_id, *wards.values_list("ward_id", flat=True)]


def organisations_of(account: Account) -> list[Organisation]:
    """Those for whose people the account may register."""
    return list(Organisation.objects.of_account(account, Permission.SEE_OWN_PEOPLE).in_latvian_order())


def _known(account: Account, text: str) -> list[Person]:
    """People of the account's organisations: found by name, or all of them when there are not many."""
    visible = Person.objects.visible_to(account).current()
    if text:
        return find(visible, NAME_KEY, text, MOST_SHOWN)
    known = visible.filter(registrations__organisation_id__in=account.organisation_ids(Permission.SEE_OWN_PEOPLE))
    found = list(known.distinct().order_by("pk")[: MOST_SHOWN + 1])
    return list(visible.filter(pk__in=[each.pk for each in found]).in_latvian_order()) if len(found) <= MOST_SHOWN else []
