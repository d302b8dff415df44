"""Whom an account may register: itself, its wards, whole classes, and the people its organisations know, found by name."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from microcities.database.finding import find
from microcities.events.models import Event
from microcities.people.models import Account, Guardianship, Organisation, Person
from microcities.people.queries import NAME_KEY
from microcities.people.roles import Permission

# So many people are shown at once without a search.
MOST_SHOWN = 100


@dataclass(frozen=True)
class Group:
    """People who come together: a class. `people` is asked for only once the group is chosen."""

    key: str
    name: str
    organisation: Organisation
    people: Callable[[], Iterable[Person]]


Groups = Callable[[Account, Event], Iterable[Group]]
_providers: dict[str, Groups] = {}


def offers_groups(key: str) -> Callable[[Groups], Groups]:
    """Register a service's groups under a stable key; the service sees to it that they are the account's own."""

    def register(provider: Groups) -> Groups:
        _providers[key] = provider
        return provider

    return register


def groups_of(account: Account, event: Event) -> list[Group]:
    """All groups that the account may put on the list for an event."""
    return [group for provider in _providers.values() for group in provider(account, event)]


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
