"""An employer writes, offers, changes and withdraws posts; the city approves them or asks back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.people.sign_in import account_of
from microcities.summerjobs.actions.posts import (
    approve_post,
    change_post,
    make_post,
    offer_post,
    return_post,
    withdraw_post,
)
from microcities.summerjobs.forms.posts import ApprovePostForm, PostForm, QuestionForm
from microcities.summerjobs.models import Post, SummerHost
from microcities.summerjobs.rules import answers_for, may_offer_posts, may_run_summer, may_see_two_sides, runs_scheme
from microcities.summerjobs.views.finding import host_of, host_way, post_of, require_page
from microcities.ui.pages import form_page

COPIED = (
    "name", "name_en", "tasks", "learns", "address", "is_stem", "light_task", "age_from", "age_to", "places",
    "chosen_places", "starts_at", "day_minutes", "break_minutes", "work_days", "bring", "access_note",
)


@allow(may_offer_posts, methods=("GET", "POST"))
def post_new(request: HttpRequest, number: int) -> HttpResponse:
    """Write a post, from the start or like one of an earlier summer (`?like=`)."""
    account, found = account_of(request), host_of(request, number)
    require_page(answers_for(account, found))
    form = PostForm(request.POST or None, host=found, initial=_like(request, found))
    if form.is_valid():
        with refusals_on(form):
            made = make_post(actor=account, host=found, reserves=form.reserves, **form.post_fields)
            messages.success(request, _("The draft is saved. Look at the hours by age, then offer it."))
            return redirect("summerjobs:post", made.pk)
    title, back = _("Write a post"), reverse("summerjobs:host", args=[number])
    way = host_way(request, found, (title, ""))
    return form_page(request, form, title=title, button=_("Save the draft"), back=back, crumbs=way, lead=str(found.scheme))


def _like(request: HttpRequest, host: SummerHost) -> dict[str, Any]:
    wanted = request.GET.get("like", "")
    rows = Post.objects.filter(host__organisation=host.organisation_id)
    like = rows.filter(pk=int(wanted)).first() if wanted.isdigit() else None
    return {name: getattr(like, name) for name in COPIED} if like else {}


@allow(may_offer_posts, methods=("GET", "POST"))
def post_change(request: HttpRequest, number: int) -> HttpResponse:
    """Change a post; what was approved is checked again."""
    account, found = account_of(request), post_of(request, number)
    require_page(answers_for(account, found.host))
    form = PostForm(request.POST or None, instance=found, host=found.host)
    if form.is_valid():
        with refusals_on(form):
            changed = change_post(actor=account, post=found, reserves=form.reserves, **form.post_fields)
            again = changed.state == "offered"
            messages.success(request, _("Saved. The city checks the post again.") if again else _("Saved."))
            return redirect("summerjobs:post", number)
    title, back = _("Change the post"), reverse("summerjobs:post", args=[number])
    hint = _("If pupils have signed an agreement for this post, they are asked to sign anew.") if found.taken else ""  # type: ignore[attr-defined]
    way = host_way(request, found.host, (str(form.initial["name"]), back), (title, ""))
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=way, hint=hint)


@allow(may_offer_posts, methods=("POST",))
def post_offer(request: HttpRequest, number: int) -> HttpResponse:
    """Send the post to the city."""
    found = post_of(request, number)
    try_to(offer_post, request, _("The post is offered. The city looks at it."), actor=account_of(request), post=found)
    return redirect("summerjobs:post", number)


@allow(may_see_two_sides, methods=("POST",))
def post_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Offer the post no more."""
    found = post_of(request, number)
    try_to(withdraw_post, request, _("The post is withdrawn."), actor=account_of(request), post=found)
    return redirect("summerjobs:host", found.host_id)


@allow(may_run_summer, methods=("GET", "POST"))
def post_approve(request: HttpRequest, number: int) -> HttpResponse:
    """Approve a post: from which money it is paid, and who supervises."""
    account, found = account_of(request), post_of(request, number)
    require_page(runs_scheme(account, found.host.scheme))
    form = ApprovePostForm(request.POST or None, post=found)
    if form.is_valid():
        with refusals_on(form, "supervisor"):
            approve_post(actor=account, post=found, **form.cleaned_data)
            messages.success(request, _("The post is approved. Pupils see it."))
            return redirect("summerjobs:post", number)
    title, back = _("Approve the post"), reverse("summerjobs:post", args=[number])
    way = host_way(request, found.host, (str(found), back), (title, ""))
    return form_page(request, form, title=title, button=_("Approve"), back=back, crumbs=way, lead=f"{found}, {found.host}")


@allow(may_run_summer, methods=("GET", "POST"))
def post_return(request: HttpRequest, number: int) -> HttpResponse:
    """Return a post with a question."""
    account = account_of(request)
    found = get_object_or_404(Post.objects.visible_to(account).select_related("host__scheme", "host__organisation"), pk=number)
    require_page(runs_scheme(account, found.host.scheme))
    form = QuestionForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "question"):
            return_post(actor=account, post=found, **form.cleaned_data)
            messages.success(request, _("The employer is asked."))
            return redirect("summerjobs:post", number)
    title, back = _("Return the post with a question"), reverse("summerjobs:post", args=[number])
    way = host_way(request, found.host, (str(found), back), (title, ""))
    return form_page(request, form, title=title, button=_("Return"), back=back, crumbs=way, lead=f"{found}, {found.host}")
