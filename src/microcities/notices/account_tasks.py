"""What the accounts themselves put on My work: an unfinished profile, and invitations that nobody took up."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.notices.worklist import Task, waits_for
from microcities.people.models import Invitation
from microcities.people.roles import Permission


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
