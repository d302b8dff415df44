"""What every pupil is told, and every post's coordinator: the lot, the last lot admitted, what was full, who waits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from microcities.summerjobs.engines.placement_output import Answer, Figures, PostResult, Wish
from microcities.summerjobs.engines.placement_rules import Rules

Seats = dict[int, tuple[int, int]]


class Reasons:
    """Reads a result once; then answers by pupil and by post."""

    def __init__(self, rules: Rules, seats: Seats) -> None:
        self.rules, self.seats = rules, seats
        self.left = [limit.most for limit in rules.limits]
        self.by_slot: dict[int, Counter[int]] = defaultdict(Counter)
        self.last: dict[int, int] = {}
        for pupil, (post, slot) in seats.items():
            self.by_slot[post][slot] += 1
            for limit in rules.limits_of[post]:
                self.left[limit] -= rules.limits[limit].costs[post]
            if slot == rules.open and pupil not in rules.held:
                self.last[post] = max(rules.number[pupil], self.last.get(post, 0))
        codes = [post.id for post in rules.posts]
        # One answer for all who were refused at a post, and one for all placed there: most of a draw's text is these.
        self.refused = [self._refused(post, code) for post, code in enumerate(codes)]
        self.placed = [
            Wish(post=code, outcome="placed", last_number=self.last.get(post)) for post, code in enumerate(codes)
        ]

    def _refused(self, post: int, code: str) -> Wish:
        """Full, or the narrowest other limit that leaves no place."""
        limits = self.rules.limits
        bound = (limits[each] for each in self.rules.limits_of[post] if self.left[each] < limits[each].costs[post])
        last, found = self.last.get(post), next(bound, None)
        if found is None:
            return Wish(post=code, outcome="full", last_number=last)
        return Wish(post=code, outcome="full", limit=found.kind, limit_of=found.name, last_number=last)

    def answers(self) -> Iterator[Answer]:
        """One answer for each pupil, by lot."""
        rules = self.rules
        for pupil, code in enumerate(rules.pupils):
            seat = self.seats.get(pupil)
            wishes = rules.wishes[pupil]
            post = None if seat is None else seat[0]
            yield Answer(
                pupil=code, number=rules.number[pupil], post=None if post is None else rules.posts[post].id,
                slot="" if seat is None else rules.slots[seat[1]],
                rank=wishes.index(post) + 1 if post is not None and post in wishes else None,
                wishes=tuple(self._wishes(pupil, post)),
            )

    def _wishes(self, pupil: int, given: int | None) -> Iterator[Wish]:
        """Every wish down to the one that came true; a pupil with a held place is told of that place only."""
        rules = self.rules
        if pupil in rules.held and given is not None:
            yield Wish(post=rules.posts[given].id, outcome="held")
            return
        closed = rules.closed[pupil]
        for post in rules.wishes[pupil]:
            if post == given:
                yield self.placed[post]
                return
            if post in closed:
                yield Wish(post=rules.posts[post].id, outcome="closed", reason=closed[post])
            else:
                yield self.refused[post]

    def posts(self) -> Iterator[PostResult]:
        """One result for each post, by code. Who waits stands in the common order, also those placed at a later wish."""
        rules = self.rules
        waiting: dict[int, list[int]] = defaultdict(list)
        for pupil in sorted(range(len(rules.pupils)), key=rules.order.__getitem__):
            if pupil in rules.held:
                continue
            seat = self.seats.get(pupil)
            for post in rules.wishes[pupil]:
                if seat is not None and post == seat[0]:
                    break
                if post not in rules.closed[pupil]:
                    waiting[post].append(pupil)
        for post, each in enumerate(rules.posts):
            counts = self.by_slot[post]
            yield PostResult(
                post=each.id, places=each.places, taken=sum(counts.values()),
                by_slot={rules.slots[slot]: counts[slot] for slot in sorted(counts)},
                waiting=tuple(rules.pupils[pupil] for pupil in waiting[post]),
            )

    def figures(self) -> Figures:
        """Counts of the whole draw; `by_group` is (placed, all) of each group that a pupil belongs to."""
        rules = self.rules
        ranks: Counter[int] = Counter()
        for pupil, (post, _slot) in self.seats.items():
            if post in rules.wishes[pupil]:
                ranks[rules.wishes[pupil].index(post)] += 1
        stem = [post.stem for post in rules.posts]
        return Figures(
            pupils=len(rules.pupils), placed=len(self.seats), places=sum(post.places for post in rules.posts),
            by_rank=tuple(ranks[rank] for rank in range(max(ranks, default=-1) + 1)), by_group=by_group(rules, self.seats),
            stem_first_wishes=sum(1 for wishes in rules.wishes if wishes and stem[wishes[0]]),
            stem_places=sum(post.places for post in rules.posts if post.stem),
            stem_placed=sum(1 for post, _slot in self.seats.values() if stem[post]),
        )


def by_group(rules: Rules, seats: Seats) -> dict[str, tuple[int, int]]:
    """Placed and all pupils of each group, whether places were reserved for it or not."""
    at = {code: index for index, code in enumerate(rules.pupils)}
    every: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    for pupil in rules.inp.pupils:
        for group in set(pupil.groups):
            every[group] += 1
            placed[group] += at[pupil.id] in seats
    return {group: (placed[group], every[group]) for group in sorted(every)}
