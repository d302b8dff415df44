"""What a draw of summer places is given: periods, employers, supervisors, funds, posts and pupils, and their checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel

Code = Annotated[str, Field(min_length=1, max_length=120)]
Many = Annotated[int, Field(ge=0, le=100_000)]
Cents = Annotated[int, Field(ge=0, le=10**12)]
# Kinds of places that every post has; a group cannot be called like one.
OPEN, CHOSEN = "open", "chosen"


class Period(EngineModel):
    """A part of the summer; both days belong to it. Periods may overlap."""

    id: Code
    first_on: date
    last_on: date


class Employer(EngineModel):
    """`most` is how many pupils it takes over the whole summer; null where its posts alone say so."""

    id: Code
    most: Many | None = None


class Supervisor(EngineModel):
    """`most` is how many pupils one supervisor may have at the same time (Latvian national scheme: ten)."""

    id: Code
    employer: Code
    most: Many = 10


class Fund(EngineModel):
    """A source of money and what it may spend on places, in euro cents."""

    id: Code
    budget_cents: Cents


class Reserve(EngineModel):
    """Places of a post that members of a group are given first; what they leave is open to all."""

    group: Code
    places: Annotated[int, Field(ge=1, le=100_000)]


class Post(EngineModel):
    """Work at one employer in one period: places reserved, `chosen` ones that go by the employer's ranking, the rest by lot.

    `ranking` holds pupils the employer would have, the best first; what it leaves of `chosen` goes by lot too. `cost_cents`
    is what one place takes from the fund.
    """

    id: Code
    employer: Code
    period: Code
    places: Many
    supervisor: Code | None = None
    fund: Code | None = None
    cost_cents: Cents = 0
    stem: bool = False
    reserved: tuple[Reserve, ...] = ()
    chosen: Many = 0
    ranking: tuple[Code, ...] = ()


class Closed(EngineModel):
    """A post that a pupil may not have, with the code of the reason: age, hours, distance."""

    post: Code
    reason: Code


class Held(EngineModel):
    """A place given before and not to be touched: the post and the kind of place (`open`, `chosen` or a reserve's group)."""

    post: Code
    slot: Code = "open"


class Pupil(EngineModel):
    """A pupil's wishes, the dearest first. A lower `tier` comes before a higher one, whatever the lot.

    Pupils with the same `together` (siblings, friends) draw one lot and stand beside one another; that is a wish, no promise.
    """

    id: Code
    wishes: tuple[Code, ...] = Field(max_length=100)
    groups: tuple[Code, ...] = ()
    tier: Annotated[int, Field(ge=0, le=100)] = 0
    closed: tuple[Closed, ...] = ()
    together: Code | None = None
    held: Held | None = None


class PlacementInput(EngineModel):
    """A whole draw. `groups` is the order in which reserves are filled; `most_wishes` how many a pupil was allowed to name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "draw": "summer 2019", "public_seed": "drawn before witnesses: 7 19 23 31 40",
                    "periods": [{"id": "june", "first_on": "2019-06-03", "last_on": "2019-06-21"}],
                    "employers": [{"id": "museum"}],
                    "posts": [
                        {"id": "guide", "employer": "museum", "period": "june", "places": 2,
                         "reserved": [{"group": "large_family", "places": 1}]},
                    ],
                    "groups": ["large_family"],
                    "pupils": [
                        {"id": "a", "wishes": ["guide"]}, {"id": "b", "wishes": ["guide"]},
                        {"id": "c", "wishes": ["guide"], "groups": ["large_family"]},
                    ],
                }
            ]
        }
    )

    draw: Code
    public_seed: Annotated[str, Field(min_length=1, max_length=1_000)]
    periods: tuple[Period, ...] = Field(max_length=1_000)
    employers: tuple[Employer, ...] = Field(max_length=20_000)
    supervisors: tuple[Supervisor, ...] = Field(default=(), max_length=50_000)
    funds: tuple[Fund, ...] = Field(default=(), max_length=1_000)
    posts: tuple[Post, ...] = Field(max_length=50_000)
    groups: tuple[Code, ...] = Field(default=(), max_length=100)
    pupils: tuple[Pupil, ...] = Field(max_length=200_000)
    most_wishes: Annotated[int, Field(ge=1, le=100)] | None = None


def check(inp: PlacementInput) -> None:
    """Raise EngineInputError with every place where the input contradicts itself."""
    problems = [*_named(inp), *_dates(inp)]
    if not problems:
        problems = [*_posts(inp), *_pupils(inp), *_held(inp)]
    if problems:
        raise EngineInputError(problems[:100])


Problems = Iterator[tuple[str, str]]


def _named(inp: PlacementInput) -> Problems:
    for kind in ("periods", "employers", "supervisors", "funds", "posts", "pupils"):
        yield from _twice(kind, (each.id for each in getattr(inp, kind)))
    yield from _twice("groups", inp.groups)
    for number, group in enumerate(inp.groups):
        if group in (OPEN, CHOSEN):
            yield f"groups[{number}]", f"{group!r} is the name of a kind of place, not of a group"


def _twice(kind: str, codes: Iterable[str]) -> Problems:
    seen: set[str] = set()
    for number, code in enumerate(codes):
        if code in seen:
            yield f"{kind}[{number}]", f"{code!r} is there twice"
        seen.add(code)


def _dates(inp: PlacementInput) -> Problems:
    for number, each in enumerate(inp.periods):
        if each.last_on < each.first_on:
            yield f"periods[{number}].last_on", "a period ends before it begins"


def _posts(inp: PlacementInput) -> Problems:
    periods, funds = {each.id for each in inp.periods}, {each.id for each in inp.funds}
    employers, pupils = {each.id for each in inp.employers}, {each.id for each in inp.pupils}
    of_supervisor = {each.id: each.employer for each in inp.supervisors}
    for number, each in enumerate(inp.supervisors):
        if each.employer not in employers:
            yield f"supervisors[{number}].employer", f"there is no employer {each.employer!r}"
    for number, post in enumerate(inp.posts):
        at = f"posts[{number}]"
        if post.employer not in employers:
            yield f"{at}.employer", f"there is no employer {post.employer!r}"
        if post.period not in periods:
            yield f"{at}.period", f"there is no period {post.period!r}"
        if post.fund is not None and post.fund not in funds:
            yield f"{at}.fund", f"there is no fund {post.fund!r}"
        if post.supervisor is not None and of_supervisor.get(post.supervisor) != post.employer:
            yield f"{at}.supervisor", f"{post.supervisor!r} is no supervisor of {post.employer!r}"
        yield from _places(at, post, inp.groups, pupils)


def _places(at: str, post: Post, groups: tuple[str, ...], pupils: set[str]) -> Problems:
    if sum(each.places for each in post.reserved) + post.chosen > post.places:
        yield at, f"more places are reserved and chosen than the {post.places} that there are"
    for number, each in enumerate(post.reserved):
        if each.group not in groups:
            yield f"{at}.reserved[{number}].group", f"{each.group!r} is not among the groups"
    yield from _twice(f"{at}.reserved", (each.group for each in post.reserved))
    yield from _twice(f"{at}.ranking", post.ranking)
    for number, pupil in enumerate(post.ranking):
        if pupil not in pupils:
            yield f"{at}.ranking[{number}]", f"there is no pupil {pupil!r}"


def _held(inp: PlacementInput) -> Problems:
    left = {each.id: each.places for each in inp.posts}
    for number, pupil in enumerate(inp.pupils):
        if pupil.held is not None and pupil.held.post in left:
            left[pupil.held.post] -= 1
            if left[pupil.held.post] == -1:
                yield f"pupils[{number}].held", f"more places are held than post {pupil.held.post!r} has"


def _pupils(inp: PlacementInput) -> Problems:
    posts = {each.id: {OPEN, CHOSEN, *(kept.group for kept in each.reserved)} for each in inp.posts}
    for number, pupil in enumerate(inp.pupils):
        at = f"pupils[{number}]"
        yield from _twice(f"{at}.wishes", pupil.wishes)
        yield from _twice(f"{at}.closed", (each.post for each in pupil.closed))
        for place, wish in enumerate(pupil.wishes):
            if wish not in posts:
                yield f"{at}.wishes[{place}]", f"there is no post {wish!r}"
        for place, shut in enumerate(pupil.closed):
            if shut.post not in posts:
                yield f"{at}.closed[{place}].post", f"there is no post {shut.post!r}"
        if inp.most_wishes is not None and len(pupil.wishes) > inp.most_wishes:
            yield f"{at}.wishes", f"more than the {inp.most_wishes} wishes allowed"
        if pupil.held is not None and pupil.held.slot not in posts.get(pupil.held.post, ()):
            yield f"{at}.held", f"post {pupil.held.post!r} has no {pupil.held.slot!r} places"
