"""Who gets which summer post: a draw that anybody can repeat, and that proves of itself that nobody was passed over."""

from __future__ import annotations

from microcities.decisions.engine import engine
from microcities.summerjobs.engines.placement_certificate import certify
from microcities.summerjobs.engines.placement_input import PlacementInput, check
from microcities.summerjobs.engines.placement_matching import Matching
from microcities.summerjobs.engines.placement_output import Guarantee, PlacementOutput, WhyNot
from microcities.summerjobs.engines.placement_reasons import Reasons
from microcities.summerjobs.engines.placement_rules import Rules, crossing, rules_of


@engine(
    "summerjobs.placement",
    version="1.1.0",
    summary="Pupils' wishes against posts by deferred acceptance with public lots, reserves, ranking and limits; certified",
    source=(
        "Gale and Shapley (1962); student-project allocation: Abraham, Irving and Manlove, J. Discrete Algorithms 5 (2007) "
        "73-90; kinds of places: Kominers and Sönmez, Theoretical Economics 11 (2016) 683-710; substitutes over a flow: "
        "Murota, Discrete Convex Analysis (2003), Hatfield and Milgrom, AER 95 (2005) 913-935; short lists: Haeringer and "
        "Klijn, JET 144 (2009)"
    ),
)
def placement(inp: PlacementInput, *, seed: int) -> PlacementOutput:
    """The stable result that is best for pupils, by the lots of `public_seed`; `seed` itself is not used.

    A pupil gets one place at most. Raises EngineInputError where the input contradicts itself.
    """
    check(inp)
    rules = rules_of(inp)
    seats = Matching(rules).run()
    reasons = Reasons(rules, seats)
    return PlacementOutput(
        answers=tuple(reasons.answers()), posts=tuple(reasons.posts()), figures=reasons.figures(),
        guarantee=guarantee(rules), certificate=certify(rules, seats),
    )


def guarantee(rules: Rules) -> Guarantee:
    """Whether true wishes are every pupil's best, by what is known before the draw.

    Limits that cross or count posts of different prices break the theorem; a list cut short makes it wise to name a sure
    post; places held since an earlier round were not free to be asked for.
    """
    crossed = crossing(rules.limits)
    unequal = any(limit.money and len(set(limit.costs.values())) > 1 for limit in rules.limits)
    most = rules.inp.most_wishes
    short = most is not None and any(len(wishes) >= most for wishes in rules.wishes) and most < len(rules.posts)
    found: list[tuple[bool, WhyNot]] = [
        (bool(crossed), "crossing_limits"), (unequal, "unequal_costs"), (short, "short_lists"), (bool(rules.held), "refill"),
    ]
    why_not = tuple(code for holds, code in found if holds)
    return Guarantee(strategy_proof=not why_not, why_not=why_not, crossing=crossed)
