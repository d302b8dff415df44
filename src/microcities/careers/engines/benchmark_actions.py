"""The next best actions: which encounter for which class closes most of what a school still lacks.

Greedy: the step with the largest exact gain is taken, its effect is entered, and the next one is sought. One step is always
the best single step; several together need not be the best set.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from microcities.careers.engines.benchmark_input import Criterion, Encounter, Group
from microcities.careers.engines.benchmark_needs import (
    Lack,
    Offer,
    Standing,
    after,
    interpretation_of,
    lack_in,
    wanted_values,
)
from microcities.careers.engines.benchmark_output import Closed, CriterionResult, NextAction, OpenCheck
from microcities.careers.engines.benchmark_tallies import Counter, Judged


class Gain(NamedTuple):
    """What an offer does for a class: pupils who become met by criterion, and who is only brought nearer."""

    closes: dict[str, int]
    progress: int


class ClassGaps:
    """What each pupil of one class still lacks and can still get, by criterion."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.criteria: dict[str, Criterion] = {}
        self.lacks: dict[str, dict[Lack, list[str]]] = {}

    def add(self, criterion: Criterion, standing: Standing) -> None:
        """Enter a missing pupil."""
        self.criteria[criterion.code] = criterion
        self.lacks.setdefault(criterion.code, {}).setdefault(standing.lack, []).append(standing.due.pupil.id)

    def offers(self) -> list[Offer]:
        """Every kind of encounter that could help, each once."""
        found: set[Offer] = set()
        for criterion in self.criteria.values():
            found.update(_offers(criterion, self.group))
        return sorted(found, key=_order)

    def gain(self, offer: Offer) -> Gain:
        """The exact effect of one more such encounter for everybody who lacks something."""
        closes: dict[str, int] = {}
        progress = 0
        for code, lacks in self.lacks.items():
            for lack, pupils in lacks.items():
                then = after(self.criteria[code], lack, offer)
                if then.none:
                    closes[code] = closes.get(code, 0) + len(pupils)
                elif then != lack:
                    progress += len(pupils)
        return Gain(closes, progress)

    def take(self, offer: Offer) -> tuple[str, ...]:
        """Enter the effect of an encounter; the pupils whom it serves."""
        served: set[str] = set()
        for code, lacks in self.lacks.items():
            then: dict[Lack, list[str]] = {}
            for lack, pupils in lacks.items():
                left = after(self.criteria[code], lack, offer)
                if left != lack:
                    served.update(pupils)
                if not left.none:
                    then.setdefault(left, []).extend(pupils)
            self.lacks[code] = then
        return tuple(sorted(served))


def next_best_actions(
    judged: Sequence[Judged], results: Sequence[CriterionResult], counter: Counter, most: int
) -> list[NextAction]:
    """Up to `most` steps for each school, the best first."""
    if not most:
        return []
    by_school: dict[str, dict[str, ClassGaps]] = {}
    for each in judged:
        if each.criterion.window == "after_leaving":
            continue
        for standing in each.standings:
            if not standing.met and not standing.too_late:
                group = standing.due.group
                classes = by_school.setdefault(group.school, {})
                classes.setdefault(group.id, ClassGaps(group)).add(each.criterion, standing)
    thresholds = {each.criterion.code: counter.threshold(each.criterion) for each in judged}
    return [
        action
        for school, classes in sorted(by_school.items())
        for action in _steps(classes, _gaps(school, results, thresholds), most)
    ]


def _steps(classes: Mapping[str, ClassGaps], gaps: dict[str, int], most: int) -> Iterator[NextAction]:
    """The greedy walk of one school; `gaps` are the pupils still lacking to the threshold, by criterion."""
    gains = {(key, offer): gaps_of.gain(offer) for key, gaps_of in classes.items() for offer in gaps_of.offers()}
    for _step in range(most):
        best = min(gains, key=lambda step: (*_worth(gains[step], gaps), step[0], _order(step[1])), default=None)
        if best is None or not (gains[best].closes or gains[best].progress):
            return
        key, offer = best
        gain = gains[best]
        towards = _towards(gain, gaps)
        pupils = classes[key].take(offer)
        for code, closed in gain.closes.items():
            gaps[code] = max(0, gaps.get(code, 0) - closed)
        gains |= {step: classes[key].gain(step[1]) for step in gains if step[0] == key}
        yield NextAction(
            school=classes[key].group.school,
            group=key,
            kind=offer.kind,
            provider_kind=offer.provider_kind,
            subject=offer.subject,
            stem=offer.stem,
            curriculum_linked=offer.curriculum_linked,
            towards_pass=towards,
            closes=_closed(gain.closes),
            progress=gain.progress,
            pupils=pupils,
        )


def open_checks(judged: Sequence[Judged], most: int) -> list[OpenCheck]:
    """Encounters attended that do not count, by what completing their checks alone would close; best first by school."""
    found: dict[tuple[str, str], tuple[Encounter, dict[str, int]]] = {}
    for each in judged:
        for standing in each.standings:
            for encounter in standing.uncounted:
                if _closes(each.criterion, standing, encounter):
                    key = (standing.due.group.school, encounter.id)
                    _encounter, closes = found.setdefault(key, (encounter, {}))
                    closes[each.criterion.code] = closes.get(each.criterion.code, 0) + 1
    ranked = sorted(found.items(), key=lambda item: (item[0][0], -sum(item[1][1].values()), item[0][1]))
    rows: dict[str, list[OpenCheck]] = {}
    for (school, _id), (encounter, closes) in ranked:
        if len(rows.setdefault(school, [])) < most:
            rows[school].append(
                OpenCheck(
                    encounter=encounter.id,
                    kind=encounter.kind,
                    school=school,
                    checks=tuple(sorted(encounter.failed_checks)),
                    closes=_closed(closes),
                )
            )
    return [row for school in rows.values() for row in school]


def _closes(criterion: Criterion, standing: Standing, encounter: Encounter) -> bool:
    """True if this encounter, once counted, would be enough; earlier years missed under "every" stay missed."""
    due = standing.due
    if len(due.spans) > 1 and standing.too_late:
        return False
    read = interpretation_of(due.pupil, criterion, due.spans[-1].last) if due.pupil.interpretations else None
    return lack_in(criterion, due.group, (*standing.counted, encounter), read).none


def _offers(criterion: Criterion, group: Group) -> Iterator[Offer]:
    """The encounters that can count for a criterion: each wanted value, or one of the kind."""
    linked, stem = criterion.linked_count > 0, criterion.stem_only
    for kind in criterion.kinds:
        if criterion.each_own_subject:
            yield from (Offer(kind, None, subject, stem, linked) for subject in wanted_values(criterion, group))
        elif criterion.distinct_by == "subject" and criterion.each_of:
            yield from (Offer(kind, None, value, stem, linked) for value in criterion.each_of)
        elif criterion.distinct_by == "provider_kind" and criterion.each_of:
            yield from (Offer(kind, value, None, stem, linked) for value in criterion.each_of)
        else:
            yield from (Offer(kind, provider, None, stem, linked) for provider in criterion.provider_kinds or (None,))


def _gaps(school: str, results: Iterable[CriterionResult], thresholds: Mapping[str, float]) -> dict[str, int]:
    """Pupils the school lacks to the threshold of each criterion."""
    found = {}
    for result in results:
        for row in result.schools:
            if row.school == school and result.code in thresholds:
                found[result.code] = lacking_to_pass(row.tally.numerator, row.tally.denominator, thresholds[result.code])
    return found


def lacking_to_pass(numerator: int, denominator: int, threshold: float) -> int:
    """How many more pupils bring the share to the threshold."""
    needed = max(0, math.floor(threshold * denominator))
    while denominator and needed / denominator < threshold:
        needed += 1
    while needed and (needed - 1) / denominator >= threshold:
        needed -= 1
    return max(0, needed - numerator)


def _towards(gain: Gain, gaps: Mapping[str, int]) -> int:
    return sum(min(closed, gaps.get(code, 0)) for code, closed in gain.closes.items())


def _worth(gain: Gain, gaps: Mapping[str, int]) -> tuple[int, int, int]:
    """Smaller is better: towards the threshold, then pupils met, then pupils brought nearer."""
    return -_towards(gain, gaps), -sum(gain.closes.values()), -gain.progress


def _order(offer: Offer) -> tuple[str, str, str, bool, bool]:
    return offer.kind, offer.provider_kind or "", offer.subject or "", offer.stem, offer.curriculum_linked


def _closed(closes: Mapping[str, int]) -> tuple[Closed, ...]:
    return tuple(Closed(criterion=code, pupils=pupils) for code, pupils in sorted(closes.items()))
