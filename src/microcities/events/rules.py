"""Who may plan events, register whom, and what changes of state there are."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.events.models import Attendance, Attendee, Event, EventState, Registration, RegistrationState
from microcities.people.models import Person
from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.people.models import Account

# By verb: the states from which it may happen, and the state it leads to.
EVENT_CHANGES: dict[str, tuple[frozenset[str], str]] = {
    "publish": (frozenset({EventState.DRAFT}), EventState.PUBLISHED),
    "cancel": (frozenset({EventState.PUBLISHED}), EventState.CANCELLED),
}
HOLDING = frozenset({RegistrationState.CONFIRMED, RegistrationState.OFFERED})
LIVE = HOLDING | {RegistrationState.WAITING}
REGISTRATION_CHANGES: dict[str, tuple[frozenset[str], str]] = {
    "offer": (frozenset({RegistrationState.WAITING}), RegistrationState.OFFERED),
    "accept": (frozenset({RegistrationState.OFFERED}), RegistrationState.CONFIRMED),
    "decline": (frozenset({RegistrationState.OFFERED}), RegistrationState.DECLINED),
    "lapse": (frozenset({RegistrationState.OFFERED}), RegistrationState.LAPSED),
    "cancel": (LIVE, RegistrationState.CANCELLED),
}


def may_manage_events(account: Any) -> Answer:
    """Whoever plans events for some organisation."""
    if account.is_authenticated and account.may(Permission.MANAGE_EVENTS):
        return YES
    return no(_("Events are planned by counsellors, teachers, coordinators and partners' staff."))


def may_manage(account: "Account", event: Event) -> Answer:
    """Whether the account plans this event."""
    if event.organisation_id in account.organisation_ids(Permission.MANAGE_EVENTS):
        return YES
    return no(_("This event is planned by another organisation."))


def may_change_event(account: "Account", event: Event, verb: str) -> Answer:
    """Whether this may be done with the event now."""
    if not (answer := may_manage(account, event)):
        return answer
    if event.state not in EVENT_CHANGES[verb][0]:
        state = event.get_state_display()
        return no(_now("The event is “%(state)s”, so this cannot be done now.") % {"state": state})
    if event.ends_at <= timezone.now():
        return no(_("The event is over."))
    return YES


def may_register_now(event: Event, now: datetime) -> Answer:
    """Whether the event takes registrations at this moment."""
    if event.state == EventState.CANCELLED:
        return no(_now("The event is cancelled: %(reason)s") % {"reason": event.cancel_reason})
    if event.state != EventState.PUBLISHED:
        return no(_("The event is not announced yet."))
    if event.ends_at <= now:
        return no(_("The event is over."))
    if event.registration_opens_at and now < event.registration_opens_at:
        return no(_("Registration has not opened yet."))
    closes_at = event.registration_closes_at or (event.ends_at if event.is_drop_in else event.starts_at)
    if now >= closes_at:
        return no(_("Registration is closed. Ask the organiser."))
    return YES


def may_register(account: "Account", event: Event, person: Person) -> Answer:
    """Oneself, one's ward, or a person of an organisation for which the account enters people."""
    if person.erased_at or person.merged_into_id:
        return no(_("This person's record is not in use."))
    if account.person_id != person.pk and not Person.objects.visible_to(account).filter(pk=person.pk).exists():
        return no(_("You may register yourself, your child and the people of your organisation."))
    return _fits_ages(event, person)


def _fits_ages(event: Event, person: Person) -> Answer:
    if event.youngest is None and event.oldest is None:
        return YES
    if person.birth_on is None:
        return no(_now("%(person)s has no birth date in the record, and the event is for certain ages.") % {"person": person})
    day = timezone.localdate(event.starts_at)
    age = day.year - person.birth_on.year - ((day.month, day.day) < (person.birth_on.month, person.birth_on.day))
    if event.youngest is not None and age < event.youngest:
        return no(_now("On the day %(person)s is younger than %(age)s.") % {"person": person, "age": event.youngest})
    if event.oldest is not None and age > event.oldest:
        return no(_now("On the day %(person)s is older than %(age)s.") % {"person": person, "age": event.oldest})
    return YES


def may_change_registration(account: "Account", registration: Registration, verb: str) -> Answer:
    """Whoever registered, the person on it, and the organiser; in a state that allows it."""
    if registration.state not in REGISTRATION_CHANGES[verb][0]:
        state = registration.get_state_display()
        return no(_now("The registration is “%(state)s”, so this cannot be done now.") % {"state": state})
    if registration.made_by_id == account.pk or may_manage(account, registration.event):
        return YES
    people = list(registration.attendees.filter(cancelled_at__isnull=True).values_list("person_id", flat=True))
    if account.person_id and people == [account.person_id]:
        return YES
    if account.person_id in people:
        return no(_("This registration is for several people. You can take yourself off it."))
    return no(_("This registration is somebody else's."))


def may_remove(account: "Account", attendee: Attendee) -> Answer:
    """Everybody may take themselves off; who may cancel the registration may take anybody off."""
    if account.person_id and attendee.person_id == account.person_id and attendee.registration.state in LIVE:
        return YES
    return may_change_registration(account, attendee.registration, "cancel")


def may_give_feedback(account: "Account", attendee: Attendee) -> Answer:
    """Whoever came says once what they thought, after the event; nobody says it for somebody else."""
    if not account.person_id or attendee.person_id != account.person_id:
        return no(_("Everybody says for themselves what they thought."))
    if attendee.attendance != Attendance.ATTENDED or attendee.event.ends_at > timezone.now():
        return no(_("Feedback is asked of those who came, after the event."))
    if attendee.has_answered:
        return no(_("You have answered already. Thank you."))
    return YES


def may_move(event: Event, to: Event) -> Answer:
    """Whether a registration may go from one date to another: of one series, both of them still to come."""
    if event.series_id is None or event.series_id != to.series_id or event.pk == to.pk:
        return no(_("Choose another date of the same series."))
    if event.starts_at <= timezone.now():
        return no(_("The event has begun."))
    return YES


# Services may have a say in whether somebody may come: f(event, person) -> answer.
Condition = Callable[[Event, Person], Answer]
_conditions: dict[str, Condition] = {}


def asks_before_registration(key: str) -> Callable[[Condition], Condition]:
    """Register a condition under a stable key; a service does so in its own `rules.py`."""

    def register(condition: Condition) -> Condition:
        _conditions[key] = condition
        return condition

    return register


def conditions_met(event: Event, person: Person) -> Answer:
    """The first no of all services' conditions, or yes."""
    for condition in _conditions.values():
        if not (answer := condition(event, person)):
            return answer
    return YES


def reasons_against(account: "Account", event: Event, people: list[Person]) -> "list[tuple[Person, str | Promise]]":
    """Who of `people` cannot be registered, each with the reason."""
    found = []
    for person in people:
        answer = may_register(account, event, person) and conditions_met(event, person)
        if not answer:
            found.append((person, answer.reason))
    return found
