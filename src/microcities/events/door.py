"""What a phone at the door is given and sends back: a signed list of ticket digests, and scans with their times.

The list names nobody: it holds SHA-256 digests of tickets' codes with a salt of its own, cut to 64 bits. The phone tells by it,
without a connection, whether a ticket is of this event. The signature goes with each scan, and the server learns from it when
the list was given: a scan cannot be older than its list. How long ago a scan was made is told by the phone's clock alone, from
the scan to the sending; whether that clock is right does not matter.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.events.actions.attendance import Scan, plain_code
from microcities.events.models import Attendee, CheckInWay, Event

SIGNED_AS = "microcities.events.door"
MOST_SCANS = 200
LONGEST_CODE = 20
# Scans of a camp of several days may come in one go.
LIST_HOLDS = timedelta(days=14)
WAYS = {"qr": CheckInWay.QR, "code": CheckInWay.CODE}


class ScansUnreadableError(RefusedError):
    """What a phone sent cannot be read; the reason says what is wrong, and nothing of it is written."""


def ticket_digest(salt: str, code: str) -> str:
    """Sixteen hexadecimal digits that tell of a ticket on a list."""
    return hashlib.sha256(f"{salt}{code}".encode()).hexdigest()[:16]


def door_list(event: Event) -> dict[str, Any]:
    """The list as it stands: `salt`, `tickets` (digests in order), `digest` of all of it, by which the phone sees that it is
    whole, `issued_at`, `signature` over digest, event and time, `came` and `expected`."""
    confirmed = Attendee.objects.filter(event=event).confirmed()
    salt, issued = secrets.token_hex(8), timezone.now().isoformat()
    tickets = sorted(ticket_digest(salt, code) for code in confirmed.values_list("code", flat=True))
    digest = hashlib.sha256("".join([salt, *tickets]).encode()).hexdigest()
    seal = {"event": str(event.uid), "issued": issued, "digest": digest}
    return {
        "salt": salt, "tickets": tickets, "digest": digest, "issued_at": issued,
        "signature": signing.dumps(seal, salt=SIGNED_AS), "came": confirmed.attended().count(), "expected": len(tickets),
    }


def read_scans(event: Event, sent: Any, now: datetime) -> list[tuple[str, Scan]]:
    """Scans with the phone's own ids, at the server's time.

    `sent`: {"list": signature, "sent_at": time, "scans": [{"id", "code", "at", "way"}]}. Raises ScansUnreadableError.
    """
    seal = _seal(str(sent.get("list", ""))) if isinstance(sent, dict) else None
    if seal is None or seal["event"] != str(event.uid):
        raise ScansUnreadableError(_("These scans were not checked against a list of this event. Open the page anew."))
    scans, sent_at = sent.get("scans"), _moment(sent.get("sent_at"))
    if not isinstance(scans, list) or not 1 <= len(scans) <= MOST_SCANS or sent_at is None:
        raise ScansUnreadableError(_("Send from 1 to %(most)s scans, each with its time.") % {"most": MOST_SCANS})
    issued = datetime.fromisoformat(seal["issued"])
    return [_scan(each, sent_at, issued, now) for each in scans]


def _scan(each: Any, sent_at: datetime, issued: datetime, now: datetime) -> tuple[str, Scan]:
    at = _moment(each.get("at")) if isinstance(each, dict) else None
    if at is None or not 1 <= len(str(each.get("code", ""))) <= LONGEST_CODE:
        raise ScansUnreadableError(_("A scan has no code or no time."))
    # Its age by one clock, taken from ours; never in the future, never before the list was given.
    moment = max(min(now - (sent_at - at), now), min(issued, now))
    return str(each.get("id", ""))[:40], Scan(plain_code(str(each["code"])), moment, WAYS.get(each.get("way")))


def _seal(signature: str) -> dict[str, str] | None:
    try:
        found: dict[str, str] = signing.loads(signature, salt=SIGNED_AS, max_age=LIST_HOLDS)
    except signing.BadSignature:
        return None
    return found


def _moment(text: Any) -> datetime | None:
    """An instant with its zone; None when it is none."""
    try:
        moment = parse_datetime(str(text))
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
