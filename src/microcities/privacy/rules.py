"""Who may ask about whose data, who answers, and what stands in the way of an erasure."""

from datetime import date
from functools import reduce
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.privacy.models import LegalHold, Request, RequestState
from microcities.privacy.reach import persons_as_one
from microcities.privacy.record import territory
from microcities.privacy.rulebook.values import ChildConsent
from microcities.privacy.ties import programmes_of
from microcities.privacy.walk import AnyModel, about_person
from microcities.rulebooks.registry import rule
from microcities.ui.numbers import format_day

HANDLE_PRIVACY = "handle_privacy"
SEE_TRAIL = "see_trail"
# From this age a person is of age (Civil Law of Latvia, section 219).
MAJORITY = 18


def handles_privacy(account: Any) -> Answer:
    """The data protection officer answers requests, places holds and runs the clocks."""
    if account.is_authenticated and account.may(HANDLE_PRIVACY):
        return YES
    return no(_("Only the data protection officer may do this."))


def may_see_trail(account: Any) -> Answer:
    """The programme manager, the auditor and the data protection officer read the whole history."""
    if account.is_authenticated and account.may(SEE_TRAIL):
        return YES
    return no(_("The history is for the programme manager, the auditor and the data protection officer."))


def own_consent_age(on: date) -> int:
    """The age from which a child acts alone, by the rulebook `privacy.child_consent`."""
    return rule(ChildConsent, on=on, territory=territory()).values.own_consent_age


def has_record(account: Any) -> Answer:
    """Whoever has an account that is tied to a person."""
    if account.is_authenticated and account.person_id is not None:
        return YES
    return no(_("Your account is not tied to a person yet, so there is no record to show."))


def is_minor(person: Any, on: date) -> bool:
    """True below the age of majority, and while no date of birth is known: to be safe, those looks are logged too."""
    age = person.age_on(on)
    return age is None or age < MAJORITY


def wards_of(guardian_id: Any, on: date) -> "models.QuerySet[Any]":
    """Persons under age whose guardian this person is on a day."""
    person: Any = apps.get_model("people.Person")
    guardianship: Any = apps.get_model("people.Guardianship")
    links = guardianship.objects.filter(guardian_id=guardian_id, valid_from__lte=on).filter(
        models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=on)
    )
    wards = person.objects.filter(pk__in=links.values("ward_id"), erased_at__isnull=True)
    return wards.filter(pk__in=[each.pk for each in wards if is_minor(each, on)]).order_by("pk")


def own_or_ward(account: Any, person: Any, on: date) -> Answer:
    """A person sees the own data, a guardian that of a ward under age."""
    if has_record(account) and (
        person.pk == account.person_id or wards_of(account.person_id, on).filter(pk=person.pk).exists()
    ):
        return YES
    return no(_("You can see your own data and that of children whose guardian you are."))


def may_see_history(model: AnyModel, account: Any, row: Any) -> Answer:
    """The history of a record about a person: those who see the trail, the person, and the guardian."""
    if answer := may_see_trail(account):
        return answer
    path = filter(None, about_person(model).path.split("."))
    person = reduce(lambda found, step: getattr(found, step, None), path, row)
    if person is not None and own_or_ward(account, person, timezone.localdate()):
        return YES
    return answer


def may_ask(account: Any, person: Any, on: date) -> Answer:
    """The person asks, or a guardian for a ward; a young child does not ask alone."""
    if not (answer := own_or_ward(account, person, on)):
        return answer
    age, limit = person.age_on(on), own_consent_age(on)
    if person.pk == account.person_id and age is not None and age < limit:
        return no(
            _(
                "Somebody under %(age)s is represented by a guardian. Ask your guardian to send this request from an "
                "account of their own; if no guardian is on record, ask your school or counsellor to add one."
            )
            % {"age": limit}
        )
    return YES


def may_answer(request: Request) -> Answer:
    """A request is answered once."""
    return YES if request.state == RequestState.OPEN else no(_("This request has been answered already."))


def holds_over(persons: set[Any], on: date) -> "models.QuerySet[LegalHold]":
    """Holds in force on a day over these persons or a programme they took part in."""
    programmes = set().union(*programmes_of(persons).values())
    return LegalHold.objects.in_force(on).filter(
        models.Q(person_id__in=persons) | models.Q(programme_id__in=programmes)
    )


def may_be_erased(person: Any, on: date) -> Answer:
    """Nothing stands in the way of erasing this record on a day, or the reason why it must stay for now."""
    if person.erased_at is not None:
        return no(_("This person has been erased already."))
    if person.merged_into_id is not None:
        return no(_("This record was merged into another one. Erase that one: both go together."))
    hold = holds_over(persons_as_one(person), on).order_by("from_on").first()
    if hold is None:
        return YES
    if hold.to_on is None:
        return no(
            _(
                "Proceedings that began on %(from)s are still under way. Until they end the data must be kept, by "
                "Article 17(3)(e) GDPR."
            )
            % {"from": format_day(hold.from_on)}
        )
    return no(
        _(
            "Proceedings from %(from)s to %(to)s are under way. Until they end the data must be kept, by Article "
            "17(3)(e) GDPR."
        )
        % {"from": format_day(hold.from_on), "to": format_day(hold.to_on)}
    )
