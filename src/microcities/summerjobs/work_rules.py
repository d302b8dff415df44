"""Who notes days of work, reports what happened, and says how it was; and when."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.summerjobs.agreement_rules import acts_as, is_signed
from microcities.summerjobs.models import Agreement, Incident, Party, Placement
from microcities.summerjobs.rules import is_open, runs_scheme

WORKED_STATES = ("accepted", "dropped_out", "completed")


def signed_agreement(placement: Placement) -> Agreement | None:
    """The agreement by which the pupil works; None before everybody has signed."""
    found = placement.agreements.in_force().prefetch_related("signatures").first()
    if found is None:
        return None
    found.placement = placement
    return found if is_signed(found) else None


def may_note_days(account: Any, placement: Placement) -> Answer:
    """The employer, or the city in its place, of a place with a signed agreement, from the first day on."""
    if not {Party.EMPLOYER, Party.CITY} & set(acts_as(account, placement)):
        return no(_("Days of work are noted by the employer."))
    if not (answer := is_open(placement.post.host.scheme)):
        return answer
    if placement.state not in WORKED_STATES:
        return no(_("Days are noted for a place that was accepted."))
    if timezone.localdate() < placement.first_on:
        return no(_("The work has not begun."))
    return YES if signed_agreement(placement) else no(_("The agreement is not signed by everybody. Nobody works before that."))


def may_report_incident(account: Any, placement: Placement) -> Answer:
    """Everybody whose agreement it is: pupil, guardian, employer, city."""
    if not acts_as(account, placement):
        return no(_("Only those who signed the agreement report what happened."))
    return YES if placement.state in WORKED_STATES else no(_("Incidents belong to a place that was accepted."))


def may_close_incident(account: Any, incident: Incident) -> Answer:
    """The city, once, and not of its own firm: whoever answers for the employer does not judge what happened there."""
    placement = incident.placement
    if not (answer := runs_scheme(account, placement.post.host.scheme)):
        return answer
    if Party.EMPLOYER in acts_as(account, placement):
        return no(_("You answer for this employer yourself. Somebody else has to decide."))
    return no(_("The incident is closed.")) if incident.closed_at is not None else YES


def may_give_feedback(account: Any, placement: Placement, party: str) -> Answer:
    """The pupil, and the employer for the supervisor, once the last day has come."""
    if party not in {Party.PUPIL, Party.EMPLOYER} or party not in acts_as(account, placement):
        return no(_("Feedback is given by the pupil and the employer."))
    if placement.state not in WORKED_STATES:
        return no(_("Feedback belongs to a place that was accepted."))
    last = placement.ended_on or placement.last_on
    return YES if timezone.localdate() >= last else no(_("Feedback is given from the last day of work on."))
