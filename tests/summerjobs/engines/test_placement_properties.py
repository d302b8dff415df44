"""What holds of every draw: fair, best for pupils, the same from any order, and honest wishes never lose."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from microcities.summerjobs.engines.placement import guarantee
from microcities.summerjobs.engines.placement_certificate import certify
from microcities.summerjobs.engines.placement_matching import Matching
from microcities.summerjobs.engines.placement_outlook import OutlookInput, placement_outlook
from microcities.summerjobs.engines.placement_rules import Rules, rules_of
from tests.summerjobs.engines.draws import Raw, draw, draws, places, post, pupil, read, run

Seats = dict[int, tuple[int, int]]
Mechanism = Callable[[Raw], dict[str, str]]


@settings(max_examples=300)
@given(draws())
def test_nobody_is_passed_over_or_placed_where_the_post_is_closed(raw: Raw) -> None:
    output = run(raw)
    assert output.certificate.exceptions == ()
    shut = {(each["id"], closed["post"]) for each in raw["pupils"] for closed in each["closed"]}
    assert not shut & set(places(output).items())
    assert all(each.taken <= each.places for each in output.posts)


@settings(max_examples=200)
@given(draws())
def test_every_limit_of_the_input_is_kept(raw: Raw) -> None:
    """Counted from the input as it was given, not from what the draw and its certificate make of it."""
    output = run(raw)
    posts = {each["id"]: each for each in raw["posts"]}
    pupils = {each["id"]: each for each in raw["pupils"]}
    seated = [(each.pupil, posts[each.post], each.slot) for each in output.answers if each.post]
    for post_id, given_post in posts.items():
        here = [(who, slot) for who, where, slot in seated if where["id"] == post_id]
        kept = {each["group"]: each["places"] for each in given_post["reserved"]} if "reserved" in given_post else {}
        assert len(here) <= given_post["places"]
        assert sum(slot == "chosen" for _who, slot in here) <= given_post["chosen"]
        assert all(sum(slot == group for _who, slot in here) <= count for group, count in kept.items())
        assert all(who in given_post["ranking"] for who, slot in here if slot == "chosen")
        assert all(slot in pupils[who]["groups"] for who, slot in here if slot in kept)
    for each in raw["employers"]:
        assert each["most"] is None or sum(where["employer"] == each["id"] for _who, where, _slot in seated) <= each["most"]
    for each in raw["supervisors"]:
        assert sum(where.get("supervisor") == each["id"] for _who, where, _slot in seated) <= each["most"]
    assert sum(where["cost_cents"] for _who, where, _slot in seated) <= raw["funds"][0]["budget_cents"]


@settings(max_examples=60)
@given(draws(), st.randoms(use_true_random=False))
def test_order_of_the_input_is_irrelevant(raw: Raw, chance: random.Random) -> None:
    first = run(raw)
    for key in ("posts", "pupils", "employers", "supervisors", "periods"):
        chance.shuffle(raw[key])
    assert run(raw) == first


@settings(max_examples=60)
@given(draws(most_pupils=4))
def test_no_pupil_gains_by_false_wishes(raw: Raw) -> None:
    """Every false list of every pupil, in draws with reserves, rankings, supervisors, employers and a budget."""
    assert not any(gains(raw, deferred))


def test_the_search_for_gains_finds_them_in_a_mechanism_that_rewards_false_wishes() -> None:
    """The old Boston mechanism gives a post at once to those who name it first."""
    raw = draw([post("p"), post("q")], [pupil(each, "p", "q") for each in "abc"])
    assert any(gains(raw, immediate))
    assert not any(gains(raw, deferred))


def gains(raw: Raw, mechanism: Mechanism) -> Iterator[tuple[str, tuple[str, ...]]]:
    """False lists by which a pupil gets a post it truly likes better."""
    codes = [each["id"] for each in raw["posts"]]
    lists = [list(each) for size in range(len(codes) + 1) for each in itertools.permutations(codes, size)]
    honest = mechanism(raw)
    for index, each in enumerate(raw["pupils"]):
        true = each["wishes"]
        allowed = [wish for wish in true if wish not in {shut["post"] for shut in each.get("closed", ())}]
        worth = {wish: -place for place, wish in enumerate(allowed)}
        now = worth.get(honest.get(each["id"], ""), -len(codes))
        for false in lists:
            changed = [*raw["pupils"]]
            changed[index] = {**each, "wishes": false}
            given_post = mechanism({**raw, "pupils": changed}).get(each["id"], "")
            if worth.get(given_post, -len(codes)) > now:
                yield each["id"], tuple(false)


def deferred(raw: Raw) -> dict[str, str]:
    rules = rules_of(read(raw))
    assert guarantee(rules).strategy_proof
    return {rules.pupils[who]: rules.posts[where].id for who, (where, _slot) in Matching(rules).run().items()}


def immediate(raw: Raw) -> dict[str, str]:
    rules = rules_of(read(raw))
    left = [each.places for each in rules.posts]
    found: dict[str, str] = {}
    for rank in range(len(left)):
        for who, wishes in enumerate(rules.wishes):
            if rules.pupils[who] not in found and rank < len(wishes) and left[wishes[rank]]:
                left[wishes[rank]] -= 1
                found[rules.pupils[who]] = rules.posts[wishes[rank]].id
    return found


@settings(max_examples=80)
@given(draws(most_pupils=4, plain=True))
def test_result_is_every_pupils_best_among_all_stable_ones(raw: Raw) -> None:
    """All assignments are tried; those that the certificate finds stable are compared."""
    rules = rules_of(read(raw))
    ours = Matching(rules).run()
    for other in assignments(rules):
        if certify(rules, other).stable:
            assert all(rank(rules, ours, who) <= rank(rules, other, who) for who in range(len(rules.pupils)))


def assignments(rules: Rules) -> Iterator[Seats]:
    options = [[None, *wishes] for wishes in rules.wishes]
    for chosen in itertools.product(*options):
        yield {who: (where, rules.open) for who, where in enumerate(chosen) if where is not None}


def rank(rules: Rules, seats: Seats, who: int) -> int:
    return rules.wishes[who].index(seats[who][0]) if who in seats else len(rules.posts)


@settings(max_examples=60)
@given(draws(plain=True), st.integers(0, 3))
def test_one_more_place_harms_nobody(raw: Raw, which: int) -> None:
    before = rules_of(read(raw))
    old = Matching(before).run()
    grown = [{**each, "places": each["places"] + (number == which)} for number, each in enumerate(raw["posts"])]
    after = rules_of(read({**raw, "posts": grown}))
    new = Matching(after).run()
    assert all(rank(after, new, who) <= rank(before, old, who) for who in range(len(before.pupils)))


@settings(max_examples=60)
@given(draws())
def test_certificate_finds_a_swap_against_the_lots(raw: Raw) -> None:
    """Take a placed pupil's seat away: the certificate has to object, for that place is now wasted or wrongly kept."""
    rules = rules_of(read(raw))
    seats = Matching(rules).run()
    for who in seats:
        fewer = {other: seat for other, seat in seats.items() if other != who}
        assert not certify(rules, fewer).stable


def test_certificate_finds_each_kind_of_fault() -> None:
    shut = [{"post": "p", "reason": "age"}]
    rules = rules_of(read(draw([post("p"), post("q")], [pupil("a", "p", closed=shut), pupil("b", "q"), pupil("c", "q")])))
    a, b, c = (rules.pupils.index(each) for each in "abc")
    first, last = sorted((b, c))
    found = certify(rules, {a: (0, rules.open), last: (1, rules.open)})
    assert [(each.fault, each.pupil) for each in found.exceptions] == [("closed_post", "a"), ("envy", rules.pupils[first])]
    both = certify(rules, {b: (1, rules.open), c: (1, rules.open)})
    assert [(each.fault, each.post) for each in both.exceptions] == [("over_limit", "q")]
    other = certify(rules, {b: (0, rules.open), c: (1, rules.open)})
    assert ("not_wished", "b") in [(each.fault, each.pupil) for each in other.exceptions]


@settings(max_examples=40)
@given(draws(), st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True))
def test_outlook_is_the_spread_of_single_draws(raw: Raw, seeds: list[str]) -> None:
    inp = OutlookInput.model_validate_json(json.dumps({"placement": raw, "seeds": seeds}))
    share = placement_outlook(inp, seed=0).shares[0]
    placed = sorted(run({**raw, "public_seed": each}).figures.placed for each in seeds)
    assert (share.placed.least, share.placed.most) == (placed[0], placed[-1])
    assert share.placed.middle == placed[(len(placed) - 1) // 2]
    total = sum(post["places"] for post in raw["posts"])
    assert (share.unfilled.least, share.unfilled.most) == (total - placed[-1], total - placed[0])


def test_more_places_by_lot_even_out_what_employers_choose() -> None:
    """Two employers that rank only pupils of one group: by lot the other group's share comes under four fifths no more."""
    pupils = [pupil(f"g{number}", "p", "q", groups=["g"]) for number in range(10)]
    pupils += [pupil(f"h{number}", "p", "q", groups=["h"]) for number in range(10)]
    ranking = [f"g{number}" for number in range(10)]
    posts = [post(code, 5, chosen=5, ranking=ranking) for code in "pq"]
    inp = {"placement": draw(posts, pupils), "seeds": [str(number) for number in range(200)], "lottery_percent": [0, 100]}
    chosen, by_lot = placement_outlook(OutlookInput.model_validate_json(json.dumps(inp)), seed=0).shares
    assert [(each.group, each.placed.middle, each.ratio, each.adverse) for each in chosen.groups] == [
        ("g", 10, 1.0, False), ("h", 0, 0.0, True)
    ]
    assert [each.adverse for each in by_lot.groups] == [False, False]
    assert by_lot.placed.least == by_lot.placed.most == 10
