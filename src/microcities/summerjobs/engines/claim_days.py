"""Which days of a claim count, for how many minutes, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from microcities.summerjobs.engines.claim_input import AbsenceRule, ClaimedPupil, ClaimInput, Day, EarlierDay, Supervision
from microcities.summerjobs.engines.claim_money import CountedDay
from microcities.summerjobs.engines.claim_output import Finding

NEVER_SUBSIDISED = AbsenceRule(code="-", paid=False, subsidised=False)


class SupervisedDay(NamedTuple):
    """A pupil on a day with a supervisor, in the order in which grants are given: earlier claims, disability, pupil."""

    supervisor: str
    on: date
    is_new: bool
    without_disability: bool
    pupil: str


class PupilDays(NamedTuple):
    """A pupil's days of this claim that count, those of earlier claims, and the findings."""

    now: tuple[CountedDay, ...]
    before: tuple[CountedDay, ...]
    findings: tuple[Finding, ...]


class Judge:
    """Judges all days of a claim; built once, so that days paid before and supervisors are looked up and not searched."""

    def __init__(self, inp: ClaimInput) -> None:
        self.inp = inp
        self.absences = {each.code: each for each in inp.rules.absences}
        kept = [each for each in inp.earlier if each.claim not in (inp.claim, inp.corrects)]
        self.before: dict[str, list[EarlierDay]] = {}
        for each in kept:
            self.before.setdefault(each.pupil, []).append(each)
        self.taken = {(each.pupil, each.on): each.claim for each in kept}
        self.grants, self.crowded = self._grants(kept)

    def judged(self, pupil: ClaimedPupil) -> PupilDays:
        """The days of one pupil, in order of time."""
        findings: list[Finding] = []
        before = tuple(self._earlier(pupil))
        left = pupil.agreement.minutes - sum(day.subsidised for day in before) if pupil.agreement else 0
        now, over = [], 0
        for day in sorted(pupil.days, key=lambda each: each.on):
            problem = self._refusal(pupil, day)
            if problem is not None:
                findings.append(problem)
                continue
            paid, covered = self._minutes(day)
            if day.claimed > paid:
                findings.append(_too_much(pupil, day, paid))
            subsidised = min(covered, max(left, 0))
            over += covered - subsidised
            left -= subsidised
            now.append(CountedDay(day.on, paid, subsidised, self.grants.get((pupil.id, day.on), Fraction(0))))
        findings += self._of_the_whole(pupil, now, over)
        return PupilDays(tuple(now), before, tuple(findings))

    def _earlier(self, pupil: ClaimedPupil) -> Iterator[CountedDay]:
        for each in self.before.get(pupil.id, ()):
            if each.same_agreement:
                grant = self.grants.get((pupil.id, each.on), Fraction(0))
                yield CountedDay(each.on, each.paid, each.subsidised, grant)

    def _refusal(self, pupil: ClaimedPupil, day: Day) -> Finding | None:
        """Why a day does not count at all; None if it does."""
        if pupil.agreement is None:
            return Finding(code="no_agreement", reduces=True, pupil=pupil.id, on=day.on)
        if not self.inp.first_on <= day.on <= self.inp.last_on:
            return Finding(code="outside_period", reduces=True, pupil=pupil.id, on=day.on)
        if not pupil.agreement.first_on <= day.on <= pupil.agreement.last_on:
            return Finding(code="outside_agreement", reduces=True, pupil=pupil.id, on=day.on)
        claim = self.taken.get((pupil.id, day.on))
        return Finding(code="paid_twice", reduces=True, pupil=pupil.id, on=day.on, subject=claim) if claim else None

    def _minutes(self, day: Day) -> tuple[int, int]:
        """(minutes the employer owes pay for, minutes the subsidy covers: of these not more than were claimed)."""
        rule = self.absences.get(day.reason or "", NEVER_SUBSIDISED)
        paid = day.attended + (day.absent if rule.paid else 0)
        covered = day.attended + (day.absent if rule.subsidised and rule.paid else 0)
        return paid, min(day.claimed, covered)

    def _of_the_whole(self, pupil: ClaimedPupil, now: list[CountedDay], over: int) -> Iterator[Finding]:
        if over and pupil.agreement is not None:
            agreed = pupil.agreement.minutes
            yield Finding(code="more_than_agreed", reduces=True, pupil=pupil.id, found=agreed + over, limit=agreed)
        if self.inp.rules.supervision is not None:
            counted = {day.on for day in now if day.subsidised}
            alone = sum(day.supervisor is None and day.on in counted for day in pupil.days)
            if alone:
                yield Finding(code="no_supervisor", reduces=True, pupil=pupil.id, found=alone, limit=0)

    def _supervised(self, kept: list[EarlierDay]) -> Iterator[SupervisedDay]:
        for each in kept:
            if each.supervisor is not None and each.subsidised:
                yield SupervisedDay(each.supervisor, each.on, False, not each.disability, each.pupil)
        for pupil in self.inp.pupils:
            for day in pupil.days:
                if day.supervisor is not None and day.attended and self._refusal(pupil, day) is None:
                    yield SupervisedDay(day.supervisor, day.on, True, not pupil.disability, pupil.id)

    def _grants(self, kept: list[EarlierDay]) -> tuple[dict[tuple[str, date], Fraction], tuple[Finding, ...]]:
        """The part of the minimum wage for each pupil and day, and the supervisors with too many pupils."""
        rule = self.inp.rules.supervision
        if rule is None:
            return {}, ()
        groups: dict[tuple[str, date], list[SupervisedDay]] = {}
        for each in sorted(self._supervised(kept)):
            groups.setdefault((each.supervisor, each.on), []).append(each)
        grants: dict[tuple[str, date], Fraction] = {}
        crowded = []
        for (supervisor, on), group in groups.items():
            grants.update(_group_grants(group, rule))
            limit = _limit(group, rule)
            if len(group) > limit:
                crowded.append(
                    Finding(
                        code="supervisor_over_ratio", reduces=True, on=on, subject=supervisor, found=len(group), limit=limit
                    )
                )
        return grants, tuple(crowded)


def _too_much(pupil: ClaimedPupil, day: Day, paid: int) -> Finding:
    return Finding(
        code="claimed_more_than_attended", reduces=True, pupil=pupil.id, on=day.on, found=day.claimed, limit=paid
    )


def _limit(group: list[SupervisedDay], rule: Supervision) -> int:
    return rule.most_pupils if all(each.without_disability for each in group) else rule.most_with_disability


def _group_grants(group: list[SupervisedDay], rule: Supervision) -> Iterator[tuple[tuple[str, date], Fraction]]:
    """The first pupil with a disability has the grant of its own, each other the ordinary one, beyond the limit none."""
    special = next((each for each in group if not each.without_disability), None)
    for place, each in enumerate(group):
        share = rule.grant_disability if each is special else rule.grant
        yield (each.pupil, each.on), Fraction(share) if place < _limit(group, rule) else Fraction(0)
