"""Pupils answer the places that are offered to them; what becomes free goes to the next."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from microcities.access.answers import RefusedError, require
from microcities.people.models import Account
from microcities.summerjobs.actions.draws import refill
from microcities.summerjobs.draw_rules import may_answer, may_end_early, may_withdraw_placement
from microcities.summerjobs.letters import SUMMER, city_of, people_of, tell
from microcities.summerjobs.models import Placement, PlacementState, SummerScheme
from microcities.trail.context import change


def accept_placement(*, actor: Account, placement: Placement) -> Placement:
    """The pupil takes the place; the employer learns who comes. Raises RefusedError."""
    with change("summerjobs.accept_placement", actor=actor):
        locked = _locked(placement)
        require(may_answer(actor, locked, "accept"))
        locked.state, locked.answered_at = PlacementState.ACCEPTED, timezone.now()
        locked.save(update_fields=["state", "answered_at"])
        tell(
            people_of(locked.post.host.organisation_id), key=f"placement.accepted:{locked.pk}",
            subject=gettext_noop("A pupil has accepted: %(name)s"), name=str(locked.post),
            what=gettext_lazy("A pupil has taken a place. The agreement comes next."), url=("offer", locked.public_id),
        )
    return locked


def decline_placement(*, actor: Account, placement: Placement) -> Placement:
    """The pupil does not take the place; it goes to the next. Raises RefusedError."""
    with change("summerjobs.decline_placement", actor=actor):
        locked = _locked(placement)
        require(may_answer(actor, locked, "decline"))
        locked.state, locked.answered_at = PlacementState.DECLINED, timezone.now()
        locked.save(update_fields=["state", "answered_at"])
        refill(scheme=locked.post.host.scheme)
    return locked


def withdraw_placement(*, actor: Account, placement: Placement, reason: str) -> Placement:
    """Pupil, guardian or city give the place up before the work; it goes to the next. Raises RefusedError."""
    if not reason.strip():
        raise RefusedError(_("Give the reason."))
    with change("summerjobs.withdraw_placement", actor=actor):
        locked = _locked(placement)
        require(may_withdraw_placement(actor, locked))
        locked.state, locked.end_reason, locked.ended_by_id = PlacementState.WITHDRAWN, reason.strip(), actor.pk
        locked.save(update_fields=["state", "end_reason", "ended_by_id"])
        _tell_ended(locked)
        refill(scheme=locked.post.host.scheme)
    return locked


def end_placement_early(*, actor: Account, placement: Placement, last_on: date, reason: str) -> Placement:
    """The work ends before its last day; what is left of the post goes to the next if five working days remain."""
    if not reason.strip():
        raise RefusedError(_("Give the reason."))
    with change("summerjobs.end_placement_early", actor=actor):
        locked = _locked(placement)
        require(may_end_early(actor, locked))
        if not locked.first_on <= last_on <= min(locked.last_on, timezone.localdate()):
            raise RefusedError(_("The last day lies within the days of work and not in the future."))
        locked.state, locked.ended_on = PlacementState.DROPPED_OUT, last_on
        locked.end_reason, locked.ended_by_id = reason.strip(), actor.pk
        locked.save(update_fields=["state", "ended_on", "end_reason", "ended_by_id"])
        _tell_ended(locked)
        refill(scheme=locked.post.host.scheme)
    return locked


def lapse_overdue() -> int:
    """Offers whose time is over lapse, and their places go to the next; returns how many lapsed."""
    lapsed = 0
    schemes: dict[int, SummerScheme] = {}
    for each in Placement.objects.overdue(timezone.now()).select_related("post__host__scheme").order_by("pk"):
        with change("summerjobs.lapse_placement", actor=SUMMER):
            locked = _locked(each)
            if locked.state != PlacementState.OFFERED or locked.answer_by >= timezone.now():
                continue  # answered in the meantime
            locked.state = PlacementState.LAPSED
            locked.save(update_fields=["state"])
            lapsed += 1
            schemes[locked.post.host.scheme_id] = locked.post.host.scheme
    for scheme in schemes.values():
        refill(scheme=scheme)
    return lapsed


def _tell_ended(placement: Placement) -> None:
    host = placement.post.host
    for readers in (people_of(host.organisation_id), city_of(host.scheme.organisation_id)):
        tell(
            readers, key=f"placement.ended:{placement.pk}", subject=gettext_noop("A place is free again: %(name)s"),
            name=str(placement.post), what=gettext_lazy("A placement has ended. The reason stands below."),
            details=[placement.end_reason], url=("post", placement.post_id),
        )


def _locked(placement: Placement) -> Placement:
    """The scheme's row first, as a refill takes it: then nobody waits for somebody who waits for them."""
    scheme = SummerScheme.objects.select_for_update(of=("self",)).filter(hosts__posts__placements=placement.pk)
    list(scheme.values_list("pk"))
    related = ("post__host__scheme__organisation", "post__host__scheme__city", "person", "draw__run")
    return Placement.objects.select_for_update(of=("self",)).select_related(*related).get(pk=placement.pk)
