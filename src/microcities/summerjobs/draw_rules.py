"""Who may do which step of draw day, and when; who answers an offered place."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.decisions.models import State
from microcities.summerjobs.models import Draw, Placement, Post, SummerScheme
from microcities.summerjobs.queries import firms
from microcities.summerjobs.rules import (
    PLACEMENT_CHANGES,
    answers_for,
    is_open,
    may_change_state,
    own_or_wards,
    runs_scheme,
)


def may_freeze(account: Any, scheme: SummerScheme) -> Answer:
    """Who runs the scheme, once nobody can apply any more, and only one draw at a time; later rounds are refills."""
    if not (answer := runs_scheme(account, scheme)) or not (answer := is_open(scheme)):
        return answer
    if timezone.localdate() <= scheme.apply_until_on:
        return no(_("Pupils can still apply. Freeze the draw on the day after the last day."))
    if scheme.draws.under_way().exists():
        return no(_("A draw is under way. Publish it or set it aside first."))
    if scheme.draws.published().exists():
        return no(_("The draw is published. Free places go to the waiting list by the same numbers."))
    return YES


def _under_way(account: Any, draw: Draw) -> Answer:
    if not (answer := runs_scheme(account, draw.scheme)):
        return answer
    if draw.published_at is not None:
        return no(_("The draw is published. It does not change any more."))
    return YES if draw.set_aside_at is None else no(_("The draw was set aside. Freeze another one."))


def may_seed(account: Any, draw: Draw) -> Answer:
    """Who runs the scheme, once."""
    if not (answer := _under_way(account, draw)):
        return answer
    return no(_("The seed is entered. It does not change any more.")) if draw.public_seed else YES


def may_run(account: Any, draw: Draw) -> Answer:
    """Who runs the scheme, with the seed, once."""
    if not (answer := _under_way(account, draw)):
        return answer
    if not draw.public_seed:
        return no(_("Enter the seed first."))
    return no(_("The draw has run. Publish it or set it aside.")) if draw.run_id is not None else YES


def may_set_aside(account: Any, draw: Draw) -> Answer:
    """Who runs the scheme, until the draw is published."""
    return _under_way(account, draw)


def may_publish(account: Any, draw: Draw) -> Answer:
    """Who runs the scheme, after the run."""
    if not (answer := _under_way(account, draw)):
        return answer
    return YES if draw.run_id is not None else no(_("Run the draw first."))


def may_rank(account: Any, post: Post) -> Answer:
    """The employer, for an approved post with places that it chooses, until the draw is frozen."""
    if not (answer := answers_for(account, post.host)) or not (answer := is_open(post.host.scheme)):
        return answer
    if post.state != "approved" or not post.chosen_places:
        return no(_("The employer chooses nobody for this post. Its places go by lot."))
    if post.host.scheme.draws.filter(set_aside_at__isnull=True).exists():
        return no(_("The draw is frozen. The ranking does not change any more."))
    return YES


def may_answer(account: Any, placement: Placement, verb: str) -> Answer:
    """The pupil or the guardian, in time."""
    if not (answer := own_or_wards(account, placement.person_id)):
        return answer
    if not (answer := may_change_state(PLACEMENT_CHANGES, verb, placement)):
        return answer
    if timezone.now() > placement.answer_by:
        return no(_("The time to answer is over. The place goes to the next."))
    return YES


def may_withdraw_placement(account: Any, placement: Placement) -> Answer:
    """The pupil, the guardian or the city, before the first day of work."""
    if not (answer := may_change_state(PLACEMENT_CHANGES, "withdraw", placement)):
        return answer
    if placement.state == "accepted" and timezone.localdate() >= placement.first_on:
        return no(_("The work has begun. It can be ended early, with its last day."))
    if own_or_wards(account, placement.person_id):
        return YES
    return runs_scheme(account, placement.post.host.scheme)


def may_end_early(account: Any, placement: Placement) -> Answer:
    """The employer or the city, once the work has begun."""
    if not (answer := may_change_state(PLACEMENT_CHANGES, "end_early", placement)):
        return answer
    if timezone.localdate() < placement.first_on:
        return no(_("The work has not begun. Withdraw the place instead."))
    if account.is_authenticated and placement.post.host.organisation_id in firms(account):
        return YES
    return runs_scheme(account, placement.post.host.scheme)


def is_confirmed(placement: Placement) -> Answer:
    """Whether a person has confirmed the decision file that gave the place; no agreement is made before that."""
    run = placement.draw.run if placement.draw is not None else None
    if placement.draw is None or (run is not None and run.state == State.CONFIRMED):
        return YES
    return no(_("The city has not looked at this refill yet. The agreement can be made after that."))
