"""What a claim means for the books: totals by source within their budgets, corrections, entries, and the state-aid note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from microcities.summerjobs.engines.claim_input import ClaimInput, Kind, PaidLine, Source
from microcities.summerjobs.engines.claim_money import divided, euros
from microcities.summerjobs.engines.claim_output import Aid, Correction, Entry, Finding, Line, SourceTotal

KINDS: tuple[Kind, ...] = ("subsidy", "supervisor")


class Key(NamedTuple):
    """What an amount is for."""

    pupil: str
    month: str
    source: str
    kind: Kind


def within_budget(lines: Sequence[Line], source: Source) -> tuple[dict[int, Line], SourceTotal, Finding | None]:
    """The lines of a source (by place) with what its budget can pay: cut by largest remainder when it does not suffice."""
    mine = {place: line for place, line in enumerate(lines) if line.source == source.code}
    weights = {2 * place + number: getattr(line, kind) for place, line in mine.items() for number, kind in enumerate(KINDS)}
    asked, left = sum(weights.values()), source.budget_left
    finding = None
    if left is not None and asked > left:
        parts = divided(left, weights)
        mine = {place: _with(line, parts[2 * place], parts[2 * place + 1]) for place, line in mine.items()}
        finding = Finding(code="budget_exceeded", reduces=True, subject=source.code, found=asked, limit=left)
    subsidy, supervisor = (sum(getattr(line, kind) for line in mine.values()) for kind in KINDS)
    total = SourceTotal(
        source=source.code,
        asked=asked,
        subsidy=subsidy,
        supervisor=supervisor,
        total=subsidy + supervisor,
        budget_left_after=None if left is None else left - subsidy - supervisor,
    )
    return mine, total, finding


def _with(line: Line, subsidy: int, supervisor: int) -> Line:
    return line.model_copy(update={"subsidy": subsidy, "supervisor": supervisor, "own": line.cost - subsidy})


def amounts_of(lines: Iterable[Line]) -> dict[Key, int]:
    """What is paid, by what it is for; amounts of nothing are left out."""
    return {
        Key(line.pupil, line.month, line.source, kind): amount
        for line in lines
        for kind in KINDS
        if (amount := getattr(line, kind))
    }


def paid_amounts(paid: Iterable[PaidLine]) -> dict[Key, int]:
    """What was paid before, lines for the same thing added up."""
    found: dict[Key, int] = {}
    for each in paid:
        key = Key(each.pupil, each.month, each.source, each.kind)
        found[key] = found.get(key, 0) + each.cents
    return found


def corrections(before: dict[Key, int], now: dict[Key, int]) -> tuple[Correction, ...]:
    """Each thing whose amount changed, once; supplements less recoveries are the change of the whole."""
    found = []
    for key in sorted(before.keys() | now.keys()):
        old, new = before.get(key, 0), now.get(key, 0)
        if old != new:
            found.append(
                Correction(
                    pupil=key.pupil,
                    month=key.month,
                    source=key.source,
                    kind=key.kind,
                    direction="supplement" if new > old else "recovery",
                    before=old,
                    now=new,
                    cents=abs(new - old),
                )
            )
    return tuple(found)


def entries(inp: ClaimInput, before: dict[Key, int], now: dict[Key, int]) -> tuple[Entry, ...]:
    """One entry for each amount to be booked; their sum is what is to be paid, to the cent."""
    accounts = {
        (source.code, kind): getattr(source, f"{kind}_account") for source in inp.rules.sources for kind in KINDS
    }
    found = []
    for key in sorted(before.keys() | now.keys()):
        difference = now.get(key, 0) - before.get(key, 0)
        if difference:
            found.append(
                Entry(
                    on=inp.booked_on,
                    account=accounts[key.source, key.kind],
                    source=key.source,
                    amount=euros(difference),
                    reference=f"{inp.claim}/{key.pupil}/{key.month}/{key.kind}",
                )
            )
    return tuple(found)


def aid_note(inp: ClaimInput, cents: int) -> Aid | None:
    """For an undertaking: the amount with its basis, for de minimis the regulation of the day of booking."""
    if not inp.host.undertaking or not cents:
        return None
    regulation = None
    if inp.host.aid_basis == "de_minimis":
        regulation = next(
            (
                each.code
                for each in inp.rules.aid_regulations
                if each.from_on <= inp.booked_on and (each.to_on is None or inp.booked_on <= each.to_on)
            ),
            None,
        )
    return Aid(cents=cents, on=inp.booked_on, basis=inp.host.aid_basis, regulation=regulation)
