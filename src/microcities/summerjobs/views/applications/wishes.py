"""The posts that a pupil wishes for: chosen, ordered and removed with buttons that need no JavaScript."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.people.sign_in import account_of
from microcities.privacy.rules import has_record
from microcities.summerjobs.actions.applications import move_wish, set_wishes
from microcities.summerjobs.application_rules import may_change
from microcities.summerjobs.eligible import Openness, open_posts
from microcities.summerjobs.models import Application, Post
from microcities.summerjobs.views.applications.own import own_application, way
from microcities.summerjobs.views.finding import require_page
from microcities.ui.pages import page

RELATED = ("host__organisation", "period", "programme")


@allow(has_record, methods=("GET", "POST"))
def wishes(request: HttpRequest, number: int) -> HttpResponse:
    """Wishes in their order above, posts that can be added below; closed ones say why."""
    account, found = account_of(request), own_application(request, number)
    require_page(may_change(account, found))
    if request.method == "POST":
        _act(request, found)
        return redirect("summerjobs:application-wishes", number)
    chosen = [each.post for each in found.wishes.select_related(*(f"post__{name}" for name in RELATED))]
    rows = Post.objects.open().filter(host__scheme=found.scheme).exclude(pk__in=[each.pk for each in chosen])
    period, stem = request.GET.get("period", ""), request.GET.get("stem", "")
    if period.isdigit():
        rows = rows.filter(period_id=int(period))
    if stem:
        rows = rows.filter(is_stem=True)
    pairs = open_posts(Openness(found.scheme), found, rows.with_taken().select_related(*RELATED).in_order())
    context = {
        "application": found, "scheme": found.scheme, "chosen": chosen, "full": len(chosen) >= found.scheme.most_wishes,
        "open": [post for post, shut in pairs if shut is None], "closed": [(post, shut) for post, shut in pairs if shut],
        "periods": found.scheme.periods.filter(called_off=""), "period": period, "stem": stem,
        "crumbs": way(found, (_("Posts that you wish for"), "")),
    }
    return page(request, "summerjobs/applications/wishes.html", context)


def _act(request: HttpRequest, application: Application) -> None:
    """Add, remove or move the post of the button that was pressed."""
    account, verb, _dot, number = account_of(request), *request.POST.get("do", "").partition("-")
    if not number.isdigit():
        return
    posts = [each.post for each in application.wishes.select_related(*(f"post__{name}" for name in RELATED))]
    try:
        if verb in {"up", "down"}:
            move_wish(actor=account, application=application, post=int(number), steps=-1 if verb == "up" else 1)
        elif verb == "remove":
            set_wishes(actor=account, application=application, posts=[each for each in posts if each.pk != int(number)])
        elif verb == "add":
            added = Post.objects.open().filter(host__scheme=application.scheme_id, pk=int(number)).select_related(*RELATED)
            set_wishes(actor=account, application=application, posts=[*posts, *added])
    except RefusedError as refusal:
        messages.error(request, str(refusal.reason))
