"""Taking attendance: by the list, by QR code, by code read aloud, and from a phone that was offline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.events.actions.registrations import lock_event
from microcities.events.models import Attendance, Attendee, CheckInWay, Event, EventState
from microcities.events.rules import may_manage
from microcities.people.models import Account
from microcities.trail.context import change

# People come early, and phones are wrong by minutes.
EARLIEST_CHECK_IN = timedelta(hours=4)
LATEST_CHECK_IN = timedelta(hours=12)


@dataclass(frozen=True)
class Scan:
    """One code read by a phone at an instant of the phone's clock; `way` where it differs from that of the others."""

    code: str
    at: datetime
    way: CheckInWay | None = None


@dataclass(frozen=True)
class ScanOutcome:
    """What became of a scan: `checked_in`, `known` (was there already), `unknown` code, `not_confirmed`, `cancelled_since`
    (the place was given back after the scan; a person settles that), `wrong_time`, `not_announced` (or cancelled)."""

    code: str
    outcome: str
    attendee: Attendee | None = None


def take_attendance(*, actor: Account, event: Event, came: Sequence[int], stayed_away: Sequence[int]) -> int:
    """Write attendance by the list: keys of attendees who came and who did not; the rest stays unknown. Returns changes."""
    with change("events.take_attendance", actor=actor):
        locked = _locked_begun(actor, event)
        changed = 0
        for keys, attendance in ((came, Attendance.ATTENDED), (stayed_away, Attendance.NO_SHOW)):
            people = Attendee.objects.filter(event=locked, pk__in=keys, cancelled_at__isnull=True)
            if people.count() != len(set(keys)):
                raise RefusedError(_("Somebody on the list is no longer registered. Open the list anew."))
            values = {"attendance": attendance, "check_in_way": CheckInWay.LIST, "checked_in_by_id": actor.pk}
            values["checked_in_at"] = timezone.now() if attendance == Attendance.ATTENDED else None
            changed += people.exclude(attendance=attendance).update(**values)
        return changed


def check_in(*, actor: Account, event: Event, code: str, way: CheckInWay = CheckInWay.CODE) -> Attendee:
    """Check one person in by code. Whoever only waits for a place is not let in by it. Raises RefusedError."""
    (outcome,) = sync_scans(actor=actor, event=event, scans=[Scan(code, timezone.now())], way=way)
    if outcome.outcome not in {"checked_in", "known"}:
        raise RefusedError(REASONS[outcome.outcome]())
    return Attendee.objects.get(event=event, code=plain_code(code))


REASONS = {
    "unknown": lambda: _("No attendee of this event has this code. Check the event and the letters."),
    "not_confirmed": lambda: _("This person has no confirmed place."),
    "cancelled_since": lambda: _("The place was given back after this scan. Ask the person whether they are there."),
    "wrong_time": lambda: _("The event is not on now."),
    "not_announced": lambda: _("Attendance is taken at announced events only."),
}


def sync_scans(
    *, actor: Account, event: Event, scans: Iterable[Scan], way: CheckInWay = CheckInWay.QR
) -> list[ScanOutcome]:
    """Write what a phone has scanned, perhaps offline and perhaps sent before. The earliest time of each person stands."""
    with change("events.sync_scans", actor=actor):
        require(may_manage(actor, event))
        locked = lock_event(event)
        people = {
            attendee.code: attendee
            for attendee in Attendee.objects.filter(event=locked).select_related("registration__organisation", "person")
        }
        return [
            ScanOutcome(scan.code, _written(actor, locked, attendee, scan, way), attendee)
            for scan in scans for attendee in [people.get(plain_code(scan.code))]
        ]


def plain_code(text: str) -> str:
    """A code as it is kept: capitals, without the spaces and dashes that people put in."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def _written(actor: Account, event: Event, attendee: Attendee | None, scan: Scan, way: CheckInWay) -> str:
    if attendee is None:
        return "unknown"
    # A phone's clock that runs ahead must not let anybody come in the future.
    at = min(scan.at, timezone.now())
    if refused := _reason_against(event, attendee, at):
        return refused
    if attendee.attendance == Attendance.ATTENDED and attendee.checked_in_at and attendee.checked_in_at <= at:
        return "known"
    was_known = attendee.attendance == Attendance.ATTENDED
    attendee.attendance, attendee.checked_in_at = Attendance.ATTENDED, at
    attendee.check_in_way, attendee.checked_in_by_id = scan.way or way, actor.pk
    attendee.save(update_fields=["attendance", "checked_in_at", "check_in_way", "checked_in_by_id"])
    return "known" if was_known else "checked_in"


def _reason_against(event: Event, attendee: Attendee, at: datetime) -> str:
    """Why a scan of this instant lets nobody in; empty when it does. The later of a scan and a cancellation stands."""
    if event.state != EventState.PUBLISHED:
        return "not_announced"
    if attendee.cancelled_at and at < attendee.cancelled_at:
        return "cancelled_since"
    if attendee.cancelled_at or attendee.seat is None or attendee.registration.state != "confirmed":
        return "not_confirmed"
    if not event.starts_at - EARLIEST_CHECK_IN <= at <= event.ends_at + LATEST_CHECK_IN:
        return "wrong_time"
    return ""


def _locked_begun(actor: Account, event: Event) -> Event:
    require(may_manage(actor, event))
    locked = lock_event(event)
    if locked.state != EventState.PUBLISHED:
        raise RefusedError(_("Attendance is taken at announced events only."))
    if timezone.now() < locked.starts_at - EARLIEST_CHECK_IN:
        raise RefusedError(_("The event has not begun. Attendance can be taken from four hours before."))
    return locked
