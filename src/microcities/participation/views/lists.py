"""Pages of lists: bringing one, matching its columns, watching the work, looking at the differences, applying, undoing."""

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.participation.actions.lists import (
    bring_list,
    discard_list,
    match_columns,
    request_application,
    request_undo,
    resume_work,
)
from microcities.participation.actions.records import confirm_list_records
from microcities.participation.forms import BringListForm, ColumnsForm, EvidenceForm, ReasonForm
from microcities.participation.lists.progress import progress_of
from microcities.participation.models import ListImport, Participation
from microcities.participation.rules import (
    WORKING,
    may_bring_lists,
    may_change_list,
    may_confirm_records,
    may_confirm_records_of,
    may_see_lists,
)
from microcities.participation.tables import list_table, outcome_words, row_table
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.spreadsheets.reading import ListUnreadableError
from microcities.ui.pages import page


def _crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Home"), "/"), (_("Lists"), reverse("participation:lists")), *steps]


def _list_of(request: HttpRequest, number: int) -> ListImport:
    """The list, for whoever may see it; for anybody else there is none of that number."""
    visible = ListImport.objects.visible_to(account_of(request))
    return get_object_or_404(visible.select_related("organisation", "activity", "funding_source"), pk=number)


@allow(may_see_lists)
def lists(request: HttpRequest) -> HttpResponse | FileResponse:
    """All lists that the account may see, the latest first."""
    table = list_table(ListImport.objects.visible_to(account_of(request)), request.GET)
    if table.export_format:
        return table.export("lists")
    may_bring = may_bring_lists(account_of(request))
    return page(request, "participation/lists.html", {"table": table, "may_bring": may_bring}, part="table")


@allow(may_bring_lists, methods=("GET", "POST"))
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a list."""
    account = account_of(request)
    form = BringListForm(request.POST or None, request.FILES or None, account=account)
    if form.is_valid():
        try:
            with refusals_on(form, "activity"):
                return redirect("participation:list", bring_list(actor=account, **form.cleaned_data).pk)
        except ListUnreadableError as error:
            form.add_error("file", str(error))
    context = {"form": form, "crumbs": _crumbs((_("Bring a list"), ""))}
    return page(request, "participation/bring.html", context)


@allow(may_see_lists)
def list_page(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """One list: what waits to be done with it, or how far the work is, and what each row does or did."""
    account, the_list = account_of(request), _list_of(request, number)
    table = row_table(the_list, request.GET)
    if table.export_format:
        return table.export(f"list-{the_list.pk}")
    log_shown(table.page.rows, _("Rows of the list"), lambda row: (row.person,))
    waiting = Participation.objects.unconfirmed().filter(batch_id=the_list.pk).exclude(brought_by_id=account.pk)
    may_confirm = bool(may_confirm_records_of(account, the_list.organisation_id)) and the_list.state == "applied"
    context: dict[str, Any] = {
        "list": the_list, "table": table, "crumbs": _crumbs((the_list.file_name, "")),
        "outcome_words": outcome_words(the_list),
        "working": the_list.state in WORKING,
        "progress": progress_of(the_list.pk) if the_list.state in WORKING else None,
        "verbs": {verb: may_change_list(account, the_list, verb) for verb in ("match", "apply", "undo", "discard")},
        "may_confirm": may_confirm and waiting.exists(),
    }
    return page(request, "participation/list.html", context, part="table")


@allow(may_bring_lists, methods=("GET", "POST"))
def columns(request: HttpRequest, number: int) -> HttpResponse:
    """Say which column holds what; done once for each set of headings."""
    account, the_list = account_of(request), _list_of(request, number)
    if not may_change_list(account, the_list, "match"):
        return redirect("participation:list", the_list.pk)
    form = ColumnsForm(request.POST or None, the_list=the_list)
    if form.is_valid():
        match_columns(actor=account, the_list=the_list, mapping=form.mapping)
        return redirect("participation:list", the_list.pk)
    context = {
        "form": form, "list": the_list,
        "crumbs": _crumbs((the_list.file_name, reverse("participation:list", args=[number])), (_("Columns"), "")),
    }
    return page(request, "participation/columns.html", context)


def _done(request: HttpRequest, number: int, act: Callable[[], object], said: str) -> HttpResponse:
    """Do it and say so, or say why not; then back to the list."""
    try_to(act, request, said)
    return redirect("participation:list", number)


@allow(may_bring_lists, methods=("POST",))
def apply(request: HttpRequest, number: int) -> HttpResponse:
    """Apply a compared list."""
    the_list = _list_of(request, number)
    return _done(
        request, number, lambda: request_application(actor=account_of(request), the_list=the_list),
        _("The list is being applied. You can leave this page."),
    )


@allow(may_bring_lists, methods=("POST",))
def resume(request: HttpRequest, number: int) -> HttpResponse:
    """Start interrupted work again."""
    the_list = _list_of(request, number)
    return _done(
        request, number, lambda: resume_work(actor=account_of(request), the_list=the_list),
        _("The work has been started again."),
    )


@allow(may_bring_lists, methods=("POST",))
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Throw a list away; `forget` forgets how its columns were matched too."""
    the_list = _list_of(request, number)
    return _done(
        request, number,
        lambda: discard_list(
            actor=account_of(request), the_list=the_list, forget_columns="forget" in request.POST
        ),
        _("The list has been discarded. Nothing was changed."),
    )


@allow(may_bring_lists, methods=("GET", "POST"))
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take an applied list back, with a reason."""
    the_list = _list_of(request, number)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        return _done(
            request, number,
            lambda: request_undo(actor=account_of(request), the_list=the_list, reason=form.cleaned_data["reason"]),
            _("The list is being undone. You can leave this page."),
        )
    crumbs = _crumbs((the_list.file_name, reverse("participation:list", args=[number])), (_("Undo"), ""))
    return page(request, "participation/undo.html", {"form": form, "list": the_list, "crumbs": crumbs})


@allow(may_confirm_records, methods=("GET", "POST"))
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm all records of a list that somebody else brought."""
    the_list = _list_of(request, number)
    form = EvidenceForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _done(
            request, number,
            lambda: confirm_list_records(actor=account_of(request), the_list=the_list, reason=reason),
            _("The records of the list are confirmed."),
        )
    crumbs = _crumbs((the_list.file_name, reverse("participation:list", args=[number])), (_("Confirm"), ""))
    return page(request, "participation/confirm_list.html", {"form": form, "list": the_list, "crumbs": crumbs})
