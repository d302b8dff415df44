"""Draw day from freeze to publication, answers, and refills from the waiting list; at the same moment too."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.decisions.models import DecisionRun
from microcities.decisions.rerun import rerun
from microcities.notices.models import Notice
from microcities.people.models import Account
from microcities.summerjobs.actions import draws as draws_module
from microcities.summerjobs.actions.draws import (
    enter_seed,
    freeze_draw,
    publish_draw,
    refill,
    run_draw,
    set_draw_aside,
)
from microcities.summerjobs.actions.placements import (
    accept_placement,
    decline_placement,
    end_placement_early,
    lapse_overdue,
    withdraw_placement,
)
from microcities.summerjobs.draw_input import draw_input, place_cost
from microcities.summerjobs.draw_rules import is_confirmed
from microcities.summerjobs.models import LIVE, Application, Draw, Placement, Post, SummerScheme
from microcities.summerjobs.working_days import Law
from tests import factories
from tests.rushing import at_once
from tests.summerjobs.summer import NOW, TODAY, Summer, aged, make_application, make_placement, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SEED, SOURCE = "7 19 23 31 40", "Izvilkts pie lieciniekiem"


def closed(summer: Summer) -> SummerScheme:
    """The scheme on the day after the last day of applying."""
    SummerScheme.objects.filter(pk=summer.scheme.pk).update(
        apply_from_on=TODAY - timedelta(days=20), apply_until_on=TODAY - timedelta(days=1)
    )
    return SummerScheme.objects.get(pk=summer.scheme.pk)


def ran(summer: Summer) -> Draw:
    draw = freeze_draw(actor=summer.coordinator, scheme=closed(summer))
    enter_seed(actor=summer.coordinator, draw=draw, public_seed=SEED, source=SOURCE)
    return run_draw(actor=summer.coordinator, draw=draw)


def published(summer: Summer) -> list[Placement]:
    return publish_draw(actor=summer.coordinator, draw=ran(summer))


def pupil_account(application: Application) -> Account:
    """An account of the application's pupil."""
    return factories.make_account(f"{application.code.lower()}@example.org", application.person)


def sound() -> None:
    """No place given twice, none beyond a post's places, nobody in two places."""
    for post in Post.objects.all():
        seats = list(Placement.objects.filter(post=post, state__in=LIVE).values_list("seat", flat=True))
        assert len(seats) == len(set(seats)) <= post.places
    live = list(Placement.objects.filter(state__in=LIVE).values_list("application_id", flat=True))
    assert len(live) == len(set(live))


# --- draw day ---


def test_draw_is_frozen_seeded_run_and_published_by_the_schemes_city(summer: Summer) -> None:
    post = make_post(summer, places=2)
    own = [make_application(summer, None, post) for _each in range(3)]
    with pytest.raises(RefusedError, match="can still apply"):
        freeze_draw(actor=summer.coordinator, scheme=summer.scheme)
    draw = freeze_draw(actor=summer.coordinator, scheme=closed(summer))
    assert "public_seed" not in json.loads(draw.frozen_input)
    with pytest.raises(RefusedError, match="under way"):
        freeze_draw(actor=summer.coordinator, scheme=draw.scheme)
    with pytest.raises(RefusedError, match="seed first"):
        run_draw(actor=summer.coordinator, draw=draw)
    enter_seed(actor=summer.coordinator, draw=draw, public_seed=SEED, source=SOURCE)
    draw.refresh_from_db()
    with pytest.raises(RefusedError, match="does not change"):
        enter_seed(actor=summer.coordinator, draw=draw, public_seed="1", source=SOURCE)
    draw = run_draw(actor=summer.coordinator, draw=draw)
    assert draw.run is not None
    assert draw.run.output["certificate"]["stable"]
    made = publish_draw(actor=summer.coordinator, draw=draw)
    assert len(made) == 2
    assert {each.application for each in made} < set(own)
    assert {(each.state, each.seat) for each in made} == {("offered", 1), ("offered", 2)}
    assert DecisionRun.objects.get().state == "confirmed"
    assert (timezone.localtime(made[0].answer_by).date() - TODAY).days == 5
    draw.refresh_from_db()
    with pytest.raises(RefusedError, match="published"):
        publish_draw(actor=summer.coordinator, draw=draw)


def test_auditor_runs_the_draw_again_and_sees_the_same(summer: Summer) -> None:
    post = make_post(summer, places=1)
    for _each in range(3):
        make_application(summer, None, post)
    draw = ran(summer)
    assert draw.run is not None
    again = rerun(draw.run)
    assert again.is_same


@pytest.mark.parametrize("name", ["other_coordinator", "firm_account", "anna_account", "auditor", "stranger"])
def test_nobody_else_takes_a_step_of_draw_day(summer: Summer, name: str) -> None:
    make_application(summer, None, make_post(summer))
    draw, actor = ran(summer), getattr(summer, name)
    steps: tuple[Callable[[], Any], ...] = (
        lambda: freeze_draw(actor=actor, scheme=draw.scheme), lambda: publish_draw(actor=actor, draw=draw),
        lambda: enter_seed(actor=actor, draw=draw, public_seed="1", source="x"), lambda: run_draw(actor=actor, draw=draw),
        lambda: set_draw_aside(actor=actor, draw=draw, reason="x"),
    )
    for step in steps:
        with pytest.raises(RefusedError):
            step()


def test_draw_set_aside_keeps_its_reason_and_another_is_frozen(summer: Summer) -> None:
    make_application(summer, None, make_post(summer))
    draw = ran(summer)
    with pytest.raises(RefusedError):
        set_draw_aside(actor=summer.coordinator, draw=draw, reason=" ")
    set_draw_aside(actor=summer.coordinator, draw=draw, reason="Nepareizs budžets")
    with pytest.raises(RefusedError, match="set aside"):
        publish_draw(actor=summer.coordinator, draw=Draw.objects.get(pk=draw.pk))
    assert freeze_draw(actor=summer.coordinator, scheme=draw.scheme).number == 2


# --- what goes in ---


def test_input_holds_codes_and_numbers_and_only_those_who_count(summer: Summer) -> None:
    light, heavy = make_post(summer, chosen_places=1), make_post(summer, light_task="")
    light.reserves.create(post=light, group="large_family", places=1)
    anna = make_application(summer, summer.anna, light, heavy, shown_to_employers=True)
    child = make_application(summer, summer.child, light)
    make_application(summer, None, light, refused_reason="Citur", checked_at=NOW)
    make_application(summer, None, light, submitted_at=None)
    light.ranking.create(post=light, application=anna, rank=1)
    found = draw_input(summer.scheme, TODAY)
    assert [each["id"] for each in found["pupils"]] == [anna.code]
    child.guardian_words.create(guardian=summer.guardian.person, kind="consent", text="Jā", said_at=NOW)
    found = draw_input(summer.scheme, TODAY)
    codes = {each["id"]: each for each in found["pupils"]}
    assert set(codes) == {anna.code, child.code}
    assert [each["ranking"] for each in found["posts"]] == [[anna.code], []]
    text = json.dumps(found)
    assert "Pupiņ" not in text
    assert "birth" not in text


def test_order_of_rows_does_not_matter(summer: Summer) -> None:
    posts = [make_post(summer, places=1) for _each in range(2)]
    for number in range(4):
        make_application(summer, None, posts[number % 2], posts[(number + 1) % 2])
    first = draw_input(summer.scheme, TODAY)
    Application.objects.all().update(class_name="x")  # rows move within the table
    Post.objects.all().update(bring="x")
    assert draw_input(summer.scheme, TODAY) == first


def test_closed_wish_stands_with_its_reason(summer: Summer) -> None:
    post = make_post(summer, age_from=13, age_to=15)
    own = make_application(summer, summer.anna, post)
    [pupil] = draw_input(summer.scheme, TODAY)["pupils"]
    assert pupil["id"] == own.code
    assert pupil["closed"] == [{"post": f"post-{post.pk}", "reason": "post_age"}]


def test_friends_draw_one_lot_only_when_both_say_so(summer: Summer) -> None:
    post = make_post(summer)
    one, two = (make_application(summer, None, post) for _each in range(2))
    Application.objects.filter(pk=one.pk).update(together_with=two.code)
    assert {each["together"] for each in draw_input(summer.scheme, TODAY)["pupils"]} == {None}
    Application.objects.filter(pk=two.pk).update(together_with=one.code)
    assert {each["together"] for each in draw_input(summer.scheme, TODAY)["pupils"]} == {min(one.code, two.code)}


def test_place_costs_what_the_dearest_age_is_paid(summer: Summer) -> None:
    """Below 18 a full day has 7 hours, from 18 on 8: ten days cost the same part of a month's wage at either age."""
    law = Law(summer.scheme)
    cost = place_cost(make_post(summer), law)
    only_child = place_cost(make_post(summer, age_to=14), law)
    assert cost > only_child > 0
    assert place_cost(make_post(summer, monthly_wage=1560), law) == pytest.approx(2 * cost, abs=2)


# --- answers and refills ---


def drawn(summer: Summer, places: int = 1, pupils: int = 3) -> tuple[Post, list[Placement], list[Application]]:
    post = make_post(summer, places=places)
    own = [make_application(summer, None, post) for _each in range(pupils)]
    return post, published(summer), own


def test_declined_place_goes_to_the_next_at_once_and_waits_for_a_person(summer: Summer) -> None:
    post, [first], _own = drawn(summer)
    account = pupil_account(first.application)
    decline_placement(actor=account, placement=first)
    second = Placement.objects.get(post=post, state="offered")
    assert second.application != first.application
    assert (second.seat, second.draw.kind, second.draw.number) == (first.seat, "refill", 2)  # type: ignore[union-attr]
    assert second.draw.public_seed == SEED  # type: ignore[union-attr]
    assert not is_confirmed(second)
    assert is_confirmed(Placement.objects.select_related("draw__run").get(pk=first.pk))
    decline_placement(actor=pupil_account(second.application), placement=second)
    third = Placement.objects.get(post=post, state="offered")
    decline_placement(actor=pupil_account(third.application), placement=third)
    assert not Placement.objects.live().exists()
    assert refill(scheme=summer.scheme) == []


def test_accepted_place_is_told_to_the_employer_and_stays_in_refills(summer: Summer) -> None:
    post, made, _own = drawn(summer, places=2)
    accept_placement(actor=pupil_account(made[0].application), placement=made[0])
    assert Notice.objects.filter(account=summer.firm_account).count() == 1
    decline_placement(actor=pupil_account(made[1].application), placement=made[1])
    held = Placement.objects.get(pk=made[0].pk)
    assert (held.state, held.seat) == ("accepted", made[0].seat)
    assert Placement.objects.live().filter(post=post).count() == 2
    sound()


def test_answer_is_the_pupils_or_the_guardians_and_in_time(summer: Summer) -> None:
    post = make_post(summer)
    own = make_application(summer, summer.child, post)
    own.guardian_words.create(guardian=summer.guardian.person, kind="consent", text="Jā", said_at=NOW)
    [made] = published(summer)
    for actor in (summer.anna_account, summer.coordinator, summer.firm_account, summer.stranger):
        with pytest.raises(RefusedError):
            accept_placement(actor=actor, placement=made)
    Placement.objects.filter(pk=made.pk).update(
        offered_at=NOW - timedelta(days=9), answer_by=timezone.now() - timedelta(minutes=1)
    )
    with pytest.raises(RefusedError, match="over"):
        accept_placement(actor=summer.guardian, placement=made)
    Placement.objects.filter(pk=made.pk).update(answer_by=timezone.now() + timedelta(days=1))
    assert accept_placement(actor=summer.guardian, placement=made).state == "accepted"


def test_offers_lapse_and_go_to_the_next(summer: Summer) -> None:
    post, [first], _own = drawn(summer)
    assert lapse_overdue() == 0
    Placement.objects.filter(pk=first.pk).update(
        offered_at=NOW - timedelta(days=9), answer_by=timezone.now() - timedelta(minutes=1)
    )
    assert lapse_overdue() == 1
    first.refresh_from_db()
    assert first.state == "lapsed"
    assert Placement.objects.get(post=post, state="offered").application != first.application


def test_withdrawal_before_the_work_and_early_end_after_it_began(summer: Summer) -> None:
    _post, made, _own = drawn(summer, places=2, pupils=2)
    for each in made:
        accept_placement(actor=pupil_account(each.application), placement=each)
    with pytest.raises(RefusedError):
        withdraw_placement(actor=summer.firm_account, placement=made[0], reason="Nav darba")
    with pytest.raises(RefusedError, match="not begun"):
        end_placement_early(actor=summer.firm_account, placement=made[0], last_on=TODAY, reason="Slimība")
    assert withdraw_placement(actor=summer.coordinator, placement=made[0], reason="Pārcēlās").state == "withdrawn"
    assert Notice.objects.filter(account=summer.firm_account, subject__contains="brīva vieta").exists()


def test_late_post_is_given_in_the_next_round(summer: Summer) -> None:
    post, [_first], own = drawn(summer)
    late = make_post(summer, name="Vēlāk pieteikts", places=1)
    waiting = next(each for each in own if not each.placements.exists())
    waiting.wishes.create(application=waiting, post=late, rank=2)
    [made] = refill(scheme=summer.scheme)
    assert (made.application, made.post) == (waiting, late)
    assert Placement.objects.live().filter(post=post).count() == 1


def test_nobody_eligible_gets_two_overlapping_places(summer: Summer) -> None:
    application = make_application(summer, summer.anna, make_post(summer))
    make_placement(summer, application, make_post(summer))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_placement(summer, application, make_post(summer))


# --- at the same moment ---


@pytest.mark.django_db(transaction=True)
def test_published_twice_at_once_offers_once(summer: Summer) -> None:
    post = make_post(summer, places=2)
    for _each in range(4):
        make_application(summer, None, post)
    draw = ran(summer)
    answers = at_once(lambda _client: publish_draw(actor=summer.coordinator, draw=draw), clients=4)
    assert sum(isinstance(each, list) for each in answers) == 1
    assert Placement.objects.count() == 2
    sound()


@pytest.mark.django_db(transaction=True)
def test_everybody_answers_at_once_and_no_place_is_lost_or_doubled(summer: Summer) -> None:
    """Half of eight accept and half decline together; all freed places are offered to those who waited."""
    post = make_post(summer, places=8)
    for _each in range(14):
        make_application(summer, None, post)
    made = published(summer)
    accounts = [pupil_account(each.application) for each in made]
    acts = (accept_placement, decline_placement)
    answers = at_once(lambda client: acts[client % 2](actor=accounts[client], placement=made[client]))
    assert [each for each in answers if isinstance(each, Exception)] == []
    sound()
    assert Placement.objects.filter(state="accepted").count() == 4
    assert Placement.objects.live().filter(post=post).count() == 8


@pytest.mark.django_db(transaction=True)
def test_accepting_and_lapsing_at_once_ends_in_one_of_the_two(summer: Summer) -> None:
    post, [first], _own = drawn(summer)
    account = pupil_account(first.application)
    later = timezone.now() + timedelta(seconds=1)
    Placement.objects.filter(pk=first.pk).update(offered_at=NOW - timedelta(days=9), answer_by=later)
    answers = at_once(lambda client: _accept_or_lapse(client, account, first), clients=4)
    assert answers
    sound()
    first.refresh_from_db()
    assert first.state in {"accepted", "lapsed"}
    assert Placement.objects.live().filter(post=post).count() == 1


def _accept_or_lapse(client: int, account: Account, placement: Placement) -> Any:
    if client % 2:
        return accept_placement(actor=account, placement=placement)
    time.sleep(0.9)  # until about the moment at which the offer lapses
    return lapse_overdue()


@pytest.mark.django_db(transaction=True)
def test_two_refills_at_once_give_each_place_once_and_without_the_lock_they_collide(
    summer: Summer, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, [first], _own = drawn(summer, pupils=5)
    late = make_post(summer, places=3)
    for each in Application.objects.filter(placements__isnull=True):
        each.wishes.create(application=each, post=late, rank=2)
    answers = at_once(lambda _client: refill(scheme=summer.scheme), clients=4)
    assert [each for each in answers if isinstance(each, Exception)] == []
    assert sorted(len(each) for each in answers) == [0, 0, 0, 3]
    sound()
    assert first.post == post
    Placement.objects.exclude(pk=first.pk).delete()
    monkeypatch.setattr(draws_module, "_locked", lambda scheme: SummerScheme.objects.get(pk=scheme.pk))
    collided = at_once(lambda _client: refill(scheme=summer.scheme), clients=4)
    assert any(isinstance(each, IntegrityError) for each in collided)


def test_child_below_thirteen_goes_in_with_all_wishes_closed(summer: Summer) -> None:
    summer.child.birth_on = aged(12)
    summer.child.save()
    own = make_application(summer, summer.child, make_post(summer))
    own.guardian_words.create(guardian=summer.guardian.person, kind="consent", text="Jā", said_at=NOW)
    [pupil] = draw_input(summer.scheme, TODAY)["pupils"]
    assert pupil["closed"][0]["reason"] == "too_young"
