"""Draws of a scheme: what everybody sees of them, and the steps of draw day for the city."""

import json

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microcities.access.guards import allow, public
from microcities.access.outcome import refusals_on, try_to
from microcities.decisions.engine import run_engine
from microcities.decisions.rules import may_see_decisions
from microcities.people.sign_in import account_of
from microcities.summerjobs.actions.draws import enter_seed, freeze_draw, publish_draw, run_draw, set_draw_aside
from microcities.summerjobs.draw_rules import may_freeze, may_publish, may_run, may_seed, may_set_aside
from microcities.summerjobs.draw_story import Story, says_of_pupils
from microcities.summerjobs.forms.draws import CodeForm, SeedForm
from microcities.summerjobs.forms.posts import group_names
from microcities.summerjobs.forms.schemes import ReasonForm
from microcities.summerjobs.models import Application, Draw
from microcities.summerjobs.placement_tables import line_table
from microcities.summerjobs.rules import may_open_desk, may_run_summer, may_see_summer, runs_scheme
from microcities.summerjobs.views.finding import require_page, run_scheme, scheme_of, scheme_way
from microcities.ui.pages import Crumbs, form_page, page

# Other seeds that are tried before the draw, and the shares of employers' places given by lot instead.
TRIED, SHARES = 9, (0, 100)


def draw_of(request: HttpRequest, number: int) -> Draw:
    """The draw, for whoever may see it: a published one everybody."""
    rows = Draw.objects.visible_to(request.user).select_related("scheme__city", "scheme__organisation", "run")
    return get_object_or_404(rows, pk=number)


def run_of(request: HttpRequest, number: int) -> Draw:
    """The draw, for who runs its scheme; 403 for others."""
    found = draw_of(request, number)
    require_page(runs_scheme(account_of(request), found.scheme))
    return found


def way(draw: Draw, *steps: tuple[str, str]) -> Crumbs:
    """The way by the scheme's draws."""
    scheme = draw.scheme
    here = reverse("summerjobs:draw", args=[draw.pk]) if steps else ""
    draws = (_("Draws"), reverse("summerjobs:draws", args=[scheme.pk]))
    return scheme_way(scheme, draws, (str(draw.number), here), *steps)


@public
def draws(request: HttpRequest, number: int) -> HttpResponse:
    """Every draw of a scheme with its digest, seed and state; a digest is public before anybody knows the seed."""
    scheme = scheme_of(request, number)
    rows = list(scheme.draws.defer("frozen_input").order_by("number"))
    seen = set(Draw.objects.visible_to(request.user).filter(scheme=scheme).values_list("pk", flat=True))
    context = {
        "scheme": scheme, "lines": [(each, each.pk in seen) for each in rows], "may_freeze": may_freeze(request.user, scheme),
        "runs": runs_scheme(request.user, scheme),
        "unchecked": Application.objects.sent().filter(scheme=scheme, checked_at__isnull=True).count(),
        "crumbs": scheme_way(scheme, (_("Draws"), "")),
    }
    return page(request, "summerjobs/draws/draws.html", context)


@allow(may_run_summer, methods=("POST",))
def freeze(request: HttpRequest, number: int) -> HttpResponse:
    """Fix what goes into the draw."""
    scheme = run_scheme(request, number)
    said = _("The input is frozen. Publish its digest, then have the seed drawn.")
    try_to(freeze_draw, request, said, actor=account_of(request), scheme=scheme)
    return redirect("summerjobs:draws", number)


@public
def draw(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """One draw: its steps for the city; after it is published its result by codes for everybody."""
    found, account = draw_of(request, number), request.user
    story = Story(found) if found.run is not None else None
    form = CodeForm(request.GET or None)
    code = request.GET.get("code", "").strip().upper()
    lines = [each for each in story.lines() if code in each.code] if story else []
    table = line_table(lines, request.GET) if story else None
    if table and table.export_format:
        return table.export(f"draw-{found.scheme.year}-{found.number}")
    staff = may_open_desk(account, found.scheme)
    context = {
        "draw": found, "scheme": found.scheme, "table": table, "form": form, "staff": staff,
        "output": found.run.output if found.run else None, "input": json.loads(found.frozen_input),
        "promise": story.promise() if story else [], "objections": story.objections() if story else [],
        "groups": story.groups(group_names(found.scheme)) if story and staff else [],
        "may_seed": may_seed(account, found), "may_run": may_run(account, found), "may_publish": may_publish(account, found),
        "may_set_aside": may_set_aside(account, found), "may_download": may_download(request, found),
        "may_see_file": bool(found.run) and staff and may_see_decisions(account), "crumbs": way(found),
    }
    return page(request, "summerjobs/draws/draw.html", context, part="table")


def may_download(request: HttpRequest, found: Draw) -> bool:
    """Everybody where the file tells nothing of pupils but wishes; else the city and the auditor alone."""
    if may_open_desk(request.user, found.scheme):
        return True
    return found.published_at is not None and not says_of_pupils(found)


@public
def draw_file(request: HttpRequest, number: int) -> HttpResponse:
    """What went into the draw as a file for `microcities engine run summerjobs.placement`."""
    found = draw_of(request, number)
    if not found.public_seed or not may_download(request, found):
        raise Http404(_("This file is not open to everybody."))
    data = json.loads(found.frozen_input) | {"public_seed": found.public_seed}
    response = HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="draw-{found.scheme.year}-{found.number}.json"'
    return response


@allow(may_see_summer)
def outlook(request: HttpRequest, number: int) -> HttpResponse:
    """Before the draw: how far other seeds would change it, and what more places by lot would do."""
    found = draw_of(request, number)
    require_page(may_open_desk(account_of(request), found.scheme))
    data = json.loads(found.frozen_input) | {"public_seed": "outlook"}
    seeds = [f"outlook {each}" for each in range(1, TRIED + 1)]
    shares = SHARES if any(each["chosen"] for each in data["posts"]) else SHARES[:1]
    asked = {"placement": data, "seeds": seeds, "lottery_percent": shares}
    names = dict(group_names(found.scheme)) | {"": _("no group")}
    result = run_engine("summerjobs.placement_outlook", asked, 0).output if data["pupils"] and data["posts"] else {"shares": []}
    context = {
        "draw": found, "scheme": found.scheme, "tried": TRIED, "crumbs": way(found, (_("Before the draw"), "")),
        "shares": [(each, [(names.get(group["group"], group["group"]), group) for group in each["groups"]])
                   for each in result["shares"]],
    }
    return page(request, "summerjobs/draws/outlook.html", context)


@allow(may_run_summer, methods=("GET", "POST"))
def seed(request: HttpRequest, number: int) -> HttpResponse:
    """Enter the seed and where it comes from."""
    found, account = run_of(request, number), account_of(request)
    require_page(may_seed(account, found))
    form = SeedForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            enter_seed(actor=account, draw=found, **form.cleaned_data)
            messages.success(request, _("The seed is entered. Now run the draw."))
            return redirect("summerjobs:draw", number)
    title, back = _("Enter the seed"), reverse("summerjobs:draw", args=[number])
    hint = _("The seed cannot be changed afterwards. The digest of the input was fixed before it.")
    return form_page(
        request, form, title=title, button=_("Save"), back=back, crumbs=way(found, (title, "")), lead=str(found.scheme),
        hint=hint,
    )


STEPS = {
    "run": (run_draw, gettext_lazy("The draw has run. Look at it, then publish it or set it aside.")),
    "publish": (publish_draw, gettext_lazy("The draw is published. Pupils and guardians are written to.")),
}


@allow(may_run_summer, methods=("POST",))
def step(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Run or publish the draw."""
    act, said = STEPS[name]
    try_to(act, request, said, actor=account_of(request), draw=run_of(request, number))
    return redirect("summerjobs:draw", number)


@allow(may_run_summer, methods=("GET", "POST"))
def set_aside(request: HttpRequest, number: int) -> HttpResponse:
    """Do not use the draw; the reason is published."""
    found, account = run_of(request, number), account_of(request)
    require_page(may_set_aside(account, found))
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "reason"):
            set_draw_aside(actor=account, draw=found, **form.cleaned_data)
            messages.success(request, _("The draw is set aside. It stays in the list with the reason."))
            return redirect("summerjobs:draws", found.scheme_id)
    title, back = _("Set the draw aside"), reverse("summerjobs:draw", args=[number])
    return form_page(
        request, form, title=title, button=title, back=back, crumbs=way(found, (title, "")), lead=str(found.scheme)
    )
