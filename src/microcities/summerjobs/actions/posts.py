"""Employers offer posts and change them; the city approves them or asks back."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from microcities.access.answers import RefusedError, require
from microcities.people.models import Account
from microcities.summerjobs.ages import Allowed, allowed_minutes
from microcities.summerjobs.letters import people_of, tell
from microcities.summerjobs.models import (
    Agreement,
    Placement,
    Post,
    PostReserve,
    PostState,
    SchemeFund,
    SummerHost,
    Supervisor,
)
from microcities.summerjobs.rules import (
    POST_CHANGES,
    answers_for,
    is_open,
    may_change_state,
    may_offer_here,
    runs_scheme,
    takes_posts,
)
from microcities.summerjobs.supervision import too_many
from microcities.trail.context import change

# A change of these asks for approval again; the trigger post_change_asks_for_approval holds the same list.
MATERIAL = frozenset({
    "period", "programme", "fund", "supervisor", "name", "tasks", "learns", "address", "is_stem", "light_task", "age_from",
    "age_to", "places", "chosen_places", "starts_at", "day_minutes", "break_minutes", "work_days", "monthly_wage",
})
# A change of these changes what pupils have signed.
AGREED = frozenset({
    "period", "name", "tasks", "address", "starts_at", "day_minutes", "break_minutes", "work_days", "monthly_wage",
    "supervisor",
})


def make_post(*, actor: Account, host: SummerHost, reserves: Mapping[str, int] | None = None, **fields: Any) -> Post:
    """A draft, seen by the employer alone. Raises RefusedError, ValidationError."""
    require(answers_for(actor, host))
    require(takes_posts(host.scheme))
    found = Post(host=host, **fields)
    require(may_offer_here(host, found.programme))
    found.full_clean()
    with change("summerjobs.make_post", actor=actor):
        found.save()
        _reserve(found, reserves or {})
    return found


def change_post(*, actor: Account, post: Post, reserves: Mapping[str, int] | None = None, **fields: Any) -> Post:
    """Change a post; what was approved is checked again, and agreements on other terms lose their signatures.

    Raises RefusedError, ValidationError.
    """
    with change("summerjobs.change_post", actor=actor):
        locked = _locked(post)
        require(answers_for(actor, locked.host))
        require(is_open(locked.host.scheme))
        require(may_change_state(POST_CHANGES, "change", locked))
        changed = {name for name, value in fields.items() if getattr(locked, name) != value}
        for name, value in fields.items():
            setattr(locked, name, value)
        require(may_offer_here(locked.host, locked.programme))
        kept = {each.group: each.places for each in locked.reserves.all()}
        again = changed & MATERIAL or (reserves is not None and dict(reserves) != kept)
        if locked.state == PostState.APPROVED and again:
            locked.state = PostState.OFFERED
        locked.full_clean()
        if reserves is not None:
            locked.reserves.all().delete()
        locked.save()
        if reserves is not None:
            _reserve(locked, reserves)
        if changed & AGREED:
            clear_signatures(locked)
    return locked


def offer_post(*, actor: Account, post: Post) -> Post:
    """Send it to the city. It must be lawful for somebody of the ages named. Raises RefusedError."""
    with change("summerjobs.offer_post", actor=actor):
        locked = _locked(post)
        require(answers_for(actor, locked.host))
        require(takes_posts(locked.host.scheme))
        require(may_change_state(POST_CHANGES, "offer", locked))
        if not any(each.minutes for each in allowed_ages(locked)):
            raise RefusedError(
                _("Nobody of these ages may do this work on these days. Change ages, times or the kind of work.")
            )
        locked.state, locked.offered_at, locked.question = PostState.OFFERED, timezone.now(), ""
        locked.save(update_fields=["state", "offered_at", "question"])
    return locked


def allowed_ages(post: Post) -> list[Allowed]:
    """What the law and the scheme allow at each age that the post names."""
    return allowed_minutes(post)


def withdraw_post(*, actor: Account, post: Post) -> Post:
    """Offer it no more; not while pupils are placed in it. Employer or city. Raises RefusedError."""
    with change("summerjobs.withdraw_post", actor=actor):
        locked = _locked(post)
        if not runs_scheme(actor, locked.host.scheme):
            require(answers_for(actor, locked.host))
        require(may_change_state(POST_CHANGES, "withdraw", locked))
        if locked.placements.live().exists():
            raise RefusedError(_("Pupils are placed in this post. End their placements first, each with its reason."))
        locked.state = PostState.WITHDRAWN
        locked.save(update_fields=["state"])
    return locked


def approve_post(*, actor: Account, post: Post, fund: SchemeFund, supervisor: Supervisor | None = None) -> Post:
    """Pupils may wish for it from now on. Raises RefusedError: no approved employer, too many pupils for one supervisor."""
    with change("summerjobs.approve_post", actor=actor):
        locked = _locked(post)
        require(runs_scheme(actor, locked.host.scheme))
        require(is_open(locked.host.scheme))
        require(may_change_state(POST_CHANGES, "approve", locked))
        locked.fund, locked.supervisor = fund, supervisor or locked.supervisor
        if locked.host.state != "approved":
            raise RefusedError(_("The employer is not approved yet. Check its papers first."))
        if locked.supervisor is None:
            raise RefusedError(_("The post has no supervisor. Return it to the employer with that question."))
        # Whoever approves another post of this supervisor waits here, and then counts this one.
        Supervisor.objects.select_for_update(of=("self",)).get(pk=locked.supervisor.pk)
        if over := too_many(locked):
            words = _("%(supervisor)s would have %(count)s pupils at a time. The most is %(most)s.")
            raise RefusedError(words % {"supervisor": locked.supervisor, "count": over.count, "most": over.most})
        locked.state, locked.question = PostState.APPROVED, ""
        return _decided(actor, locked)


def return_post(*, actor: Account, post: Post, question: str) -> Post:
    """Ask the employer back. Raises RefusedError."""
    if not question.strip():
        raise RefusedError(_("Write what the employer should change or explain."))
    with change("summerjobs.return_post", actor=actor, reason=question.strip()):
        locked = _locked(post)
        require(runs_scheme(actor, locked.host.scheme))
        require(may_change_state(POST_CHANGES, "return", locked))
        if locked.placements.live().exists():
            raise RefusedError(_("Pupils are placed in this post. End their placements first, each with its reason."))
        locked.state, locked.question = PostState.RETURNED, question.strip()
        return _decided(actor, locked)


def _decided(actor: Account, post: Post) -> Post:
    post.decided_at, post.decided_by_id = timezone.now(), actor.pk
    post.save()
    approved = post.state == PostState.APPROVED
    tell(
        people_of(post.host.organisation_id), key=f"post.{post.state}:{post.pk}:{post.decided_at.isoformat()}",
        subject=gettext_noop("Your summer post is approved: %(name)s") if approved
        else gettext_noop("The city asks about your summer post: %(name)s"),
        name=str(post), details=[post.question], url=("post", post.pk),
        what=gettext_lazy("Pupils can wish for it now.") if approved
        else gettext_lazy("Answer by changing the post, and offer it again."),
    )
    return post


def clear_signatures(post: Post) -> int:
    """Agreements in force on this post's placements are replaced: what was signed is no longer what is agreed."""
    placements = Placement.objects.filter(post=post)
    return Agreement.objects.in_force().filter(placement__in=placements).update(replaced_at=timezone.now())


def _reserve(post: Post, reserves: Mapping[str, int]) -> None:
    rules = post.host.scheme.rules
    known = {each.code for each in rules.reserves} | {each.code for each in rules.priority}
    if unknown := set(reserves) - known:
        raise ValueError(f"the rules know no groups {sorted(unknown)}")
    if sum(reserves.values()) + post.chosen_places > post.places:
        raise ValidationError({"places": _("More places are kept and chosen than there are. Keep fewer.")})
    PostReserve.objects.bulk_create(
        PostReserve(post=post, group=group, places=places) for group, places in sorted(reserves.items()) if places
    )


def _locked(post: Post) -> Post:
    related = ("host__scheme", "host__organisation", "period", "programme", "fund", "supervisor__person")
    return Post.objects.select_for_update(of=("self",)).select_related(*related).get(pk=post.pk)
