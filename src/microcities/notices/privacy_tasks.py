"""Requests about personal data: whoever asked is told what happens, and the manager when nobody answers in time."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from microcities.database.models import UpkeepKind
from microcities.database.upkeep import last_upkeep
from microcities.notices.actions import notify
from microcities.notices.kinds import register_kind
from microcities.notices.worklist import Task, waits_for
from microcities.people.models import Account, Membership
from microcities.people.roles import Permission
from microcities.privacy.actions import request_answered, request_received
from microcities.privacy.models import Request, RequestKind, RequestState
from microcities.privacy.rules import handles_privacy
from microcities.trail.context import System
from microcities.ui.numbers import format_day

PRIVACY = System("privacy")
ABOUT_REQUEST = register_kind("privacy.request", gettext_lazy("Your requests about personal data"))
# To whoever has been erased: the platform keeps neither the letter nor the address.
FAREWELL = register_kind("privacy.erased", gettext_lazy("Confirmation that your data is erased"), fleeting=True)


@waits_for("privacy.nobody_answers")
def requests_nobody_answers(account: Any) -> Iterator[Task]:
    """To the programme manager: requests that are late, or that nobody is there to answer."""
    if not any(each.role == "programme_manager" for each in account.memberships_today):
        return
    today = timezone.localdate()
    late = Request.objects.open().filter(due_on__lt=today).count()
    waiting = Request.objects.open().count()
    if waiting and not Membership.objects.in_force(today).allowing(Permission.HANDLE_PRIVACY).exists():
        title, count = _("Nobody answers requests about personal data: invite a data protection officer"), waiting
    elif late:
        title, count = _("Requests about personal data are late: speak with the data protection officer"), late
    else:
        return
    yield Task(title, reverse("people:members"), count=count)


@waits_for("privacy.retention")
def retention_due(account: Any) -> Iterator[Task]:
    """What the clocks said is due when they were last counted, to whoever may start the run."""
    if not handles_privacy(account):
        return
    note = last_upkeep(UpkeepKind.RETENTION)
    if note is not None and note.facts.get("due"):
        yield Task(_("Look at what need no longer be kept"), reverse("privacy:retention"), count=note.facts["due"])


def tell_received(sender: object, request: Request, **_kwargs: object) -> None:
    """Confirm to whoever asked that the request has arrived; a receiver of privacy's signal."""
    reader = Account.objects.get(pk=request.asked_by_id)
    with translation.override(reader.language):
        due = format_day(request.due_on)
    notify(
        actor=PRIVACY, reader=reader, kind=ABOUT_REQUEST.slug,
        subject=gettext_noop("Your request number %(number)s has arrived"),
        template="notices/letters/request_received.txt", context={"number": str(request.pk), "due": due},
        dedupe_key=f"privacy.received:{request.pk}", url=_page(reader, request),
    )


def tell_answered(sender: object, request: Request, answer: str, **_kwargs: object) -> Callable[[], None]:
    """The letter about an answer, to be sent once the answer has been carried out; a receiver of privacy's signal.

    Whoever is erased by it has no account afterwards, so that letter goes to the address and holds the answer itself.
    """
    reader = Account.objects.get(pk=request.asked_by_id)
    granted = request.state == RequestState.GRANTED
    if granted and request.kind == RequestKind.ERASURE and reader.person_id == request.person_id:
        return partial(_tell_erased, reader.email, reader.language, request.pk, answer)
    return partial(_tell_answer, reader, request)


def _tell_erased(email: str, language: str, number: int, answer: str) -> None:
    notify(
        actor=PRIVACY, reader=email, language=language, kind=FAREWELL.slug,
        subject=gettext_noop("Your data is erased"), template="notices/letters/erased.txt",
        context={"number": str(number), "answer": answer}, dedupe_key=f"privacy.erased:{number}",
    )


def _tell_answer(reader: Account, request: Request) -> None:
    notify(
        actor=PRIVACY, reader=reader, kind=ABOUT_REQUEST.slug,
        subject=gettext_noop("Your request number %(number)s is answered"),
        template="notices/letters/request_answered.txt",
        context={"number": str(request.pk), "granted": request.state == RequestState.GRANTED},
        dedupe_key=f"privacy.answered:{request.pk}", url=_page(reader, request),
    )


def _page(reader: Account, request: Request) -> str:
    """The page where the request stands, in the reader's language: the own one or that of a ward."""
    with translation.override(reader.language):
        if reader.person_id == request.person_id:
            return reverse("privacy:mine")
        return reverse("privacy:mine", kwargs={"reference": request.person.public_id})


request_received.connect(tell_received, dispatch_uid="notices.privacy.received")
request_answered.connect(tell_answered, dispatch_uid="notices.privacy.answered")
