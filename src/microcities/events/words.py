"""Events in words: how they stand, and how many places there are."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from microcities.events.models import Attendance, Event, EventLanguage, EventState, RegistrationState
from microcities.events.rules import may_register_now
from microcities.ui.components import StatusKind
from microcities.ui.numbers import format_number

REGISTRATION_KINDS: dict[str, StatusKind] = {
    RegistrationState.CONFIRMED: "good", RegistrationState.OFFERED: "warning", RegistrationState.WAITING: "info",
}
ATTENDANCE_KINDS: dict[str, StatusKind] = {Attendance.ATTENDED: "good", Attendance.NO_SHOW: "bad"}
SCAN_KINDS: dict[str, StatusKind] = {
    "checked_in": "good", "known": "info", "unknown": "bad", "not_confirmed": "bad", "cancelled_since": "warning",
    "wrong_time": "bad", "not_announced": "bad",
}
LANGUAGES: dict[str, "str | Promise"] = dict(EventLanguage.choices)


def language_words(codes: Iterable[str]) -> str:
    """Languages by name."""
    return ", ".join(str(LANGUAGES.get(code, code)) for code in codes)


def scan_words() -> dict[str, str]:
    """What became of a scan, by outcome."""
    return {
        "checked_in": _("checked in"), "known": _("was checked in already"), "unknown": _("no such code"),
        "not_confirmed": _("has no confirmed place"), "cancelled_since": _("place given back after this scan, not counted"),
        "wrong_time": _("the time is not that of the event"), "not_announced": _("the event is not announced or is cancelled"),
    }


def state_words(event: Event, now: datetime) -> tuple[str, StatusKind]:
    """(how registration stands, kind of status) of an event that knows how many places are `taken`."""
    if event.state == EventState.CANCELLED:
        return _("cancelled"), "bad"
    if event.state == EventState.DRAFT:
        return _("draft"), "warning"
    if event.ends_at <= now:
        return _("over"), "neutral"
    if not may_register_now(event, now):
        opens = event.registration_opens_at
        return (_("registration not open yet"), "info") if opens and now < opens else (_("registration closed"), "neutral")
    if event.capacity is None or event.is_drop_in:
        return _("open for registration"), "good"
    free = event.capacity - event.taken  # type: ignore[attr-defined]  # annotated
    if free > 0:
        numbers = {"free": format_number(free), "all": format_number(event.capacity)}
        return _("%(free)s of %(all)s places free") % numbers, "good"
    return _("full, waiting list"), "warning"
