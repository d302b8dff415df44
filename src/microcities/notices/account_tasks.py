"""What accounts, children and people's requests put on My work: the apps of these cannot register it themselves."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.notices.worklist import Task, waits_for
from microcities.people.models import Guardianship, Invitation, Person
from microcities.people.roles import Permission
from microcities.people.rules import own_consent_age
from microcities.privacy.models import Request

MOST_SHOWN = 10


@waits_for("people.profile")
def profile_task(account: Any) -> Iterator[Task]:
    """Whoever has signed up without a name is asked for it."""
    if account.person_id is None:
        yield Task(
            title=_("Enter your name"),
            url=reverse("people:profile"),
            detail=_("Then what you take part in can be tied to you."),
        )


@waits_for("people.invitations")
def invitations_task(account: Any) -> Iterator[Task]:
    """Invitations that ran out without an answer, to those who may send them again."""
    organisations = account.organisation_ids(Permission.INVITE)
    if not organisations:
        return
    stale = Invitation.objects.unanswered().filter(
        organisation_id__in=organisations, invited_by_id=account.pk, expires_at__lt=timezone.now()
    )
    if count := stale.count():
        yield Task(title=_("Invitations ran out without an answer"), url=reverse("people:members"), count=count)


@waits_for("people.guardians")
def guardians_task(account: Any) -> Iterator[Task]:
    """Children too young to consent alone whom nobody's guardian stands beside, to staff who may check the proof."""
    organisations = account.organisation_ids(Permission.CHANGE_OWN_PEOPLE)
    if not organisations:
        return
    today = timezone.localdate()
    guarded = Guardianship.objects.in_force(today).values("ward")
    known = Person.objects.current().filter(registrations__organisation_id__in=organisations, birth_on__isnull=False)
    alone = known.under_age(own_consent_age(today), today).exclude(pk__in=guarded)
    for child in alone.in_latvian_order().distinct()[:MOST_SHOWN]:
        yield Task(
            title=_("Check the proof and confirm a child's guardian"),
            url=reverse("people:confirm_guardian", args=[child.public_id]),
            detail=child.name,
        )


@waits_for("privacy.requests")
def privacy_requests_task(account: Any) -> Iterator[Task]:
    """Open requests about personal data, by the earliest day on which an answer is due."""
    if not account.may(Permission.HANDLE_PRIVACY):
        return
    waiting = Request.objects.open().aggregate(count=Count("pk"), due_on=Min("due_on"))
    if waiting["count"]:
        yield Task(
            title=_("Answer requests about personal data"),
            url=reverse("privacy:requests"),
            due_on=waiting["due_on"],
            count=waiting["count"],
            detail=_("The law's month is over.") if waiting["due_on"] < timezone.localdate() else "",
        )
