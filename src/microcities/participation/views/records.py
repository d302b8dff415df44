"""Pages of one participation: entering it, its proof, its evidence, and the second person's decision."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.evidence.models import EvidenceRow
from microcities.evidence.registry import REGISTRY
from microcities.participation.actions.records import (
    confirm_record,
    enrol_person,
    record_completion,
    record_drop_out,
    record_start,
    reject_record,
)
from microcities.participation.forms import CompletionForm, DropOutForm, EnrolForm, ReasonForm, StartForm
from microcities.participation.models import ListImport, Participation
from microcities.participation.rules import (
    may_change_own_people,
    may_change_record,
    may_confirm,
    may_confirm_records,
    may_reject,
    may_see_lists,
    may_see_records,
)
from microcities.participation.tables import who
from microcities.people.models import Person
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.ui.pages import form_page, page


def _record_of(request: HttpRequest, number: int) -> Participation:
    """The record, for whoever may see it; for anybody else there is none of that number."""
    visible = Participation.objects.visible_to(account_of(request))
    return get_object_or_404(visible.select_related("person", "organisation", "activity", "host"), pk=number)


def _crumbs(record: Participation, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    activity = reverse("participation:activity", args=[record.activity.code])
    return [(_("Home"), "/"), (_("Activities"), reverse("participation:activities")), (str(record.activity), activity),
            *steps]


@allow(may_see_records)
def record(request: HttpRequest, number: int) -> HttpResponse:
    """One participation with its proof, what it counts towards, and what may be done with it now."""
    account, found = account_of(request), _record_of(request, number)
    _log_look(request, found)
    rows = EvidenceRow.objects.known_at(None).filter(source="participation", record_id=found.pk).order_by("measure")
    context: dict[str, Any] = {
        "record": found, "name": who(found), "crumbs": _crumbs(found, (who(found), "")),
        "fundings": found.fundings.select_related("funding_source").order_by("pk"),
        "evidence": [(REGISTRY.measures[row.measure].title, row) for row in rows if row.measure in REGISTRY.measures],
        "may_change": may_change_record(account, found), "may_confirm": may_confirm(account, found),
        "may_reject": may_reject(account, found),
        "history": reverse("trail:row", args=["participation_participation", found.pk]),
        "came_from": ListImport.objects.visible_to(account).filter(pk=found.batch_id or 0).exists() and may_see_lists(account),
    }
    return page(request, "participation/record.html", context)


def _log_look(request: HttpRequest, found: Participation) -> None:
    """Note the look at a minor, unless it is one's own record."""
    if found.person is not None and found.person_id != account_of(request).person_id:
        log_look(found.person, reason="participation.record", what=_("a participation"))


@allow(may_change_own_people, methods=("GET", "POST"))
def enrol(request: HttpRequest, public_id: str) -> HttpResponse:
    """Enter a person into an activity of the own organisation."""
    account = account_of(request)
    person = get_object_or_404(Person.objects.visible_to(account).current(), public_id=public_id)
    form = EnrolForm(request.POST or None, account=account)
    if form.is_valid():
        values = dict(form.cleaned_data)
        source = values.pop("funding_source")
        with refusals_on(form):
            made = enrol_person(actor=account, person=person, fundings=(source,) if source else (), **values)
            messages.success(request, _("The participation is entered. Somebody else has to confirm it."))
            return redirect("participation:record", made.pk)
    log_look(person, reason="participation.record", what=_("a participation"))
    return page(request, "participation/enrol.html", {"form": form, "person": person})


def _decide(request: HttpRequest, number: int, act: Callable[[], object], said: str) -> HttpResponse:
    try_to(act, request, said)
    return redirect("participation:record", number)


@allow(may_confirm_records, methods=("POST",))
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm a record that somebody else brought."""
    found = _record_of(request, number)
    return _decide(
        request, number, lambda: confirm_record(actor=account_of(request), record=found), _("The record is confirmed.")
    )


@allow(may_confirm_records, methods=("GET", "POST"))
def reject(request: HttpRequest, number: int) -> HttpResponse:
    """Reject a record, with a reason."""
    found = _record_of(request, number)
    return _form_page(
        request, found, ReasonForm, _("Reject the record"), _("The record is rejected and counts no more."),
        lambda values: reject_record(actor=account_of(request), record=found, **values),
    )


@allow(may_change_own_people, methods=("GET", "POST"))
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Say that somebody who applied has started."""
    found = _record_of(request, number)
    return _form_page(
        request, found, StartForm, _("Started"), _("The start is recorded."),
        lambda values: record_start(actor=account_of(request), record=found, **values),
    )


@allow(may_change_own_people, methods=("GET", "POST"))
def complete(request: HttpRequest, number: int) -> HttpResponse:
    """Say that somebody has completed."""
    found = _record_of(request, number)
    return _form_page(
        request, found, CompletionForm, _("Completed"), _("The completion is recorded."),
        lambda values: record_completion(actor=account_of(request), record=found, **values),
    )


@allow(may_change_own_people, methods=("GET", "POST"))
def drop_out(request: HttpRequest, number: int) -> HttpResponse:
    """Say that somebody has dropped out."""
    found = _record_of(request, number)
    return _form_page(
        request, found, DropOutForm, _("Dropped out"), _("The drop-out is recorded."),
        lambda values: record_drop_out(actor=account_of(request), record=found, **values),
    )


def _form_page(
    request: HttpRequest, found: Participation, form_class: Any, title: str, said: str,
    act: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """A page that asks for one thing about a record, does it, and goes back to the record."""
    form = form_class(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            act(form.cleaned_data)
            messages.success(request, said)
            return redirect("participation:record", found.pk)
    _log_look(request, found)
    back = reverse("participation:record", args=[found.pk])
    way = _crumbs(found, (who(found), back), (title, ""))
    return form_page(request, form, title=f"{title}: {who(found)}", button=_("Save"), back=back, crumbs=way)
