"""The draw of the demo's first summer, to be run again by anybody: its pupils are those of the lists, their wishes invented."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from microcities.decisions.actions import confirm_run, record_run
from microcities.decisions.canonical import canonical_json, sha256_of_text
from microcities.demo.foundations import COORDINATOR, Ground
from microcities.demo.names import years_before
from microcities.people.models import Person
from microcities.summerjobs.actions.applications import ALPHABET, CODE_LENGTH
from microcities.summerjobs.draw_input import ENGINE, draw_input, post_number
from microcities.summerjobs.models import Application, Draw, Placement, Post, SummerScheme, Wish
from microcities.summerjobs.working_days import working_dates

ACTIVITIES = ("valmiera-summer-2019", "valmiera-careers-2020")
OLDEST_OF_LIST, MOST_PUPILS = 20, 430
# A child under 15 needs a guardian's consent, which nobody gave in the synthetic lists.
YOUNGEST = 15


def draw_past(ground: Ground, scheme: SummerScheme, entry: dict[str, Any]) -> None:
    """The draw of a summer that is over, on the day after the last day of applying: frozen, seeded, run, published."""
    day, coordinator = entry["apply"][1] + timedelta(days=3), ground.accounts[COORDINATOR]
    _applications(scheme, day)
    text = canonical_json(draw_input(scheme, day))
    moment = _at(day, 9)
    draw = Draw.objects.create(
        scheme=scheme, number=1, kind="first", frozen_input=text, frozen_sha256=sha256_of_text(text), frozen_at=moment,
        frozen_by_id=coordinator.pk, public_seed=entry["seed_drawn"], seed_source=entry["seed_from"], seeded_at=_at(day, 10),
        seeded_by_id=coordinator.pk,
    )
    draw.run = confirm_run(actor=coordinator, run=record_run(
        actor=coordinator, name=ENGINE, data=draw_input(scheme, day) | {"public_seed": draw.public_seed}, seed=0,
        subject_kind="summerjobs.draw", subject_ref=draw.pk, subject_label=str(draw)[:200], organisation=scheme.organisation,
    ))
    draw.published_at, draw.published_by_id = _at(day, 12), coordinator.pk
    draw.save()
    _placements(scheme, draw, day)


def _applications(scheme: SummerScheme, day: date) -> None:
    """Those of the lists of 2019 and of the next school year who were old enough; wishes are invented."""
    first = min(each.first_on for each in scheme.periods.all())
    born = Q(birth_on__lte=years_before(first, YOUNGEST), birth_on__gt=years_before(first, OLDEST_OF_LIST))
    listed = Person.objects.filter(born, participations__activity__code__in=ACTIVITIES, merged_into__isnull=True)
    pupils = list(listed.distinct().order_by("pk")[:MOST_PUPILS])
    posts = list(Post.objects.filter(host__scheme=scheme).order_by("pk"))
    chance = random.Random(scheme.year)  # noqa: S311  (a story that is the same each time, no secret)
    rows = Application.objects.bulk_create([
        Application(
            scheme=scheme, person=each, code="".join(chance.choices(ALPHABET, k=CODE_LENGTH)), level="secondary",
            residence=scheme.city.place, declared_on=date(scheme.year - 4, 9, 1),
            basic_finished_on=date(scheme.year - 1, 6, 10),
            submitted_at=_at(day - timedelta(days=5), 12), checked_at=_at(day - timedelta(days=4), 12),
        )
        for each in pupils
    ])
    Wish.objects.bulk_create([
        Wish(application=each, post=post, rank=rank)
        for each in rows for rank, post in enumerate(chance.sample(posts, scheme.most_wishes), start=1)
    ])


def _placements(scheme: SummerScheme, draw: Draw, day: date) -> None:
    if draw.run is None:
        raise ValueError("places are given after the run")
    applications = {each.code: each for each in scheme.applications.all()}
    posts = {each.pk: each for each in Post.objects.filter(host__scheme=scheme).select_related("period")}
    seats: dict[int, int] = {}
    rows = []
    for answer in draw.run.output["answers"]:
        if answer["post"] is None:
            continue
        application, post = applications[answer["pupil"]], posts[post_number(answer["post"])]
        seats[post.pk] = seats.get(post.pk, 0) + 1
        days = working_dates(post.period, post.work_days)
        rows.append(Placement(
            application=application, person_id=application.person_id, post=post, seat=seats[post.pk], slot=answer["slot"],
            draw=draw, first_on=days[0], last_on=days[-1], state="completed", offered_at=_at(day, 12),
            answer_by=_at(day + timedelta(days=scheme.answer_days), 23), answered_at=_at(day + timedelta(days=2), 18),
        ))
    Placement.objects.bulk_create(rows)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), timezone.get_default_timezone())
