"""A check of a draw's result that shares only the rules with the draw: limits kept, nothing wasted, no justified envy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from microcities.summerjobs.engines.placement_output import Certificate, Fault, Objection
from microcities.summerjobs.engines.placement_rules import Rules

Standing = tuple[int, int, int]  # kind of place, key within it, pupil
MOST_LISTED = 1_000


class Checker:
    """Reads a result once and then answers for every claim in constant time where limits form a tree."""

    def __init__(self, rules: Rules, seats: dict[int, tuple[int, int]]) -> None:
        self.rules, self.seats = rules, seats
        self.left = [limit.most for limit in rules.limits]
        self.kinds = [
            [slot for slot in range(rules.open) if post in rules.quota[slot]] + [rules.open] for post in range(len(rules.posts))
        ]
        self.seated: dict[tuple[int, int], int] = defaultdict(int)
        self.movable: dict[int, list[Standing]] = defaultdict(list)
        self.worst: dict[tuple[int, int], Standing] = {}
        self.last: dict[int, Standing] = {}
        for pupil, (post, slot) in seats.items():
            self.seated[post, slot] += 1
            for limit in rules.limits_of[post]:
                self.left[limit] -= rules.limits[limit].costs[post]
            if pupil not in rules.held:
                self._stand(pupil, post, slot)

    def _stand(self, pupil: int, post: int, slot: int) -> None:
        key = self.rules.key(slot, pupil, post)
        standing = (slot, -1 if key is None else key, pupil)
        self.movable[post].append(standing)
        self.worst[post, slot] = max(standing, self.worst.get((post, slot), standing))
        for limit in self.rules.limits_of[post]:
            self.last[limit] = max(standing, self.last.get(limit, standing))

    def faults(self) -> Iterator[Objection]:
        """What must never be: a limit or quota broken, a closed post given, a post nobody asked for."""
        for index, limit in enumerate(self.rules.limits):
            if self.left[index] < 0:
                yield self._exception("over_limit", None, min(limit.costs), None)
        for (post, slot), count in sorted(self.seated.items()):
            if slot != self.rules.open and count > self.rules.quota[slot].get(post, 0):
                yield self._exception("over_limit", None, post, None)
        for pupil, (post, slot) in sorted(self.seats.items()):
            if pupil in self.rules.held:
                continue
            if post in self.rules.closed[pupil] or self.rules.key(slot, pupil, post) is None:
                yield self._exception("closed_post", pupil, post, None)
            if post not in self.rules.wishes[pupil]:
                yield self._exception("not_wished", pupil, post, None)

    def dearer(self, pupil: int) -> Iterator[int]:
        """The posts a pupil would rather have than the seat it has, and may have."""
        seat = self.seats.get(pupil)
        for post in self.rules.wishes[pupil]:
            if seat is not None and post == seat[0]:
                return
            if post not in self.rules.closed[pupil]:
                yield post

    def objection(self, pupil: int, post: int) -> Objection | None:
        """Why the pupil should have had a place at the post after all; None when nothing speaks for it."""
        for slot in self.kinds[post]:
            key = self.rules.key(slot, pupil, post)
            if key is None:
                continue
            claim = (slot, key, pupil)
            if slot != self.rules.open and self.seated[post, slot] >= self.rules.quota[slot][post]:
                rival = self.worst.get((post, slot))
                if rival is not None and rival > claim:
                    return self._exception("envy", pupil, post, rival[2])
                continue
            if (found := self._over_limits(claim, post)) is not None:
                return found
        return None

    def _over_limits(self, claim: Standing, post: int) -> Objection | None:
        """A claim to a kind of place with room: only limits stand against it, and those who fill them must come first."""
        limits, left = self.rules.limits, self.left
        full = [each for each in self.rules.limits_of[post] if left[each] < limits[each].costs[post]]
        if not full:
            return self._exception("wasted", claim[2], post, None)
        for rival in self._rivals(full, post):
            if rival > claim and rival[2] == claim[2]:  # its own lesser place is what fills the limit
                return self._exception("wasted", claim[2], post, None)
            if rival > claim:
                return self._exception("envy", claim[2], post, rival[2])
        return None

    def _rivals(self, full: list[int], post: int) -> Iterable[Standing]:
        """Those whose leaving would make room under every full limit."""
        limits = self.rules.limits
        inner = min(full, key=lambda each: len(limits[each].costs))
        if len(full) == 1 and not limits[inner].money:
            return (self.last[inner],) if inner in self.last else ()
        return (
            standing
            for other in limits[inner].costs
            if all(self.left[each] + limits[each].costs.get(other, 0) >= limits[each].costs[post] for each in full)
            for standing in self.movable.get(other, ())
        )

    def _exception(self, fault: Fault, pupil: int | None, post: int, instead: int | None) -> Objection:
        rules = self.rules
        return Objection(
            fault=fault, pupil="" if pupil is None else rules.pupils[pupil], post=rules.posts[post].id,
            instead="" if instead is None else rules.pupils[instead],
        )


def certify(rules: Rules, seats: dict[int, tuple[int, int]]) -> Certificate:
    """Check a result: `stable` when nothing is broken, wasted or envied with right; at most a thousand exceptions are listed.

    Nobody has a right to a place that was held before the draw, and nobody who holds one asks for more.
    """
    checker, checked = Checker(rules, seats), 0
    found = list(checker.faults())
    for pupil in range(len(rules.pupils)):
        if pupil not in rules.held:
            for post in checker.dearer(pupil):
                checked += 1
                if (objection := checker.objection(pupil, post)) is not None:
                    found.append(objection)
    return Certificate(stable=not found, claims_checked=checked, exceptions=tuple(found[:MOST_LISTED]))
