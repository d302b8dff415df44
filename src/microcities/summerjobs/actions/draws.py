"""Draw day: freeze the input, enter the public seed, run, set aside or publish; and the refill from the waiting list."""

import json
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from microcities.access.answers import RefusedError, require
from microcities.decisions.actions import confirm_run, record_run
from microcities.decisions.canonical import canonical_json, sha256_of_text
from microcities.decisions.engine import run_engine
from microcities.people.models import Account
from microcities.summerjobs.draw_input import ENGINE, draw_input, post_number
from microcities.summerjobs.draw_rules import may_freeze, may_publish, may_run, may_seed, may_set_aside
from microcities.summerjobs.eligible import worker_of
from microcities.summerjobs.letters import SUMMER, guardians_of, pupil_of, tell
from microcities.summerjobs.models import (
    Application,
    Draw,
    DrawKind,
    Placement,
    PlacementState,
    Post,
    SummerScheme,
)
from microcities.summerjobs.working_days import Law
from microcities.trail.context import Actor, change

SUBJECT = "summerjobs.draw"


def freeze_draw(*, actor: Account, scheme: SummerScheme) -> Draw:
    """Fix what goes into the draw, before anybody knows the seed; its digest can be shown at once. Raises RefusedError."""
    with change("summerjobs.freeze_draw", actor=actor):
        locked = _locked(scheme)
        require(may_freeze(actor, locked))
        text = canonical_json(draw_input(locked, timezone.localdate()))
        return Draw.objects.create(
            scheme=locked, number=locked.draws.count() + 1, kind=DrawKind.FIRST, frozen_input=text,
            frozen_sha256=sha256_of_text(text), frozen_at=timezone.now(), frozen_by_id=actor.pk,
        )


def enter_seed(*, actor: Account, draw: Draw, public_seed: str, source: str) -> Draw:
    """Enter the seed as it came about in public, and where from; once and for all. Raises RefusedError."""
    if not public_seed.strip() or not source.strip():
        raise RefusedError(_("Enter the seed and where it comes from. Both are published."))
    with change("summerjobs.enter_seed", actor=actor):
        locked = _locked_draw(draw)
        require(may_seed(actor, locked))
        locked.public_seed, locked.seed_source = public_seed.strip(), source.strip()
        locked.seeded_at, locked.seeded_by_id = timezone.now(), actor.pk
        locked.save(update_fields=["public_seed", "seed_source", "seeded_at", "seeded_by_id"])
    return locked


def run_draw(*, actor: Account, draw: Draw) -> Draw:
    """Run the engine on what was frozen; the run is a decision file that somebody looks at before it is published."""
    found = Draw.objects.select_related("scheme__organisation").get(pk=draw.pk)
    require(may_run(actor, found))
    run = _record(actor, found)
    with change("summerjobs.run_draw", actor=actor):
        locked = _locked_draw(draw)
        require(may_run(actor, locked))
        locked.run = run
        locked.save(update_fields=["run"])
    return locked


def set_draw_aside(*, actor: Account, draw: Draw, reason: str) -> Draw:
    """The draw is not used; it stays readable with the reason. Raises RefusedError."""
    if not reason.strip():
        raise RefusedError(_("Give the reason. It is published with the draw."))
    with change("summerjobs.set_draw_aside", actor=actor, reason=reason.strip()):
        locked = _locked_draw(draw)
        require(may_set_aside(actor, locked))
        locked.set_aside_at, locked.set_aside_reason = timezone.now(), reason.strip()
        locked.save(update_fields=["set_aside_at", "set_aside_reason"])
    return locked


def publish_draw(*, actor: Account, draw: Draw) -> list[Placement]:
    """Confirm the decision file and offer every place that it gives; pupils and guardians are told. Raises RefusedError."""
    with change("summerjobs.publish_draw", actor=actor):
        scheme = _locked(draw.scheme)
        locked = _locked_draw(draw)
        require(may_publish(actor, locked))
        if locked.run is None:
            raise RefusedError(_("Run the draw first."))
        confirm_run(actor=actor, run=locked.run)
        return _offer(scheme, locked, actor)


def refill(*, scheme: SummerScheme) -> list[Placement]:
    """Offer what has become free, or has been added, to the next by the same lots; nothing where nobody waits.

    Each round is a decision file of its own. Offers go out at once; the file waits for a coordinator, and no agreement is made
    before that. Rounds of one scheme follow one another: each takes the scheme's row.
    """
    with change("summerjobs.refill", actor=SUMMER):
        locked = _locked(scheme)
        first = locked.draws.published().order_by("number").first()
        if first is None or locked.closed_at is not None:
            return []
        data = draw_input(locked, timezone.localdate())
        if not any("held" not in each and each["wishes"] for each in data["pupils"]):
            return []
        now, text = timezone.now(), canonical_json(data)
        draw = Draw(
            scheme=locked, number=locked.draws.count() + 1, kind=DrawKind.REFILL, frozen_input=text,
            frozen_sha256=sha256_of_text(text), frozen_at=now, public_seed=first.public_seed, seed_source=first.seed_source,
            seeded_at=now,
        )
        if not new_answers(_output(draw)):
            return []
        draw.save()
        draw.run = _record(SUMMER, draw)
        draw.save(update_fields=["run"])
        return _offer(locked, draw, SUMMER)


def new_answers(output: dict[str, Any]) -> list[dict[str, Any]]:
    """Answers that give a place which was not held before."""
    return [each for each in output["answers"] if each["post"] and not any(w["outcome"] == "held" for w in each["wishes"])]


def _output(draw: Draw) -> dict[str, Any]:
    """The engine's answer without a decision file, to see whether there is anything to offer."""
    from_engine: dict[str, Any] = run_engine(ENGINE, _data(draw), 0).output
    return from_engine


def _data(draw: Draw) -> dict[str, Any]:
    return {**json.loads(draw.frozen_input), "public_seed": draw.public_seed}


def _record(actor: Actor, draw: Draw) -> Any:
    return record_run(
        actor=actor, name=ENGINE, data=_data(draw), seed=0, subject_kind=SUBJECT, subject_ref=draw.pk,
        subject_label=str(draw)[:200], organisation=draw.scheme.organisation,
    )


def _offer(scheme: SummerScheme, draw: Draw, actor: Actor) -> list[Placement]:
    if draw.run is None:
        raise ValueError("a draw is published after it has run")
    now, law, today = timezone.now(), Law(scheme), timezone.localdate()
    answer_by = datetime.combine(
        today + timedelta(days=scheme.answer_days), time(23, 59, 59), timezone.get_default_timezone()
    )
    answers = new_answers(draw.run.output)
    applications = {each.code: each for each in Application.objects.filter(scheme=scheme).select_related("person")}
    posts = {each.pk: each for each in Post.objects.filter(host__scheme=scheme).select_related("period", "host__scheme")}
    made = []
    for answer in answers:
        application, post = applications[answer["pupil"]], posts[post_number(answer["post"])]
        worker = worker_of(application)
        days = [day.on for day in law.planned_days(post, worker) if day.minutes and day.on > today] if worker else []
        made.append(Placement.objects.create(
            application=application, person=application.person, post=post, seat=_free_seat(post), slot=answer["slot"],
            draw=draw, first_on=days[0], last_on=days[-1], state=PlacementState.OFFERED, offered_at=now, answer_by=answer_by,
        ))
    draw.published_at, draw.published_by_id = now, actor.pk
    draw.save(update_fields=["published_at", "published_by_id"])
    for placement in made:
        tell_offered(placement)
    return made


def _free_seat(post: Post) -> int:
    taken = set(Placement.objects.live().filter(post=post).values_list("seat", flat=True))
    return next(seat for seat in range(1, post.places + 1) if seat not in taken)


def tell_offered(placement: Placement) -> None:
    """The pupil and the guardians: which post, and until when to answer."""
    for readers in (pupil_of(placement.person), guardians_of(placement.person)):
        tell(
            readers, key=f"placement.offered:{placement.pk}", subject=gettext_noop("A place for the summer: %(name)s"),
            name=str(placement.post), what=gettext_lazy("A place is offered. Answer in time, or it goes to the next."),
            url=("offer", placement.public_id),
        )


def _locked(scheme: SummerScheme) -> SummerScheme:
    rows = SummerScheme.objects.select_for_update(of=("self",)).select_related("city", "organisation")
    return rows.get(pk=scheme.pk)


def _locked_draw(draw: Draw) -> Draw:
    rows = Draw.objects.select_for_update(of=("self",)).select_related("scheme__organisation", "scheme__city", "run")
    return rows.get(pk=draw.pk)
