"""Before the draw: how far another seed would change it, and what more places by lot would do, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine
from microcities.summerjobs.engines.placement_input import PlacementInput, Post, check
from microcities.summerjobs.engines.placement_matching import Matching
from microcities.summerjobs.engines.placement_reasons import by_group
from microcities.summerjobs.engines.placement_rules import Rules, rules_of

Percent = Annotated[int, Field(ge=0, le=100)]


class OutlookInput(EngineModel):
    """A draw, the seeds to try instead of its own, and the shares of employers' places (percent) to give by lot instead."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "placement": PlacementInput.model_config["json_schema_extra"]["examples"][0],  # type: ignore[index]
                    "seeds": ["one", "two", "three"], "lottery_percent": [0, 100],
                }
            ]
        }
    )

    placement: PlacementInput
    seeds: tuple[Annotated[str, Field(min_length=1, max_length=1_000)], ...] = Field(min_length=1, max_length=1_000)
    lottery_percent: tuple[Percent, ...] = Field(default=(0,), min_length=1, max_length=21)


class Spread(EngineModel):
    """The least, the middle (the lower of two) and the most over all seeds tried."""

    least: int
    middle: int
    most: int


class GroupOutlook(EngineModel):
    """A group's placements over the seeds, of `pupils`; `ratio` is its share placed against the best-off group's.

    Under 0.8 the four-fifths rule of 29 CFR 1607.4(D) sees a sign of adverse impact (`adverse`); null where nobody is placed.
    """

    group: str
    pupils: int
    placed: Spread
    ratio: float | None
    adverse: bool


class ShareOutlook(EngineModel):
    """What comes of one share of places by lot; `groups` holds pupils of no group under an empty code."""

    lottery_percent: int
    placed: Spread
    first_wishes: Spread
    unfilled: Spread
    groups: tuple[GroupOutlook, ...]


class OutlookOutput(EngineModel):
    """By share, in the order asked."""

    shares: tuple[ShareOutlook, ...]


@engine(
    "summerjobs.placement_outlook",
    version="1.0.0",
    summary="Spread of a draw's results over other seeds and more places by lot, with shares placed by group",
    source=(
        "Lottery share against employers' choice: IZA DP 17737 (Boston); ratio of selection rates: Uniform Guidelines on "
        "Employee Selection Procedures, 29 CFR 1607.4(D)"
    ),
)
def placement_outlook(inp: OutlookInput, *, seed: int) -> OutlookOutput:
    """Run the draw once for each seed and share; `seed` is not used. A share of a post's places rounds up for the lot."""
    check(inp.placement)
    if len(set(inp.lottery_percent)) < len(inp.lottery_percent):
        raise EngineInputError.at("a share is there twice", "lottery_percent")
    return OutlookOutput(shares=tuple(_share(inp, percent) for percent in inp.lottery_percent))


def with_lottery(posts: Sequence[Post], percent: int) -> tuple[Post, ...]:
    """Posts with `percent` of the employer's places, rounded up, given by lot."""
    return tuple(
        post.model_copy(update={"chosen": post.chosen - -(-post.chosen * percent // 100)}) for post in posts
    )


def _share(inp: OutlookInput, percent: int) -> ShareOutlook:
    runs = [_run(inp, percent, each) for each in inp.seeds]
    places = sum(post.places for post in inp.placement.posts)
    counts = [_by_group(rules, seats) for rules, seats in runs]
    groups = [
        (group, every, [count[group][0] for count in counts]) for group, (_placed, every) in sorted(counts[0].items())
    ]
    return ShareOutlook(
        lottery_percent=percent,
        placed=_spread([len(seats) for _rules, seats in runs]),
        first_wishes=_spread([_firsts(rules, seats) for rules, seats in runs]),
        unfilled=_spread([places - len(seats) for _rules, seats in runs]),
        groups=tuple(_groups(groups)),
    )


def _run(inp: OutlookInput, percent: int, public_seed: str) -> tuple[Rules, dict[int, tuple[int, int]]]:
    posts = with_lottery(inp.placement.posts, percent)
    rules = rules_of(inp.placement.model_copy(update={"public_seed": public_seed, "posts": posts}))
    return rules, Matching(rules).run()


def _by_group(rules: Rules, seats: dict[int, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    alone = {each.id for each in rules.inp.pupils if not each.groups}
    placed = sum(1 for pupil in seats if rules.pupils[pupil] in alone)
    return {**by_group(rules, seats), **({"": (placed, len(alone))} if alone else {})}


def _firsts(rules: Rules, seats: dict[int, tuple[int, int]]) -> int:
    return sum(1 for pupil, (post, _slot) in seats.items() if rules.wishes[pupil][:1] == (post,))


def _groups(groups: list[tuple[str, int, list[int]]]) -> list[GroupOutlook]:
    """Shares compared by whole numbers over all seeds, so that no rounding decides on 0.8."""
    best_placed, best_every = 0, 1
    for _group, every, placed in groups:
        if sum(placed) * best_every > best_placed * every:
            best_placed, best_every = sum(placed), every
    found = []
    for group, every, placed in groups:
        above, below = sum(placed) * best_every, every * best_placed
        found.append(GroupOutlook(
            group=group, pupils=every, placed=_spread(placed), ratio=above / below if below else None,
            adverse=below > 0 and 5 * above < 4 * below,
        ))
    return found


def _spread(values: list[int]) -> Spread:
    ordered = sorted(values)
    return Spread(least=ordered[0], middle=ordered[(len(ordered) - 1) // 2], most=ordered[-1])
