"""An employer's own pages: taking part, papers and supervisors; and the city's decision about them."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.access.uploads import private_file
from microcities.people.sign_in import account_of
from microcities.summerjobs.actions.hosts import (
    add_host_document,
    approve_host,
    change_host,
    join_scheme,
    name_supervisor,
    refuse_host,
    remove_host_document,
    withdraw_host,
)
from microcities.summerjobs.forms.posts import DecideHostForm, DocumentForm, HostForm, JoinForm, SupervisorForm
from microcities.summerjobs.models import HostDocument, Post, SummerHost, SummerScheme
from microcities.summerjobs.rules import answers_for, may_decide_host, may_offer_posts, may_run_summer, may_see_two_sides
from microcities.summerjobs.tables import post_table
from microcities.summerjobs.views.finding import crumbs, host_of, host_way, require_page
from microcities.ui.pages import form_page, page


@allow(may_offer_posts)
def employer(request: HttpRequest) -> HttpResponse:
    """The account's firms in each scheme, and the schemes in which they can take part now."""
    account, today = account_of(request), timezone.localdate()
    related = ("scheme", "organisation")
    own = list(SummerHost.objects.of_firms(account).select_related(*related).order_by("-scheme__year", "pk"))
    known = {each.scheme_id for each in own}
    calls = SummerScheme.objects.taking_posts(today).select_related("city").newest_first()
    context = {
        "own": own, "calls": [each for each in calls if each.pk not in known],
        "table": post_table(Post.objects.of_firms(account), request.GET, staff=True), "crumbs": crumbs((_("My posts"), "")),
    }
    return page(request, "summerjobs/posts/employer.html", context)


@allow(may_offer_posts, methods=("GET", "POST"))
def join(request: HttpRequest, number: int) -> HttpResponse:
    """Take part in a scheme with one of the account's firms."""
    account = account_of(request)
    scheme = get_object_or_404(SummerScheme.objects.published(), pk=number)
    form = JoinForm(request.POST or None, account=account, scheme=scheme)
    if form.is_valid():
        with refusals_on(form, "organisation", constraints={"host_taken": "organisation"}):
            made = join_scheme(actor=account, scheme=scheme, **form.cleaned_data)
            messages.success(request, _("You take part. Bring the papers, name a supervisor and offer posts."))
            return redirect("summerjobs:host", made.pk)
    title, back = _("Take part as an employer"), reverse("summerjobs:employer")
    way = crumbs((_("My posts"), back), (title, ""))
    return form_page(request, form, title=title, button=_("Take part"), back=back, crumbs=way, lead=str(scheme))


@allow(may_see_two_sides)
def host(request: HttpRequest, number: int) -> HttpResponse:
    """An employer in a scheme: papers, supervisors, posts, and what the city found."""
    account, found = account_of(request), host_of(request, number)
    own = answers_for(account, found)
    rows = Post.objects.filter(host=found) if own else Post.objects.filter(host=found).exclude(state="draft")
    context = {
        "host": found, "own": own, "may_decide": may_decide_host(account, found), "documents": list(found.documents.all()),
        "supervisors": list(found.supervisors.select_related("person").in_latvian_order()),
        "table": post_table(rows, request.GET, found.scheme, staff=True),
        "takes_posts": found.scheme.takes_posts_on(timezone.localdate()),
        "earlier": earlier_posts(found) if own else (),
        "crumbs": [*list(host_way(request, found))[:-1], (str(found), "")],
    }
    return page(request, "summerjobs/posts/host.html", context)


def earlier_posts(host: SummerHost) -> list[Post]:
    """Posts of the same employer in the latest earlier summer: they can be offered again."""
    rows = Post.objects.filter(
        host__organisation=host.organisation_id, host__scheme__year__lt=host.scheme.year, state="approved"
    ).select_related("host__scheme")
    latest = rows.order_by("-host__scheme__year").first()
    return list(rows.filter(host=latest.host_id).in_order()[:20]) if latest else []


@allow(may_offer_posts, methods=("GET", "POST"))
def host_change(request: HttpRequest, number: int) -> HttpResponse:
    """Correct what the employer declared; the city checks again."""
    found = host_of(request, number)
    require_page(answers_for(account_of(request), found))
    form = HostForm(request.POST or None, instance=found)
    if form.is_valid():
        with refusals_on(form):
            change_host(actor=account_of(request), host=found, **form.cleaned_data)
            messages.success(request, _("Saved. The city checks it."))
            return redirect("summerjobs:host", number)
    title, back = _("Change the declaration"), reverse("summerjobs:host", args=[number])
    way = host_way(request, found, (title, ""))
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=way, lead=str(found))


@allow(may_offer_posts, methods=("POST",))
def host_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take part no more."""
    found = host_of(request, number)
    try_to(withdraw_host, request, _("You take part no more."), actor=account_of(request), host=found)
    return redirect("summerjobs:host", number)


@allow(may_offer_posts, methods=("GET", "POST"))
def document_new(request: HttpRequest, number: int) -> HttpResponse:
    """Bring a paper."""
    found = host_of(request, number)
    require_page(answers_for(account_of(request), found))
    form = DocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form, "file"):
            add_host_document(actor=account_of(request), host=found, **form.cleaned_data)
            return redirect("summerjobs:host", number)
    title, back = _("Add a document"), reverse("summerjobs:host", args=[number])
    return form_page(request, form, title=title, button=title, back=back, crumbs=host_way(request, found, (title, "")))


@allow(may_see_two_sides)
def document(request: HttpRequest, number: int) -> FileResponse:
    """The file, for the employer, the city and who reads everything."""
    found = get_object_or_404(HostDocument, pk=number)
    if not SummerHost.objects.visible_to(account_of(request)).filter(pk=found.host_id).exists():
        raise Http404
    return private_file(found.file.name, found.name)


@allow(may_offer_posts, methods=("POST",))
def document_remove(request: HttpRequest, number: int) -> HttpResponse:
    """The paper is not needed."""
    rows = HostDocument.objects.filter(host__in=SummerHost.objects.of_firms(account_of(request)))
    found = get_object_or_404(rows.select_related("host"), pk=number)
    try_to(remove_host_document, request, _("The document is removed."), actor=account_of(request), document=found)
    return redirect("summerjobs:host", found.host_id)


@allow(may_offer_posts, methods=("GET", "POST"))
def supervisor_new(request: HttpRequest, number: int) -> HttpResponse:
    """Name a supervisor."""
    found = host_of(request, number)
    require_page(answers_for(account_of(request), found))
    form = SupervisorForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "family_name", constraints={"supervisor_taken": "family_name"}):
            name_supervisor(actor=account_of(request), host=found, **form.cleaned_data)
            messages.success(request, _("The supervisor is named."))
            return redirect("summerjobs:host", number)
    title, back = _("Name a supervisor"), reverse("summerjobs:host", args=[number])
    hint = _("A supervisor guides at most ten pupils at a time. Tell this person that you name them here.")
    way = host_way(request, found, (title, ""))
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=way, hint=hint)


@allow(may_run_summer, methods=("GET", "POST"))
def host_decide(request: HttpRequest, number: int) -> HttpResponse:
    """The city approves or refuses an employer."""
    account, found = account_of(request), host_of(request, number)
    require_page(may_decide_host(account, found))
    form = DecideHostForm(request.POST or None, host=found)
    if form.is_valid():
        refuse = "refuse" in request.POST
        with refusals_on(form, "finding" if refuse else "aid_basis" if "aid_basis" in form.fields else "finding"):
            if refuse:
                refuse_host(actor=account, host=found, finding=form.cleaned_data["finding"])
            else:
                approve_host(actor=account, host=found, **form.cleaned_data)
            messages.success(request, _("Decided. The employer is told."))
            return redirect("summerjobs:host", number)
    context = {"form": form, "host": found, "crumbs": host_way(request, found, (_("Decide"), ""))}
    return page(request, "summerjobs/posts/host_decide.html", context)
