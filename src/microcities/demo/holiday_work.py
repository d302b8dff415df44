"""Work in the school holidays to come: one draw is published and its places are offered, the other waits for its seed."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from microcities.demo.bringing import CITY_BUDGET, Bringer
from microcities.demo.foundations import COORDINATOR, Ground
from microcities.demo.summers import (
    DATA,
    MONDAY_AFTER_DAYS,
    bring_application,
    bring_host,
    bring_post,
    bring_scheme,
    former_pupils,
)
from microcities.people.models import Account
from microcities.summerjobs.actions.agreements import make_agreement, sign_agreement
from microcities.summerjobs.actions.checking import say_word
from microcities.summerjobs.actions.draws import enter_seed, freeze_draw, publish_draw, run_draw
from microcities.summerjobs.actions.placements import accept_placement
from microcities.summerjobs.actions.ranking import rank_pupils
from microcities.summerjobs.actions.schemes import change_scheme, publish_scheme, set_fund
from microcities.summerjobs.models import Application, Placement, Post, SummerScheme

EMPLOYER = "uznemums@demo.example"
SCHOOL_WEEK, PAPERS = 5, {"posts": (-40, 1), "apply": (-20, 1)}


def hold_holiday_work(bringer: Bringer) -> None:
    """Both parts, by the services' own actions; only that the days of applying are over is told afterwards."""
    story = tomllib.loads(DATA.read_text(encoding="utf-8"))
    for entry in story["holiday"]:
        _hold(bringer, story, entry)


def _hold(bringer: Bringer, story: dict[str, Any], entry: dict[str, Any]) -> None:
    ground, coordinator, today = bringer.ground, bringer.ground.accounts[COORDINATOR], timezone.localdate()
    scheme, post = _offered(ground, story, entry, coordinator)
    child = bringer.story.present["child"][0]
    own = Account.objects.select_related("person").get(email=child["email"])
    if own.person is not None:
        said = _wish(post, "basic") | {"about": "Man patīk kārtot un skaitīt."}
        application = bring_application(own, own.person, scheme, {post.name: post}, said)
        say_word(actor=Account.objects.get(email=child["guardian_email"]), application=application, kind="consent")
    for person in former_pupils(scheme)[: story["paper"]["people"]]:
        bring_application(
            coordinator, person, scheme, {post.name: post}, _wish(post, "vocational") | {"about": story["paper"]["about"]}
        )
    _rank(post, child["email"])
    scheme = change_scheme(actor=coordinator, scheme=scheme, apply_until_on=today - timedelta(days=1))
    draw = freeze_draw(actor=coordinator, scheme=scheme)
    if entry["published"]:
        enter_seed(actor=coordinator, draw=draw, public_seed=entry["seed_drawn"], source=entry["seed_from"])
        publish_draw(actor=coordinator, draw=run_draw(actor=coordinator, draw=draw))
        _agree(Placement.objects.get(draw=draw, person__account=own), own, child["guardian_email"])


def _offered(
    ground: Ground, story: dict[str, Any], entry: dict[str, Any], coordinator: Account
) -> tuple[SummerScheme, Post]:
    """A published scheme of one week with one employer and one post."""
    today = timezone.localdate()
    monday = today + timedelta(days=7 * entry["in_weeks"] - today.weekday() % MONDAY_AFTER_DAYS)
    week = {"code": "week", "name": "Brīvlaiks", "name_en": "Holidays", "first_on": monday, "last_on": _friday(monday)}
    days = {name: [today + timedelta(days=each) for each in span] for name, span in PAPERS.items()}
    holidays = (monday - timedelta(days=2), _friday(monday) + timedelta(days=2))
    plan = entry | days | {
        "rules": story["next"]["rules"], "periods": [week], "holidays": holidays, "seed": story["next"]["seed"],
        "seed_en": story["next"]["seed_en"],
    }
    scheme = bring_scheme(ground, coordinator, plan, monday.year)
    set_fund(
        actor=coordinator, scheme=scheme, code="city", source=ground.fundings[CITY_BUDGET], budget=Decimal("5000.00"),
        subsidy_account="7210", supervisor_account="7211",
    )
    scheme = publish_scheme(actor=coordinator, scheme=scheme)
    host = bring_host(ground, scheme, coordinator, story["host"][0])
    return scheme, bring_post(ground, scheme, coordinator, host, story["holiday_post"])


def _friday(monday: date) -> date:
    return monday + timedelta(days=SCHOOL_WEEK - 1)


def _wish(post: Post, level: str) -> dict[str, Any]:
    return {"level": level, "wishes": [post.name]}


def _rank(post: Post, email: str) -> None:
    """The employer would have the pupil of the demo."""
    found = Application.objects.get(wishes__post=post, person__account__email=email)
    rank_pupils(actor=Account.objects.get(email=EMPLOYER), post=post, ranks={found.pk: 1})


def _agree(placement: Placement, own: Account, guardian: str) -> None:
    """The pupil takes the place, the employer makes the agreement, the guardian signs; the others are still to sign."""
    accept_placement(actor=own, placement=placement)
    agreement = make_agreement(actor=Account.objects.get(email=EMPLOYER), placement=placement)
    sign_agreement(actor=Account.objects.get(email=guardian), agreement=agreement, party="guardian")
