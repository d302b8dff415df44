"""What the page at the door asks of the server: the list of tickets, and what became of scans."""

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.events.actions.attendance import ScanOutcome, sync_scans
from microcities.events.door import door_list, read_scans
from microcities.events.models import Attendee
from microcities.events.rules import may_manage_events
from microcities.events.views.organising import run_event_of
from microcities.events.words import SCAN_KINDS, scan_words
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown


@allow(may_manage_events)
def tickets(request: HttpRequest, uid: str) -> JsonResponse:
    """The list of tickets as it stands now; it names nobody."""
    return JsonResponse(door_list(run_event_of(request, uid)))


@allow(may_manage_events, methods=("POST",))
def scans(request: HttpRequest, uid: str) -> JsonResponse:
    """Write scans, perhaps of long ago and perhaps sent before; an answer to each, with the name of whoever stands there."""
    event = run_event_of(request, uid)
    try:
        found = read_scans(event, json.loads(request.body), timezone.now())
        outcomes = sync_scans(actor=account_of(request), event=event, scans=[scan for _id, scan in found])
    except ValueError:
        return _refused(_("This is no JSON."))
    except RefusedError as refusal:
        return _refused(str(refusal.reason))
    people = [each.attendee for each in outcomes if each.attendee is not None]
    log_shown(people, _("registration for an event"), lambda row: (row.person,))
    confirmed = Attendee.objects.filter(event=event).confirmed()
    answers = [_answer(number, each) for (number, _scan), each in zip(found, outcomes, strict=True)]
    return JsonResponse({"answers": answers, "came": confirmed.attended().count(), "expected": confirmed.count()})


def _answer(number: str, outcome: ScanOutcome) -> dict[str, Any]:
    who = outcome.attendee
    return {
        "id": number, "code": outcome.code, "outcome": outcome.outcome, "kind": SCAN_KINDS[outcome.outcome],
        "words": scan_words()[outcome.outcome], "name": who.person.name if who else "",
        "group": who.registration.label if who else "",
    }


def _refused(reason: str) -> JsonResponse:
    """As RFC 9457 has it."""
    problem = {"title": _("The scans are not taken"), "status": 400, "detail": reason}
    return JsonResponse(problem, status=400, content_type="application/problem+json")
