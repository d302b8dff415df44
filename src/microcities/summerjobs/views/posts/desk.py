"""The city's pages of a scheme: making and changing it, its desk, periods, money, publishing and closing."""

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.people.sign_in import account_of
from microcities.summerjobs.actions.schemes import (
    call_off_period,
    change_scheme,
    close_scheme,
    open_scheme,
    publish_scheme,
    set_fund,
    set_period,
)
from microcities.summerjobs.forms.schemes import FundForm, NewSchemeForm, PeriodForm, ReasonForm, SchemeForm
from microcities.summerjobs.models import Post, SchemeFund, SummerHost, SummerPeriod, SummerScheme
from microcities.summerjobs.queries import HostQuerySet
from microcities.summerjobs.rules import may_run_summer, may_see_summer, runs_scheme
from microcities.summerjobs.tables import host_table, post_table
from microcities.summerjobs.views.finding import crumbs, desk_way, read_scheme, run_scheme
from microcities.ui.pages import form_page, page


@allow(may_run_summer, methods=("GET", "POST"))
def scheme_new(request: HttpRequest) -> HttpResponse:
    """Open a scheme by a version of the rules."""
    account = account_of(request)
    form = NewSchemeForm(request.POST or None, account=account)
    if form.is_valid():
        with refusals_on(form, constraints={"name_taken": "name"}):
            made = open_scheme(actor=account, **form.cleaned_data)
            messages.success(request, _("The scheme is made. Add periods and money, then publish it."))
            return redirect("summerjobs:scheme-desk", made.pk)
    title, back = _("Open a summer scheme"), reverse("summerjobs:schemes")
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=crumbs((title, "")))


@allow(may_run_summer, methods=("GET", "POST"))
def scheme_change(request: HttpRequest, number: int) -> HttpResponse:
    """Change names and days of a scheme."""
    found, account = run_scheme(request, number), account_of(request)
    form = SchemeForm(request.POST or None, instance=found)
    if form.is_valid():
        with refusals_on(form, constraints={"name_taken": "name"}):
            change_scheme(actor=account, scheme=found, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("summerjobs:scheme-desk", number)
    title, back = _("Change the scheme"), reverse("summerjobs:scheme-desk", args=[number])
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=desk_way(found, (title, "")))


@allow(may_see_summer)
def desk(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """The scheme for those who run it: what it has, what waits, its employers and posts."""
    found = read_scheme(request, number)
    hosts = host_table(hosts_with_numbers(found), request.GET)
    posts = post_table(Post.objects.filter(host__scheme=found).exclude(state="draft"), request.GET, found, staff=True)
    for table, name in ((hosts, "employers"), (posts, "posts")):
        if table.export_format:
            return table.export(f"{name}-{found.year}")
    language = get_language() or "lv"
    funds = {each.code: each for each in found.funds.select_related("source")}
    context = {
        "scheme": found, "hosts": hosts, "posts": posts, "runs": runs_scheme(account_of(request), found),
        "periods": list(found.periods.all()), "idle": idle_employers(found),
        "funds": [(each.code, each.name.in_language(language), funds.get(each.code)) for each in found.rules.funding],
        "figures": Post.objects.filter(host__scheme=found, state="approved").aggregate(
            count=Count("pk"), all_places=Sum("places"), stem_places=Sum("places", filter=Q(is_stem=True))),
        "today": timezone.localdate(), "crumbs": [*list(desk_way(found))[:-1], (_("Desk"), "")],
    }
    return page(request, "summerjobs/posts/desk.html", context)


def hosts_with_numbers(scheme: SummerScheme) -> HostQuerySet:
    """Employers with their posts, places, and in how many earlier summers of the same city they took part."""
    earlier = SummerHost.objects.filter(
        organisation=OuterRef("organisation"), state="approved", scheme__organisation=scheme.organisation_id,
        scheme__year__lt=scheme.year,
    ).order_by().values("organisation").annotate(count=Count("pk")).values("count")
    live = ~Q(posts__state__in=["draft", "withdrawn"])
    return SummerHost.objects.filter(scheme=scheme).annotate(
        offered=Count("posts", filter=live), offered_places=Sum("posts__places", filter=live),
        before=Coalesce(Subquery(earlier), 0)
    )


def idle_employers(scheme: SummerScheme) -> list[str]:
    """Employers of the city's earlier summers that do not take part in this one: whom to ask again."""
    here = SummerHost.objects.filter(scheme=scheme).exclude(state="withdrawn")
    before = SummerHost.objects.filter(
        scheme__organisation=scheme.organisation_id, scheme__year__lt=scheme.year, state="approved"
    ).exclude(organisation__in=here.values("organisation")).in_latvian_order().select_related("organisation")
    return list(dict.fromkeys(str(each.organisation) for each in before))


@allow(may_run_summer, methods=("GET", "POST"))
def period_edit(request: HttpRequest, number: int, code: str = "") -> HttpResponse:
    """Add a period, or change it."""
    scheme = run_scheme(request, number)
    found = get_object_or_404(SummerPeriod, scheme=scheme, code=code) if code else None
    form = PeriodForm(request.POST or None, instance=found)
    if form.is_valid():
        with refusals_on(form):
            set_period(actor=account_of(request), scheme=scheme, **{"code": code} | form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("summerjobs:scheme-desk", number)
    title, back = _("Change the period") if found else _("Add a period"), reverse("summerjobs:scheme-desk", args=[number])
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=desk_way(scheme, (title, "")))


@allow(may_run_summer, methods=("GET", "POST"))
def period_call_off(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Call a period off, with the reason."""
    scheme = run_scheme(request, number)
    found = get_object_or_404(SummerPeriod.objects.select_related("scheme"), scheme=scheme, code=code)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "reason"):
            call_off_period(actor=account_of(request), period=found, **form.cleaned_data)
            messages.success(request, _("The period is called off. Its employers are told."))
            return redirect("summerjobs:scheme-desk", number)
    title, back = _("Call the period off"), reverse("summerjobs:scheme-desk", args=[number])
    way = desk_way(scheme, (title, ""))
    return form_page(request, form, title=title, button=title, back=back, crumbs=way, lead=str(found))


@allow(may_run_summer, methods=("GET", "POST"))
def fund_edit(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Say which money stands behind a source of the rules."""
    scheme = run_scheme(request, number)
    rule = next((each for each in scheme.rules.funding if each.code == code), None)
    if rule is None:
        raise Http404(_("The rules of this scheme know no such source of money."))
    form = FundForm(request.POST or None, instance=SchemeFund.objects.filter(scheme=scheme, code=code).first())
    if form.is_valid():
        with refusals_on(form):
            set_fund(actor=account_of(request), scheme=scheme, code=code, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("summerjobs:scheme-desk", number)
    title, back = _("Source of money"), reverse("summerjobs:scheme-desk", args=[number])
    lead, way = rule.name.in_language(get_language() or "lv"), desk_way(scheme, (title, ""))
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=way, lead=lead)


STEPS = {
    "publish": (publish_scheme, gettext_lazy("Everybody sees the scheme now.")),
    "close": (close_scheme, gettext_lazy("The scheme is closed.")),
}


@allow(may_run_summer, methods=("POST",))
def scheme_step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Publish or close the scheme."""
    act, said = STEPS[step]
    try_to(act, request, said, actor=account_of(request), scheme=run_scheme(request, number))
    return redirect("summerjobs:scheme-desk", number)
