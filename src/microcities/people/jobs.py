"""Background work on accounts: sending invitations, forgetting failed sign-ins, ending guardianships at 18."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from microcities.people.actions.guardians import end_guardianships_of_adults
from microcities.people.actions.memberships import SEND_INVITATION, make_token
from microcities.people.mail import address_of, letter
from microcities.people.models import FailedSignIn, Invitation, Session
from microcities.people.roles import ROLES
from microcities.trail.context import System, change
from microcities.ui.numbers import format_day

FAILED_SIGN_INS_KEPT = timedelta(days=1)


@app.task(name=SEND_INVITATION, queue="mail", retry=RetryStrategy(max_attempts=6, exponential_wait=5))
def send_invitation(invitation_id: int) -> None:
    """Mail an invitation once. The secret of the link is made here and stands in the mail alone.

    The row is locked while the mail leaves, so two workers send one mail; if the server takes the mail and this
    process dies before its commit, a second mail follows, and only the link of the second works.
    """
    with transaction.atomic():
        invitation = (
            Invitation.objects.open_at(timezone.now())
            .select_for_update(skip_locked=True, of=("self",))
            .filter(pk=invitation_id, sent_at__isnull=True)
            .select_related("organisation")
            .first()
        )
        if invitation is None:
            return
        with change(SEND_INVITATION, actor=System("people")):
            _mail(invitation, make_token(invitation=invitation))


def _mail(invitation: Invitation, token: str) -> None:
    organisation = invitation.organisation
    with translation.override(invitation.language):
        english = invitation.language != "lv" and organisation.name_en
        words = {
            "organisation": organisation.name_en if english else organisation.name,
            "role": ROLES[invitation.role].name,
            "day": format_day(timezone.localdate(invitation.expires_at)),
        }
        subject = _("%(organisation)s invites you") % words
        text = _(
            "%(organisation)s invites you to take the role “%(role)s”.\n\n"
            "Open the link and sign in, or make an account with this e-mail address. "
            "The link works once, until %(day)s.\n\n"
            "If you do not know the organisation, delete this message."
        ) % words
        button = (_("Open the invitation"), address_of(invitation.language, "people:open_invitation", token))
    letter(to=invitation.email, subject=subject, text=text, language=invitation.language, button=button).send()


@app.periodic(cron="17 3 * * *")
@app.task(name="people.forget_failed_sign_ins", queue="housekeeping")
def forget_failed_sign_ins(timestamp: int) -> None:
    """Delete counts of failed sign-ins that slow nobody down any more."""
    FailedSignIn.objects.filter(at__lt=timezone.now() - FAILED_SIGN_INS_KEPT).delete()


@app.periodic(cron="27 3 * * *")
@app.task(name="people.forget_ended_sessions", queue="housekeeping")
def forget_ended_sessions(timestamp: int) -> None:
    """Delete sessions whose time is over."""
    Session.objects.ended(timezone.now()).delete()


@app.periodic(cron="5 0 * * *")
@app.task(name="people.end_guardianships_of_adults", queue="housekeeping")
def end_adult_guardianships(timestamp: int) -> None:
    """Bring the end of guardianships in line with the wards' dates of birth."""
    end_guardianships_of_adults(on=timezone.localdate())
