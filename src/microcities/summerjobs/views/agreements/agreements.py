"""The agreement of a place: its terms, who has signed, what is still to do; and the city's list of all."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.access.guards import allow, signed_in
from microcities.access.outcome import refusals_on, try_to
from microcities.access.uploads import private_file
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look, log_shown
from microcities.summerjobs.actions.agreements import (
    bring_signed_file,
    make_agreement,
    note_medical,
    sign_agreement,
    take_signature_back,
)
from microcities.summerjobs.agreement_rules import (
    may_bring,
    may_make,
    may_note_medical,
    may_sign,
    may_take_back,
    parties_of,
)
from microcities.summerjobs.agreement_tables import agreement_table
from microcities.summerjobs.agreement_terms import is_minor_at_work, least_pay, standing_on
from microcities.summerjobs.forms.agreements import MedicalForm, SignedFileForm
from microcities.summerjobs.models import Agreement, Party, Placement, Signature
from microcities.summerjobs.rules import may_see_summer, may_see_two_sides
from microcities.summerjobs.views.draws.places import placement_of, way
from microcities.summerjobs.views.finding import desk_way, read_scheme, require_page
from microcities.summerjobs.working_days import MINUTES_OF_HOUR, Law
from microcities.ui.pages import form_page, page


def current(placement: Placement) -> Agreement | None:
    """The agreement in force, with its signatures."""
    found = placement.agreements.in_force().prefetch_related("signatures").first()
    if found is not None:
        found.placement = placement
    return found


@allow(signed_in)
def agreement(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Terms, signatures, and what this reader can do."""
    placement, account = placement_of(request, number), account_of(request)
    found, law = current(placement), Law(placement.post.host.scheme)
    context = {
        "placement": placement, "post": placement.post, "scheme": placement.post.host.scheme, "agreement": found,
        "may_make": may_make(account, placement), "lines": _lines(account, found) if found else [],
        "days": _days(found) if found else [],
        "hours": found.terms["minutes"] / MINUTES_OF_HOUR if found else 0, "pay": least_pay(placement, law),
        "wage": placement.post.host.scheme.rules.wage_in_words.in_language(get_language() or "lv"),
        "may_note": may_note_medical(account, placement) and placement.state == "accepted",
        "minor": is_minor_at_work(placement), "child": standing_on(placement, law, placement.first_on) == "child",
        "replaced": placement.agreements.filter(replaced_at__isnull=False).count(),
        "crumbs": way(request, placement, (_("Agreement"), "")),
    }
    return page(request, "summerjobs/agreements/agreement.html", context)


def _days(found: Agreement) -> list[dict[str, Any]]:
    """The days as they were agreed, by date."""
    return [
        {"on": date.fromisoformat(each["on"]), "starts": each["from"], "ends": each["to"], "minutes": each["minutes"],
         "pause": each["break"]}
        for each in found.terms["days"]
    ]


def _lines(account: Any, found: Agreement) -> list[dict[str, Any]]:
    """Each party with its signature, if there is one, and what the account may do for it."""
    signed = {each.party: each for each in found.signatures.all()}
    return [
        {
            "party": party, "label": Party(party).label, "signature": signed.get(party),
            "may_sign": may_sign(account, found, party), "may_bring": may_bring(account, found, party),
            "may_take_back": may_take_back(account, found, party),
        }
        for party in parties_of(found.placement)
    ]


@allow(may_see_two_sides, methods=("POST",))
def make(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Make the agreement from the place and its days."""
    said = _("The agreement is made. Everybody is asked to sign.")
    try_to(make_agreement, request, said, actor=account_of(request), placement=placement_of(request, number))
    return redirect("summerjobs:agreement", number)


def _found(request: HttpRequest, number: uuid.UUID) -> Agreement:
    found = current(placement_of(request, number))
    if found is None:
        raise Http404(_("There is no agreement yet."))
    return found


@allow(signed_in, methods=("POST",))
def sign(request: HttpRequest, number: uuid.UUID, party: str) -> HttpResponse:
    """Sign the very terms that were shown: their digest comes with the button."""
    found = _found(request, number)
    if request.POST.get("terms") != found.terms_sha256:
        messages.error(request, _("The terms have changed. Read them again before you sign."))
        return redirect("summerjobs:agreement", number)
    try_to(sign_agreement, request, _("Signed. Thank you."), actor=account_of(request), agreement=found, party=party)
    return redirect("summerjobs:agreement", number)


@allow(signed_in, methods=("POST",))
def take_back(request: HttpRequest, number: uuid.UUID, party: str) -> HttpResponse:
    """Take the own signature back."""
    found = _found(request, number)
    try_to(take_signature_back, request, _("Taken back."), actor=account_of(request), agreement=found, party=party)
    return redirect("summerjobs:agreement", number)


@allow(may_see_two_sides, methods=("GET", "POST"))
def bring(request: HttpRequest, number: uuid.UUID, party: str) -> HttpResponse:
    """Add a file that a party has signed."""
    found, account = _found(request, number), account_of(request)
    require_page(may_bring(account, found, party))
    form = SignedFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form, "file"):
            bring_signed_file(actor=account, agreement=found, party=party, **form.cleaned_data)
            messages.success(request, _("The signed file is kept."))
            return redirect("summerjobs:agreement", number)
    title, back = _("Add a signed file"), reverse("summerjobs:agreement", args=[number])
    steps = way(request, found.placement, (_("Agreement"), back), (title, ""))
    return form_page(
        request, form, title=title, button=_("Save"), back=back, crumbs=steps, lead=str(Party(party).label)
    )


@allow(signed_in)
def signed_file(request: HttpRequest, number: int) -> FileResponse:
    """The file, for both sides of the agreement; a look at a minor's is logged."""
    account = account_of(request)
    found = get_object_or_404(Signature.objects.select_related("agreement__placement__person").exclude(file=""), pk=number)
    placement = found.agreement.placement
    if not Placement.objects.visible_to(account).filter(pk=placement.pk).exists():
        raise Http404
    if placement.person_id != account.person_id:
        log_look(placement.person, reason="summerjobs.placement", what=_("a signed agreement"))
    return private_file(found.file.name, found.name)


@allow(may_see_two_sides, methods=("GET", "POST"))
def medical(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The day of the medical check or the doctor's note."""
    found, account = placement_of(request, number), account_of(request)
    require_page(may_note_medical(account, found))
    form = MedicalForm(request.POST or None, initial={"medical_on": found.medical_on})
    if form.is_valid():
        with refusals_on(form, "medical_on"):
            note_medical(actor=account, placement=found, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("summerjobs:agreement", number)
    title, back = _("Medical check or doctor's note"), reverse("summerjobs:agreement", args=[number])
    steps = way(request, found, (_("Agreement"), back), (title, ""))
    hint = _("Only the day is kept. What the paper says stays with the pupil.")
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=steps, lead=found.person.name, hint=hint)


@allow(may_see_summer)
def agreements(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """Accepted places of a scheme with the state of their agreements."""
    scheme = read_scheme(request, number)
    standing = Agreement.objects.in_force().filter(placement=OuterRef("pk"))
    rows = Placement.objects.filter(post__host__scheme=scheme, state="accepted").annotate(
        version=Subquery(standing.values("version")[:1]),
        signed=Subquery(standing.annotate(count=Count("signatures")).values("count")[:1]),
    )
    table = agreement_table(rows, request.GET)
    if table.export_format:
        return table.export(f"agreements-{scheme.year}")
    log_shown(table.page.rows, _("agreements on summer work"), lambda row: (row.person,))
    context = {"scheme": scheme, "table": table, "crumbs": desk_way(scheme, (_("Work agreements"), ""))}
    return page(request, "summerjobs/agreements/list.html", context, part="table")
