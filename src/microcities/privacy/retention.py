"""The clocks: what is kept no longer than a rule says, shown before it happens and stopped by legal holds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.database.models import UpkeepKind
from microcities.database.upkeep import note_upkeep
from microcities.privacy.accounts import SESSION, close_accounts
from microcities.privacy.erasure import erase_persons
from microcities.privacy.letters import forget_letters_before
from microcities.privacy.models import LegalHold, RetentionStart
from microcities.privacy.reach import Ids
from microcities.privacy.record import clocks_on, retention_rule
from microcities.privacy.rulebook.clocks import months_after
from microcities.privacy.ties import tied_persons
from microcities.privacy.walk import ACCOUNT, PERSON
from microcities.trail.actions import forget_rows
from microcities.trail.context import Actor, change

# Persons in one transaction of a run: few enough for short locks, many enough to ask each table once for all of them.
AT_ONCE = 200
NOTICE = "notices.Notice"


class Clock(StrEnum):
    """Which clock has run out."""

    PROGRAMME = "programme"
    CONTACT = "contact"
    ACCOUNT = "account"
    NOTICE = "notice"
    SECURITY = "security"


CLOCK_WORDS: dict[Clock, "str | Promise"] = {
    Clock.PROGRAMME: _("persons of programmes whose papers need no longer be kept"),
    Clock.CONTACT: _("persons who took part in nothing"),
    Clock.ACCOUNT: _("accounts that nobody uses"),
    Clock.NOTICE: _("old notices"),
    Clock.SECURITY: _("ended sessions and background work"),
}


@dataclass(frozen=True)
class Due:
    """One row that a clock says to erase. `last_day` is the last day of keeping; `held` is the hold that stops it."""

    clock: Clock
    number: Any
    last_day: date
    held: LegalHold | None = None


@dataclass
class Run:
    """What a run did: persons erased, accounts closed, notices and security rows removed, and what the rules refused."""

    persons: int = 0
    accounts: int = 0
    notices: int = 0
    security: int = 0
    refused: list[tuple[Any, str]] = field(default_factory=list)


def programme_last_days(on: date) -> dict[Any, date]:
    """The last day of keeping by programme number, for programmes whose clock has begun, days of holds added.

    The rule is the one in force on `on`; a clock that no rule of that day knows does not run.
    """
    found = retention_rule(on)
    if found is None:
        return {}
    known = {clock.code: clock for clock in found.clocks}
    stopped: dict[Any, int] = {}
    for hold in LegalHold.objects.filter(programme__isnull=False, from_on__lte=on):
        stopped[hold.programme_id] = stopped.get(hold.programme_id, 0) + hold.days_until(on)
    return {
        start.programme_id: known[start.clock].last_day(start.event_on, stopped.get(start.programme_id, 0))
        for start in RetentionStart.objects.filter(clock__in=known)
    }


def due(on: date) -> list[Due]:
    """Everything whose last day of keeping lies before `on`, held rows included, by clock and number."""
    ties = tied_persons()
    return [*_programme_due(on, ties), *_contact_due(on, ties), *_account_due(on), *_notice_due(on)]


def count_due(on: date) -> int:
    """How many rows a run would erase now; noted for the pages that cannot count anew at each visit."""
    found = due(on)
    free = sum(each.held is None for each in found)
    note_upkeep(UpkeepKind.RETENTION, good=free == 0, due=free, held=len(found) - free)
    return free


def _programme_due(on: date, ties: dict[Any, Ids]) -> list[Due]:
    """Persons all of whose programmes are past their last day; one programme that still counts keeps the person."""
    last_days = programme_last_days(on)
    ended = {
        person: max(last_days[programme] for programme in programmes)
        for person, programmes in ties.items()
        if programmes <= last_days.keys() and all(last_days[programme] < on for programme in programmes)
    }
    return _persons_due(Clock.PROGRAMME, on, ended, ties)


def _contact_due(on: date, ties: dict[Any, Ids]) -> list[Due]:
    """Persons tied to no programme, without an account, and known for longer than the rule allows.

    A guardian is kept as long as one of the wards is on record and the guardianship runs.
    """
    limit = months_after(on, -clocks_on(on).contact_idle_months)
    person: Any = apps.get_model(PERSON)
    idle = person.objects.filter(created_at__date__lt=limit, account__isnull=True).exclude(pk__in=ties)
    idle = idle.exclude(pk__in=_guardians(on))
    months = clocks_on(on).contact_idle_months
    ended = {
        number: months_after(timezone.localdate(created_at), months)
        for number, created_at in idle.values_list("pk", "created_at")
    }
    return _persons_due(Clock.CONTACT, on, ended, ties)


def _guardians(on: date) -> "models.QuerySet[Any]":
    guardianship: Any = apps.get_model("people.Guardianship")
    running = guardianship.objects.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=on))
    return running.filter(ward__erased_at__isnull=True).values("guardian_id")


def _persons_due(clock: Clock, on: date, ended: dict[Any, date], ties: dict[Any, Ids]) -> list[Due]:
    """Only current records: what was merged goes with the record it was merged into."""
    model: Any = apps.get_model(PERSON)
    in_use = set(_used_accounts(on).values_list("person_id", flat=True))
    current = set(model.objects.current().filter(pk__in=ended).values_list("pk", flat=True)) - in_use
    holds = list(LegalHold.objects.in_force(on).order_by("pk"))
    return [Due(clock, number, ended[number], _hold_over(number, ties, holds)) for number in sorted(current)]


def _hold_over(person: Any, ties: dict[Any, Ids], holds: Iterable[LegalHold]) -> LegalHold | None:
    programmes = ties.get(person, set())
    return next((each for each in holds if each.person_id == person or each.programme_id in programmes), None)


def _idle_since(limit: date) -> models.Q:
    return models.Q(last_used_at__date__lt=limit)


def _accounts() -> "models.QuerySet[Any]":
    model: Any = apps.get_model(ACCOUNT)
    open_accounts = model.objects.filter(is_active=True)
    return open_accounts.annotate(last_used_at=Coalesce("last_login", "joined_at"))


def _used_accounts(on: date) -> "models.QuerySet[Any]":
    """Accounts that somebody still uses: a person with one is erased on request only."""
    return _accounts().exclude(_idle_since(months_after(on, -clocks_on(on).account_idle_months)))


def _account_due(on: date) -> list[Due]:
    """Open accounts idle for longer than the rule allows, unless a role in an organisation is still running."""
    months = clocks_on(on).account_idle_months
    membership: Any = apps.get_model("people.Membership")
    with_role = membership.objects.in_force(on).exclude(role="participant").values("account_id")
    idle = _accounts().filter(_idle_since(months_after(on, -months))).exclude(pk__in=with_role).order_by("pk")
    holds = {hold.person_id: hold for hold in LegalHold.objects.in_force(on).filter(person__isnull=False)}
    return [
        Due(Clock.ACCOUNT, number, months_after(timezone.localdate(used), months), holds.get(person))
        for number, person, used in idle.values_list("pk", "person_id", "last_used_at")
    ]


def _notice_due(on: date) -> list[Due]:
    """Notices made longer ago than the rule allows, but none that still waits to be sent."""
    months = clocks_on(on).notice_months
    notice: Any = apps.get_model(NOTICE)
    old = notice.objects.made_before(months_after(on, -months)).order_by("pk")
    holds = {hold.person_id: hold for hold in LegalHold.objects.in_force(on).filter(person__isnull=False)}
    return [
        Due(Clock.NOTICE, number, months_after(timezone.localdate(made_at), months), holds.get(person))
        for number, person, made_at in old.values_list("pk", "account__person_id", "created_at")
    ]


def run(*, actor: Actor, on: date) -> Run:
    """Do what `due(on)` shows, held rows left alone. Persons are erased AT_ONCE in a transaction.

    A run that stops half-way is simply run again; what the rules refuse meanwhile is reported and left.
    """
    if on > timezone.localdate():
        raise ValueError(f"a run cannot lie in the future: {on}")
    result = Run()
    found = [each for each in due(on) if each.held is None]
    idle = {each.number for each in found if each.clock is Clock.ACCOUNT}
    with change("privacy.run_retention", actor=actor, reason=on.isoformat()):
        close_accounts(idle)
        result.accounts = len(idle)
        result.notices = _remove_notices([each.number for each in found if each.clock is Clock.NOTICE])
        forget_letters_before(months_after(on, -clocks_on(on).notice_months))
        result.security = _remove_security_rows(on)
    for clock in (Clock.PROGRAMME, Clock.CONTACT):
        numbers = [each.number for each in found if each.clock is clock]
        for start in range(0, len(numbers), AT_ONCE):
            chunk = numbers[start : start + AT_ONCE]
            _erased, refused = erase_persons(actor=actor, numbers=chunk, reason=f"retention: {clock}")
            result.persons += len(chunk) - len(refused)
            result.refused += refused
    count_due(on)
    return result


def _remove_notices(numbers: list[Any]) -> int:
    """Delete these notices, and what the history holds of their words."""
    notice: Any = apps.get_model(NOTICE)
    removed, _by_model = notice.objects.filter(pk__in=numbers).delete()
    if numbers:
        forget_rows(notice._meta.db_table, numbers)
    return int(removed)


def _remove_security_rows(on: date) -> int:
    """Remove expired sessions and background work that ended before the security clock; return how many."""
    session: Any = apps.get_model(SESSION)
    removed, _by_model = session.objects.ended(timezone.now()).delete()
    limit = months_after(on, -clocks_on(on).security_months)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs AS j WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted') "
            "AND NOT EXISTS (SELECT FROM procrastinate_events AS e WHERE e.job_id = j.id AND e.at >= %s)",
            [limit],
        )
        return removed + cursor.rowcount
