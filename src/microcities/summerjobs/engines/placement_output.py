"""What a draw of summer places answers: placements, reasons, waiting lists, and the certificate of its fairness."""

from __future__ import annotations

from typing import Literal

from microcities.decisions.engine import EngineModel

Outcome = Literal["placed", "held", "closed", "full"]
LimitKind = Literal["post", "supervisor", "employer", "fund"]
WhyNot = Literal["crossing_limits", "unequal_costs", "short_lists", "refill"]
Fault = Literal["over_limit", "closed_post", "not_wished", "wasted", "envy"]


class Wish(EngineModel):
    """What became of one wish. `limit` says of what no place was left, `limit_of` which one by its code.

    `limit` is empty on a full post only where the certificate objects.

    `last_number` is the highest lot admitted to the post's open places, null where none was admitted by lot; `reason` is
    the code for which the post was closed.
    """

    post: str
    outcome: Outcome
    reason: str = ""
    limit: LimitKind | Literal[""] = ""
    limit_of: str = ""
    last_number: int | None = None


class Answer(EngineModel):
    """One pupil's result: lot `number`, the place if any (`rank` is the wish's, from 1), and every wish down to it."""

    pupil: str
    number: int
    post: str | None
    slot: str = ""
    rank: int | None = None
    wishes: tuple[Wish, ...]


class PostResult(EngineModel):
    """One post: how many of its places are taken, by kind, and who waits for it in what order."""

    post: str
    places: int
    taken: int
    by_slot: dict[str, int]
    waiting: tuple[str, ...]


class Objection(EngineModel):
    """One thing against the rules that the certificate found: whom it wrongs, at which post, and in whose favour."""

    fault: Fault
    pupil: str
    post: str
    instead: str = ""


class Certificate(EngineModel):
    """Found by a check of its own, which knows the result and the rules and not how the result was reached."""

    stable: bool
    claims_checked: int
    exceptions: tuple[Objection, ...]


class Guarantee(EngineModel):
    """True when no pupil can gain by naming other wishes than the true ones; otherwise why that is not promised."""

    strategy_proof: bool
    why_not: tuple[WhyNot, ...]
    crossing: tuple[str, ...] = ()


class Figures(EngineModel):
    """Counts of pupils and places; `by_rank[0]` got their first wish. STEM: of first wishes, of places, of placements."""

    pupils: int
    placed: int
    places: int
    by_rank: tuple[int, ...]
    by_group: dict[str, tuple[int, int]]
    stem_first_wishes: int
    stem_places: int
    stem_placed: int


class PlacementOutput(EngineModel):
    """The draw's result; pupils by lot, posts by code."""

    answers: tuple[Answer, ...]
    posts: tuple[PostResult, ...]
    figures: Figures
    guarantee: Guarantee
    certificate: Certificate
