"""An employer's page of pupils who may be chosen: codes, ages and what they say of themselves; nobody's name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.summerjobs.actions.ranking import candidates, rank_pupils
from microcities.summerjobs.draw_rules import may_rank
from microcities.summerjobs.forms.draws import RankingForm
from microcities.summerjobs.rules import may_offer_posts
from microcities.summerjobs.views.finding import host_way, post_of, require_page
from microcities.ui.pages import page


@allow(may_offer_posts, methods=("GET", "POST"))
def ranking(request: HttpRequest, number: int) -> HttpResponse:
    """Pupils who wish for the post and let employers read about them; a number for each whom the employer would have."""
    found, account = post_of(request, number), account_of(request)
    require_page(may_rank(account, found))
    known = candidates(found)
    form = RankingForm(request.POST or None, post=found, found=known)
    if form.is_valid():
        with refusals_on(form):
            rank_pupils(actor=account, post=found, ranks=form.ranks)
            messages.success(request, _("The ranking is saved."))
            return redirect("summerjobs:post", number)
    log_shown(known, _("what applicants say of themselves"), lambda row: (row.person,))
    context = {"post": found, "form": form, "rows": form.rows(), "crumbs": host_way(request, found.host, (str(found), ""))}
    return page(request, "summerjobs/draws/ranking.html", context)
