"""What a pupil still lacks of a criterion, from the counted encounters of the days that count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from microcities.careers.engines.benchmark_cohorts import Calendar, Due, Span
from microcities.careers.engines.benchmark_input import Criterion, Encounter, Group, Interpretation, Pupil

Met = Mapping[str, Mapping[str, Sequence[Encounter]]]


class Lack(NamedTuple):
    """How many are still needed, of them through the curriculum, and (where values are asked) which may fill it."""

    short: int = 0
    linked: int = 0
    values: tuple[str, ...] = ()

    @property
    def none(self) -> bool:
        return self.short == 0 and self.linked == 0


NOTHING = Lack()


class Offer(NamedTuple):
    """The features of an encounter, held or proposed, on which criteria depend."""

    kind: str
    provider_kind: str | None = None
    subject: str | None = None
    stem: bool = False
    curriculum_linked: bool = False


class Standing(NamedTuple):
    """One pupil and one criterion: what is lacking, what was attended, counted or not, whether time is over."""

    due: Due
    lack: Lack
    met: bool
    counted: tuple[Encounter, ...] = ()
    uncounted: tuple[Encounter, ...] = ()
    too_late: bool = False


def by_kind_and_pupil(encounters: Iterable[Encounter], since: Mapping[str, date]) -> Met:
    """Encounters by kind and pupil: of the kinds named, from the day on which they can begin to count."""
    found: dict[str, defaultdict[str, list[Encounter]]] = {kind: defaultdict(list) for kind in since}
    for encounter in encounters:
        kind = encounter.kind
        if kind in since and encounter.on >= since[kind]:
            bucket = found[kind]
            for pupil in encounter.pupils:
                bucket[pupil].append(encounter)
    return found


def interpretation_of(pupil: Pupil, criterion: Criterion, day: date) -> Interpretation | None:
    """How the criterion is read for this pupil on the day, if not as for everybody."""
    for each in pupil.interpretations:
        if each.criterion != criterion.code:
            continue
        if (each.valid_from is None or each.valid_from <= day) and (each.valid_to is None or day <= each.valid_to):
            return each
    return None


def standing(criterion: Criterion, due: Due, met: Met, calendar: Calendar, read: Interpretation | None) -> Standing:
    """Judge one pupil of the cohort; each span must hold enough, what can still be mended is the last one."""
    if read is not None and read.effect == "met_otherwise":
        return Standing(due, NOTHING, True)
    usable = [
        each
        for kind in criterion.kinds
        for each in met[kind].get(due.pupil.id, ())
        if not criterion.is_choosy or fits(criterion, each)
    ]
    if len(due.spans) == 1 and criterion.window != "after_leaving":
        return _in_one_span(criterion, due, usable, calendar, read)
    lacks = [
        NOTHING if criterion.window == "after_leaving" and calendar.at_school(due.pupil, span)
        else lack_in(criterion, due.group, _within(usable, span), read)
        for span in due.spans
    ]
    if all(lack.none for lack in lacks):
        return Standing(due, NOTHING, True)
    missed_before = any(not lack.none for lack in lacks[:-1])
    return Standing(
        due,
        lacks[-1],
        met=False,
        counted=tuple(_within(usable, due.spans[-1])),
        uncounted=tuple(_within(usable, due.spans[-1], counted=False)),
        too_late=missed_before or due.deadline < calendar.day,
    )


def _in_one_span(
    criterion: Criterion, due: Due, usable: Sequence[Encounter], calendar: Calendar, read: Interpretation | None
) -> Standing:
    """The usual case, without the detour over several spans."""
    counted = _within(usable, due.spans[0])
    lack = lack_in(criterion, due.group, counted, read)
    if lack.none:
        return Standing(due, NOTHING, True)
    uncounted = _within(usable, due.spans[0], counted=False)
    return Standing(due, lack, False, tuple(counted), tuple(uncounted), due.deadline < calendar.day)


def fits(criterion: Criterion, encounter: Encounter) -> bool:
    """True if an encounter of the right kind has what the criterion asks of every one."""
    if criterion.stem_only and not encounter.stem:
        return False
    if criterion.provider_kinds and encounter.provider_kind not in criterion.provider_kinds:
        return False
    return not (criterion.without_part_time_jobs and encounter.part_time_job)


def lack_in(
    criterion: Criterion, group: Group, counted: Sequence[Encounter], read: Interpretation | None = None
) -> Lack:
    """What counted encounters leave open; `read` may ask for fewer."""
    values = {_value(criterion, each) for each in counted}
    if wanted := wanted_values(criterion, group):
        missing = tuple(value for value in wanted if value not in values)
        needed = min(read.count, len(wanted)) if read else len(wanted)
        short = max(0, needed - (len(wanted) - len(missing)))
        return Lack(short, 0, missing) if short else NOTHING
    needed = min(read.count, criterion.count) if read else criterion.count
    linked = len({_value(criterion, each) for each in counted if each.curriculum_linked})
    return Lack(max(0, needed - len(values)), max(0, min(needed, criterion.linked_count) - linked))


def wanted_values(criterion: Criterion, group: Group) -> tuple[str, ...]:
    """The values each of which is needed: those of the criterion, or the subjects of the class."""
    return tuple(sorted(set(group.subjects))) if criterion.each_own_subject else criterion.each_of


def after(criterion: Criterion, lack: Lack, offer: Offer) -> Lack:
    """What is lacking after one more counted encounter, with a host not met before."""
    if lack.none or offer.kind not in criterion.kinds or (criterion.stem_only and not offer.stem):
        return lack
    if criterion.provider_kinds and offer.provider_kind not in criterion.provider_kinds:
        return lack
    if lack.values:
        left = tuple(value for value in lack.values if value != offered_value(criterion, offer))
        return lack if len(left) == len(lack.values) else Lack(lack.short - 1, 0, left)
    return Lack(max(0, lack.short - 1), max(0, lack.linked - 1) if offer.curriculum_linked else lack.linked)


def offered_value(criterion: Criterion, offer: Offer) -> str | None:
    """The value by which the criterion tells encounters apart, of an offer."""
    by = "subject" if criterion.each_own_subject else criterion.distinct_by
    return {"kind": offer.kind, "provider_kind": offer.provider_kind, "subject": offer.subject}.get(by)


def _value(criterion: Criterion, encounter: Encounter) -> str | None:
    """The value by which encounters are told apart; an unnamed host is a host of its own."""
    by = "subject" if criterion.each_own_subject else criterion.distinct_by
    if by == "encounter":
        return encounter.id
    if by == "host":
        return encounter.host or f"\0{encounter.id}"
    value: str | None = getattr(encounter, by)
    return value


def _within(encounters: Iterable[Encounter], span: Span, *, counted: bool = True) -> list[Encounter]:
    first, last = span
    return [each for each in encounters if first <= each.on <= last and counted is not bool(each.failed_checks)]
