"""Deferred acceptance: pupils ask for their dearest post left, and each family of posts keeps the best claims its limits allow.

Posts bound by a common limit choose together. They fill kinds of places in one order (reserves, the employer's choice,
open), each by walking the claims from the best on and taking what every limit still holds. Where limits form a tree and a
limit of money counts places of one price, this choice maximises a sum over a flow through that tree; hence claims are
substitutes and more claims never fill fewer places (Murota 2003; Hatfield and Milgrom 2005): the result is stable, best for
pupils among all stable ones, and no pupil gains by false wishes.
"""

from __future__ import annotations

from collections import defaultdict

from microcities.summerjobs.engines.placement_rules import Rules

Claim = tuple[int, int]  # pupil, post
Seat = tuple[int, int]  # post, kind of place


class Matching:
    """Seats by pupil, held ones included; built up round by round."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.family = families(rules)
        self.claims: dict[int, list[Claim]] = defaultdict(list)
        self.next_wish = [0] * len(rules.pupils)
        self.seats: dict[int, Seat] = dict(rules.held)
        self.left = [limit.most for limit in rules.limits]
        self.quota = [dict(each) for each in rules.quota]
        for post, slot in rules.held.values():
            self._take(post, slot)

    def run(self) -> dict[int, Seat]:
        """Rounds until nobody who has been refused has a wish left: the seats."""
        asking = [pupil for pupil in range(len(self.rules.pupils)) if pupil not in self.rules.held]
        while asking:
            touched = {self._ask(pupil) for pupil in asking} - {None}
            refused: list[int] = []
            for family in sorted(each for each in touched if each is not None):
                refused += self._choose(family)
            asking = refused
        return self.seats

    def _ask(self, pupil: int) -> int | None:
        """Claim the dearest post not yet asked and not closed; its family, or None when the list is at its end."""
        wishes, closed = self.rules.wishes[pupil], self.rules.closed[pupil]
        at = self.next_wish[pupil]
        while at < len(wishes) and wishes[at] in closed:
            at += 1
        self.next_wish[pupil] = at + 1
        if at >= len(wishes):
            return None
        family = self.family[wishes[at]]
        self.claims[family].append((pupil, wishes[at]))
        return family

    def _choose(self, family: int) -> list[int]:
        """Keep the best claims of a family; the pupils refused."""
        claims = self.claims[family]
        left: dict[int, int] = {}
        seated: dict[int, Seat] = {}
        for slot in range(len(self.rules.slots)):
            self._fill(slot, claims, seated, left)
        self.claims[family] = [claim for claim in claims if claim[0] in seated]
        refused = [pupil for pupil, _post in claims if pupil not in seated]
        for pupil in refused:
            self.seats.pop(pupil, None)
        self.seats.update(seated)
        return refused

    def _fill(self, slot: int, claims: list[Claim], seated: dict[int, Seat], left: dict[int, int]) -> None:
        """Seat claims to one kind of place, the best first; `left` holds what remains of the limits touched."""
        rules, limits = self.rules, self.rules.limits
        quota: dict[int, int] = {}
        is_open = slot == rules.open
        if not is_open and not self.quota[slot]:
            return
        found = []
        for pupil, post in claims:
            if pupil not in seated and (key := rules.key(slot, pupil, post)) is not None:
                found.append((key, rules.order[pupil], pupil, post))
        found.sort()
        for _key, _order, pupil, post in found:
            if not is_open and quota.setdefault(post, self.quota[slot].get(post, 0)) <= 0:
                continue
            bound = rules.limits_of[post]
            for limit in bound:
                if left.setdefault(limit, self.left[limit]) < limits[limit].costs[post]:
                    break
            else:
                for limit in bound:
                    left[limit] -= limits[limit].costs[post]
                if not is_open:
                    quota[post] -= 1
                seated[pupil] = (post, slot)

    def _take(self, post: int, slot: int) -> None:
        for limit in self.rules.limits_of[post]:
            self.left[limit] -= self.rules.limits[limit].costs[post]
        if slot != self.rules.open:
            self.quota[slot][post] = self.quota[slot].get(post, 0) - 1


def families(rules: Rules) -> list[int]:
    """For each post the lowest post it is bound to by common limits."""
    root = list(range(len(rules.posts)))

    def find(post: int) -> int:
        while root[post] != post:
            root[post] = root[root[post]]
            post = root[post]
        return post

    for limit in rules.limits:
        first, *rest = sorted(limit.costs)
        for post in rest:
            one, other = sorted((find(first), find(post)))
            root[other] = one
    return [find(post) for post in range(len(root))]
