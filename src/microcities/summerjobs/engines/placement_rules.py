"""The draw's rules in numbers: who comes before whom for which kind of place, and which limits bind which posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from microcities.summerjobs.engines.placement_input import CHOSEN, OPEN, PlacementInput, Post
from microcities.summerjobs.engines.placement_lottery import numbers
from microcities.summerjobs.engines.placement_output import LimitKind


@dataclass(frozen=True)
class Limit:
    """`most` units over the posts in `costs` (a post's index to what a place takes): places one by one, or money in cents.

    `kind` is post, supervisor, employer or fund; `name` is the code of the one that it is.
    """

    kind: LimitKind
    name: str
    most: int
    costs: dict[int, int]
    money: bool = False

    @property
    def posts(self) -> frozenset[int]:
        return frozenset(self.costs)


@dataclass(frozen=True)
class Rules:
    """Everything by index: pupils in the order of their lots, posts in the order of their codes.

    `order[pupil]` is the place in the common order (tier, then lot). `slots` are the kinds of places in the order in which they
    are filled: reserves by group, the employer's choice, open. `quota[slot][post]` bounds all kinds but the open one.
    """

    inp: PlacementInput
    pupils: tuple[str, ...]
    posts: tuple[Post, ...]
    order: tuple[int, ...]
    wishes: tuple[tuple[int, ...], ...]
    closed: tuple[dict[int, str], ...]
    held: dict[int, tuple[int, int]]
    slots: tuple[str, ...]
    quota: tuple[dict[int, int], ...]
    ranking: dict[tuple[int, int], int]
    limits: tuple[Limit, ...]
    number: tuple[int, ...]
    member: tuple[frozenset[int], ...]
    limits_of: tuple[tuple[int, ...], ...] = field(repr=False)

    @property
    def open(self) -> int:
        """The index of the open kind of place, the last."""
        return len(self.slots) - 1

    def key(self, slot: int, pupil: int, post: int) -> int | None:
        """The claim of a pupil to a kind of place at a post: lower comes first; None without a claim."""
        if slot == self.open:
            return self.order[pupil]
        if post not in self.quota[slot]:
            return None
        if slot == self.open - 1:
            return self.ranking.get((pupil, post))
        return self.order[pupil] if pupil in self.member[slot] else None


def rules_of(inp: PlacementInput) -> Rules:
    """Number everything; the order in which pupils or posts were listed has no influence."""
    number = numbers(inp.pupils, inp.public_seed, inp.draw)
    pupils = sorted(inp.pupils, key=lambda each: number[each.id])
    posts = tuple(sorted(inp.posts, key=lambda each: each.id))
    post_at = {each.id: index for index, each in enumerate(posts)}
    pupil_at = {each.id: index for index, each in enumerate(pupils)}
    ranked = sorted(range(len(pupils)), key=lambda index: (pupils[index].tier, index))
    order = [0] * len(pupils)
    for place, index in enumerate(ranked):
        order[index] = place
    slots = (*inp.groups, CHOSEN, OPEN)
    limits = tuple(_limits(inp, posts))
    limits_of: list[list[int]] = [[] for _ in posts]
    for index, limit in enumerate(limits):
        for post in limit.costs:
            limits_of[post].append(index)
    return Rules(
        inp=inp, pupils=tuple(each.id for each in pupils), posts=posts, order=tuple(order),
        wishes=tuple(tuple(post_at[wish] for wish in each.wishes) for each in pupils),
        closed=tuple({post_at[shut.post]: shut.reason for shut in each.closed} for each in pupils),
        held={
            index: (post_at[each.held.post], slots.index(each.held.slot))
            for index, each in enumerate(pupils) if each.held is not None
        },
        slots=slots, quota=tuple(_quota(slots, posts)), ranking=_ranking(posts, pupil_at), limits=limits,
        number=tuple(number[each.id] for each in pupils), limits_of=tuple(tuple(each) for each in limits_of),
        member=tuple(
            frozenset(index for index, each in enumerate(pupils) if slot in each.groups) for slot in inp.groups
        ),
    )


def _quota(slots: tuple[str, ...], posts: tuple[Post, ...]) -> Iterator[dict[int, int]]:
    for group in slots[:-2]:
        yield {
            index: kept.places for index, post in enumerate(posts) for kept in post.reserved if kept.group == group
        }
    yield {index: post.chosen for index, post in enumerate(posts) if post.chosen}


def _ranking(posts: tuple[Post, ...], pupil_at: dict[str, int]) -> dict[tuple[int, int], int]:
    return {
        (pupil_at[pupil], index): place
        for index, post in enumerate(posts) if post.chosen for place, pupil in enumerate(post.ranking)
    }


def _limits(inp: PlacementInput, posts: tuple[Post, ...]) -> Iterator[Limit]:
    """The post's own places first, then supervisors', employers' and funds' limits that can bind at all."""
    for index, post in enumerate(posts):
        yield Limit("post", post.id, post.places, {index: 1})
    for name, most, found in _supervised(inp, posts):
        if sum(posts[index].places for index in found) > most:
            yield Limit("supervisor", name, most, dict.fromkeys(found, 1))
    for name, most, found in _employed(inp, posts):
        if sum(posts[index].places for index in found) > most:
            yield Limit("employer", name, most, dict.fromkeys(found, 1))
    for fund in sorted(inp.funds, key=lambda each: each.id):
        costs = {index: post.cost_cents for index, post in enumerate(posts) if post.fund == fund.id and post.cost_cents}
        if sum(posts[index].places * cost for index, cost in costs.items()) > fund.budget_cents:
            yield Limit("fund", fund.id, fund.budget_cents, costs, money=True)


def _employed(inp: PlacementInput, posts: tuple[Post, ...]) -> Iterator[tuple[str, int, list[int]]]:
    of: dict[str, list[int]] = {}
    for index, post in enumerate(posts):
        of.setdefault(post.employer, []).append(index)
    for each in sorted(inp.employers, key=lambda each: each.id):
        if each.most is not None:
            yield each.id, each.most, of.get(each.id, [])


def _supervised(inp: PlacementInput, posts: tuple[Post, ...]) -> Iterator[tuple[str, int, list[int]]]:
    """For every supervisor, the posts that run on the same day: one limit for each first day of a period."""
    periods = {each.id: each for each in inp.periods}
    of: dict[str, list[int]] = {}
    for index, post in enumerate(posts):
        if post.supervisor is not None:
            of.setdefault(post.supervisor, []).append(index)
    for each in sorted(inp.supervisors, key=lambda each: each.id):
        seen: set[tuple[int, ...]] = set()
        for day in sorted({periods[posts[index].period].first_on for index in of.get(each.id, ())}):
            running = tuple(
                index for index in of[each.id]
                if periods[posts[index].period].first_on <= day <= periods[posts[index].period].last_on
            )
            if running not in seen:
                seen.add(running)
                yield each.id, each.most, list(running)


def crossing(limits: tuple[Limit, ...]) -> tuple[str, ...]:
    """Names of limits over several posts that overlap without one holding the other; with none, they form a tree."""
    wide = sorted((each for each in limits if len(each.costs) > 1), key=lambda each: (-len(each.costs), each.name))
    inside: dict[int, int] = {}
    found: set[str] = set()
    for number, limit in enumerate(wide):
        around = {inside.get(post) for post in limit.costs}
        if len(around) > 1:
            found |= {limit.name, *(wide[each].name for each in around if each is not None)}
        inside.update(dict.fromkeys(limit.costs, number))
    return tuple(sorted(found))
