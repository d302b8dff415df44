"""Small draws for the tests of placement: by hand, and by hypothesis."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from microcities.summerjobs.engines.placement import placement
from microcities.summerjobs.engines.placement_input import PlacementInput
from microcities.summerjobs.engines.placement_output import PlacementOutput

Raw = dict[str, Any]
SUMMER = [
    {"id": "june", "first_on": "2019-06-03", "last_on": "2019-06-21"},
    {"id": "july", "first_on": "2019-06-25", "last_on": "2019-07-15"},
]


def post(code: str, places: int = 1, employer: str = "e1", **more: Any) -> Raw:
    """A post in June unless said otherwise."""
    return {"id": code, "employer": employer, "period": "june", "places": places, **more}


def pupil(code: str, *wishes: str, **more: Any) -> Raw:
    return {"id": code, "wishes": list(wishes), **more}


def draw(posts: list[Raw], pupils: list[Raw], **more: Any) -> Raw:
    """A whole input; employers are those the posts name unless given."""
    employers = [{"id": each} for each in sorted({each["employer"] for each in posts})]
    groups = sorted({kept["group"] for each in posts for kept in each.get("reserved", ())})
    known = {"draw": "test", "public_seed": "seed", "periods": SUMMER, "employers": employers, "groups": groups}
    return {**known, "posts": posts, "pupils": pupils, **more}


def read(raw: Raw) -> PlacementInput:
    return PlacementInput.model_validate_json(json.dumps(raw))


def run(raw: Raw) -> PlacementOutput:
    return placement(read(raw), seed=0)


def places(output: PlacementOutput) -> dict[str, str]:
    """The post of each pupil who has one."""
    return {each.pupil: each.post for each in output.answers if each.post is not None}


@st.composite
def draws(pick: st.DrawFn, *, most_pupils: int = 6, plain: bool = False) -> Raw:
    """Draws whose limits form a tree: posts of two employers, with reserves, rankings and limits unless `plain`."""
    people = [f"u{number}" for number in range(pick(st.integers(1, most_pupils)))]
    offered = pick(st.integers(1, 4))
    posts = [_post(pick, number, people, plain) for number in range(offered)]
    codes = [each["id"] for each in posts]
    pupils = [_pupil(pick, code, codes, plain) for code in people]
    most = st.none() | st.integers(0, 4)
    employers = [{"id": code, "most": None if plain else pick(most)} for code in ("e0", "e1")]
    supervisors = [{"id": f"s{number}", "employer": f"e{number}", "most": pick(st.integers(0, 3))} for number in (0, 1)]
    funds = [{"id": "city", "budget_cents": pick(st.integers(0, 5)) * 21500}]
    seed = pick(st.sampled_from(("a", "b", "c", "d", "e")))
    return draw(posts, pupils, employers=employers, supervisors=supervisors, funds=funds, groups=["g", "h"], public_seed=seed)


def _post(pick: st.DrawFn, number: int, people: list[str], plain: bool) -> Raw:
    count = pick(st.integers(0, 3))
    made = post(f"p{number}", count, employer=f"e{number % 2}")
    if plain:
        return made
    kept = pick(st.integers(0, count))
    made |= {"reserved": [{"group": pick(st.sampled_from("gh")), "places": kept}]} if kept else {}
    made |= {"chosen": pick(st.integers(0, count - kept)), "ranking": pick(st.lists(st.sampled_from(people), unique=True))}
    made |= {"supervisor": f"s{number % 2}"} if pick(st.booleans()) else {}
    return made | {"fund": "city", "cost_cents": 21500}


def _pupil(pick: st.DrawFn, code: str, codes: list[str], plain: bool) -> Raw:
    made = pupil(code, *pick(st.lists(st.sampled_from(codes), unique=True)))
    if plain:
        return made
    shut = pick(st.lists(st.sampled_from(codes), unique=True, max_size=1))
    made |= {"closed": [{"post": each, "reason": "age"} for each in shut], "tier": pick(st.integers(0, 1))}
    return made | {"groups": pick(st.lists(st.sampled_from("gh"), unique=True))}
