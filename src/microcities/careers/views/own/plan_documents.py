"""Documents of one's own career plan; counsellors open them while the plan is shown."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow, signed_in
from microcities.access.outcome import refusals_on, try_to
from microcities.access.uploads import private_file
from microcities.careers.actions.plan_documents import MOST_DOCUMENTS, add_document, remove_document
from microcities.careers.forms.plans import DocumentForm
from microcities.careers.models import CareerPlan, CareerPlanDocument
from microcities.careers.views.own.plan import own_plan
from microcities.careers.views.own.record import crumbs
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.privacy.rules import has_record
from microcities.ui.pages import page


@allow(has_record, methods=("GET", "POST"))
def document_new(request: HttpRequest) -> HttpResponse:
    """Add a document."""
    account, plan = account_of(request), own_plan(request)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form, "file"):
            add_document(actor=account, plan=plan, **form.cleaned_data)
            return redirect("careers:career-plan")
    title = _("Add a document")
    way = crumbs(plan.person, account, (_("Career plan"), reverse("careers:career-plan")), (title, ""))
    context = {"form": form, "title": title, "plan": plan, "most": MOST_DOCUMENTS, "crumbs": way}
    return page(request, "careers/own/document_new.html", context)


@allow(signed_in)
def document(request: HttpRequest, number: int) -> FileResponse:
    """The file, for its owner and for counsellors to whom the plan is shown; a counsellor's look at it is logged."""
    account = account_of(request)
    found = get_object_or_404(CareerPlanDocument.objects.select_related("plan__person"), pk=number)
    if found.plan.person_id != account.person_id:
        if not CareerPlan.objects.shown_to(account).filter(pk=found.plan_id).exists():
            raise Http404
        log_look(found.plan.person, reason="careers.plan", what=_("a document of a career plan"))
    return private_file(found.file.name, found.name)


@allow(has_record, methods=("POST",))
def document_remove(request: HttpRequest, number: int) -> HttpResponse:
    """The document is not needed."""
    rows = CareerPlanDocument.objects.filter(plan__person_id=account_of(request).person_id or 0)
    found = get_object_or_404(rows.select_related("plan"), pk=number)
    try_to(remove_document, request, _("The document is removed."), actor=account_of(request), document=found)
    return redirect("careers:career-plan")
