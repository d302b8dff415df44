"""A place that is offered: the pupil answers, the city and the employer see how it stands; and the city's list of places."""

import uuid

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microcities.access.guards import allow, signed_in
from microcities.access.outcome import refusals_on, try_to
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look, log_shown
from microcities.privacy.rules import has_record
from microcities.summerjobs.actions.placements import (
    accept_placement,
    decline_placement,
    end_placement_early,
    withdraw_placement,
)
from microcities.summerjobs.draw_rules import is_confirmed, may_answer, may_end_early, may_withdraw_placement
from microcities.summerjobs.draw_words import KINDS
from microcities.summerjobs.forms.draws import EndForm
from microcities.summerjobs.forms.schemes import ReasonForm
from microcities.summerjobs.models import Placement
from microcities.summerjobs.placement_days import days_of
from microcities.summerjobs.placement_tables import placement_table
from microcities.summerjobs.queries import own_and_wards
from microcities.summerjobs.rules import may_see_summer
from microcities.summerjobs.views.finding import crumbs, desk_way, read_scheme, require_page
from microcities.summerjobs.working_days import MINUTES_OF_HOUR, Law
from microcities.ui.pages import Crumbs, form_page, page

RELATED = (
    "person", "application", "post__host__organisation", "post__host__scheme__city", "post__host__scheme__organisation",
    "post__period", "post__supervisor__person", "draw__run",
)


def placement_of(request: HttpRequest, number: uuid.UUID) -> Placement:
    """The placement, for the pupil, the guardian, the city, and once it is accepted the employer; a look is logged."""
    account = account_of(request)
    rows = Placement.objects.filter(pk__in=Placement.objects.visible_to(account).values("pk")).select_related(*RELATED)
    found = get_object_or_404(rows, public_id=number)
    if found.person_id != account.person_id:
        log_look(found.person, reason="summerjobs.placement", what=_("a summer placement"))
    return found


def way(request: HttpRequest, placement: Placement, *steps: tuple[str, str]) -> Crumbs:
    """The way by the own summers, or by the city's list."""
    here = (str(placement.post), reverse("summerjobs:offer", args=[placement.public_id]) if steps else "")
    account, scheme = account_of(request), placement.post.host.scheme
    if placement.person_id in own_and_wards(account):
        return crumbs((_("My summer work"), reverse("summerjobs:mine")), here, *steps)
    if may_see_summer(account):
        return desk_way(scheme, (_("Placements"), reverse("summerjobs:placements", args=[scheme.pk])), here, *steps)
    host = placement.post.host
    return crumbs((str(host), reverse("summerjobs:host", args=[host.pk])), here, *steps)


@allow(signed_in)
def offer(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The place: where, when, how many hours, until when to answer, and what can be done now."""
    found, account = placement_of(request, number), account_of(request)
    days = days_of(found, Law(found.post.host.scheme))
    own = found.person_id in own_and_wards(account)
    context = {
        "placement": found, "post": found.post, "kind": KINDS[found.state], "days": len(days), "own": own,
        "hours": sum(day.minutes for day in days) / MINUTES_OF_HOUR, "longest": max((day.minutes for day in days), default=0)
        / MINUTES_OF_HOUR, "starts_at": found.post.starts_at, "may_answer": may_answer(account, found, "accept"),
        "may_withdraw": (found.state == "accepted" and may_withdraw_placement(account, found))
        or (not own and may_withdraw_placement(account, found)),
        "may_end": may_end_early(account, found), "confirmed": is_confirmed(found), "crumbs": way(request, found),
    }
    return page(request, "summerjobs/draws/offer.html", context)


ANSWERS = {
    "accept": (accept_placement, gettext_lazy("The place is yours. The agreement comes next.")),
    "decline": (decline_placement, gettext_lazy("You have declined. The place goes to the next.")),
}


@allow(has_record, methods=("POST",))
def answer(request: HttpRequest, number: uuid.UUID, name: str) -> HttpResponse:
    """Take the place, or leave it to the next."""
    act, said = ANSWERS[name]
    try_to(act, request, said, actor=account_of(request), placement=placement_of(request, number))
    return redirect("summerjobs:offer", number)


@allow(signed_in, methods=("GET", "POST"))
def withdraw(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Give the place up before the work, with the reason."""
    found, account = placement_of(request, number), account_of(request)
    require_page(may_withdraw_placement(account, found))
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "reason"):
            withdraw_placement(actor=account, placement=found, **form.cleaned_data)
            messages.success(request, _("The place is given up. It goes to the next."))
            return redirect("summerjobs:offer", number)
    title, back = _("Give the place up"), reverse("summerjobs:offer", args=[number])
    return form_page(
        request, form, title=title, button=title, back=back, crumbs=way(request, found, (title, "")), lead=str(found.post)
    )


@allow(signed_in, methods=("GET", "POST"))
def end(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The work ends before its last day."""
    found, account = placement_of(request, number), account_of(request)
    require_page(may_end_early(account, found))
    form = EndForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "last_on"):
            end_placement_early(actor=account, placement=found, **form.cleaned_data)
            messages.success(request, _("The end is noted. The place goes to the next if enough days are left."))
            return redirect("summerjobs:offer", number)
    title, back = _("End the work early"), reverse("summerjobs:offer", args=[number])
    return form_page(
        request, form, title=title, button=title, back=back, crumbs=way(request, found, (title, "")), lead=str(found.post)
    )


@allow(may_see_summer)
def placements(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """Every place that was given in a scheme."""
    scheme = read_scheme(request, number)
    table = placement_table(Placement.objects.filter(post__host__scheme=scheme), request.GET)
    if table.export_format:
        return table.export(f"placements-{scheme.year}")
    log_shown(table.page.rows, _("summer placements"), lambda row: (row.person,))
    context = {"scheme": scheme, "table": table, "crumbs": desk_way(scheme, (_("Placements"), ""))}
    return page(request, "summerjobs/draws/placements.html", context, part="table")
