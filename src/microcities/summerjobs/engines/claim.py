"""Checks an employer's claim for a period of summer work and computes what is paid, from which source, to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from microcities.decisions.engine import EngineInputError, engine
from microcities.summerjobs.engines.claim_books import aid_note, amounts_of, corrections, entries, paid_amounts, within_budget
from microcities.summerjobs.engines.claim_days import Judge, PupilDays
from microcities.summerjobs.engines.claim_input import ClaimedPupil, ClaimInput
from microcities.summerjobs.engines.claim_money import Amounts, CountedDay, Terms, by_month
from microcities.summerjobs.engines.claim_output import ClaimOutput, Finding, Line, SourceTotal


@engine(
    "summerjobs.claim",
    version="1.0.0",
    summary="An employer's claim for summer work: pay due, subsidy, supervisor's grant, checks, corrections and entries",
    source=(
        "Cabinet Regulation No. 656 of 24 November 2015, sections 2 and 3 (minimum wage and normal hours of a month); State "
        "Employment Agency on its summer scheme (half of the minimum wage, a tenth for a supervisor, 10 pupils); Regulations "
        "(EU) No 1407/2013 and 2023/2831. Cents and fractions; rounded once for a pupil's month, half a cent up"
    ),
    rulebooks=("summerjobs.minimum_wage", "summerjobs.employer_contribution", "summerjobs.scheme"),
)
def claim(inp: ClaimInput, *, seed: int) -> ClaimOutput:
    """Amounts in cents. A month split into claims comes to the same sum (see `claim_money`). Deterministic."""
    _check(inp)
    judge = Judge(inp)
    lines: list[Line] = []
    findings = list(_of_the_claim(inp))
    for pupil in sorted(inp.pupils, key=lambda each: each.id):
        days = judge.judged(pupil)
        terms = _terms(pupil, inp)
        findings += days.findings
        findings += _of_pay(terms, days)
        lines += _lines(terms, days)
    kept, sources, cuts = _within_budgets(lines, inp)
    now, before = amounts_of(kept), paid_amounts(inp.paid_before)
    total, paid = sum(now.values()), sum(before.values())
    return ClaimOutput(
        claim=inp.claim,
        lines=tuple(kept),
        sources=sources,
        total=total,
        paid_before=paid,
        to_pay=total - paid,
        findings=(*findings, *judge.crowded, *cuts),
        corrections=corrections(before, now) if inp.corrects else (),
        entries=entries(inp, before, now),
        aid=aid_note(inp, total),
    )


def _check(inp: ClaimInput) -> None:
    sources = [source.code for source in inp.rules.sources]
    _once(sources, "rules", "sources")
    _once([pupil.id for pupil in inp.pupils], "pupils")
    absences = [each.code for each in inp.rules.absences]
    if inp.last_on < inp.first_on:
        raise EngineInputError.at("the last day is before the first", "last_on")
    for index, pupil in enumerate(inp.pupils):
        if pupil.source not in sources:
            raise EngineInputError.at(f"there is no source {pupil.source}", "pupils", index, "source")
        _once([day.on.isoformat() for day in pupil.days], "pupils", index, "days")
        for number, day in enumerate(pupil.days):
            if day.absent and day.reason not in absences:
                raise EngineInputError.at("absence without a known reason", "pupils", index, "days", number, "reason")
            if day.attended + day.absent > 1440:
                raise EngineInputError.at("more than a day has", "pupils", index, "days", number, "absent")
    if inp.paid_before and inp.corrects is None:
        raise EngineInputError.at("amounts paid before, but no claim that is corrected", "paid_before")
    for index, line in enumerate(inp.paid_before):
        if line.source not in sources:
            raise EngineInputError.at(f"there is no source {line.source}", "paid_before", index, "source")


def _once(codes: list[str], *place: str | int) -> None:
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if code in seen:
            raise EngineInputError.at(f"{code} stands twice", *place, index)
        seen.add(code)


def _terms(pupil: ClaimedPupil, inp: ClaimInput) -> Terms:
    return Terms(pupil, inp.rules, next(each for each in inp.rules.sources if each.code == pupil.source))


def _of_the_claim(inp: ClaimInput) -> Iterator[Finding]:
    if inp.submitted_on > inp.due_on:
        late = (inp.submitted_on - inp.due_on).days
        yield Finding(code="late_claim", reduces=False, on=inp.submitted_on, found=late, limit=0)
    if inp.host.undertaking and inp.host.aid_basis is None:
        yield Finding(code="aid_basis_missing", reduces=False, subject=inp.host.code)
    for pupil in inp.pupils:
        if pupil.agreement is None and not pupil.days:
            yield Finding(code="no_agreement", reduces=True, pupil=pupil.id)


def _of_pay(terms: Terms, days: PupilDays) -> Iterator[Finding]:
    """What was agreed below the minimum, paid below what is due, and leave without any day worked."""
    pupil = terms.pupil
    agreed = pupil.agreement.monthly if pupil.agreement else None
    paid = {each.month: each.cents for each in pupil.paid}
    leave = _leave(terms, days)
    for month, worked in by_month(days.now).items():
        minimum = max(terms.minimum(day.on) for day in worked)
        if agreed is not None and agreed < minimum:
            yield Finding(
                code="wage_below_minimum", reduces=False, pupil=pupil.id, month=month, found=agreed, limit=minimum
            )
        due = terms.amounts([*by_month(days.before).get(month, []), *worked]).pay + leave.get(month, 0)
        if month in paid and paid[month] < due:
            yield Finding(code="underpaid", reduces=False, pupil=pupil.id, month=month, found=paid[month], limit=due)
    if pupil.leave_hundredths and not leave:
        yield Finding(code="leave_without_work", reduces=True, pupil=pupil.id, found=pupil.leave_hundredths, limit=0)


def _leave(terms: Terms, days: PupilDays) -> dict[str, int]:
    """Unused leave in the last month with a day of this claim that is paid; empty where there is none."""
    worked = [day for day in days.now if day.paid]
    if not terms.pupil.leave_hundredths or not worked:
        return {}
    return {list(by_month(worked))[-1]: terms.leave_cents([*days.before, *worked])}


def _lines(terms: Terms, days: PupilDays) -> Iterator[Line]:
    """One line for each month: the whole month so far less what earlier claims had of it."""
    before, leave = by_month(days.before), _leave(terms, days)
    for month, worked in by_month(days.now).items():
        earlier: list[CountedDay] = before.get(month, [])
        whole = terms.amounts([*earlier, *worked], leave.get(month, 0))
        yield _line(terms, month, worked, whole.less(terms.amounts(earlier)))


def _line(terms: Terms, month: str, worked: Sequence[CountedDay], found: Amounts) -> Line:
    cost = found.pay + found.leave + found.contributions
    return Line(
        pupil=terms.pupil.id,
        month=month,
        source=terms.source.code,
        minutes=sum(day.paid for day in worked),
        subsidised_minutes=sum(day.subsidised for day in worked),
        pay=found.pay,
        leave=found.leave,
        contributions=found.contributions,
        cost=cost,
        subsidy=found.subsidy,
        own=cost - found.subsidy,
        supervisor=found.supervisor,
    )


def _within_budgets(
    lines: Sequence[Line], inp: ClaimInput
) -> tuple[list[Line], tuple[SourceTotal, ...], tuple[Finding, ...]]:
    kept = list(lines)
    totals, cuts = [], []
    for source in inp.rules.sources:
        mine, total, cut = within_budget(lines, source)
        totals.append(total)
        for place, line in mine.items():
            kept[place] = line
        if cut is not None:
            cuts.append(cut)
    return kept, tuple(totals), tuple(cuts)
