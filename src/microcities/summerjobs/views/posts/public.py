"""What everybody sees: the schemes, the conditions of one, and its posts."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from microcities.access.guards import public
from microcities.summerjobs.actions.posts import allowed_ages
from microcities.summerjobs.age_words import age_table, band_lines, programme_lines
from microcities.summerjobs.draw_rules import may_rank
from microcities.summerjobs.models import Post, PostState, SummerScheme
from microcities.summerjobs.post_words import post_word
from microcities.summerjobs.rules import answers_for, may_offer_posts, may_open_desk, may_run_summer, runs_scheme
from microcities.summerjobs.tables import post_table
from microcities.summerjobs.views.finding import crumbs, post_of, scheme_of, scheme_way
from microcities.ui.pages import page


@public
def schemes(request: HttpRequest) -> HttpResponse:
    """Schemes, what is open in each, and earlier summers."""
    today = timezone.localdate()
    rows = list(SummerScheme.objects.visible_to(request.user).select_related("city", "organisation").newest_first())
    lines = [
        {"scheme": each, "applies": each.takes_applications_on(today), "offers": each.takes_posts_on(today)} for each in rows
    ]
    context = {
        "now": [each for each in lines if each["scheme"].closed_at is None],  # type: ignore[attr-defined]
        "past": [each for each in lines if each["scheme"].closed_at is not None],  # type: ignore[attr-defined]
        "may_run": may_run_summer(request.user), "may_offer": may_offer_posts(request.user), "crumbs": crumbs()[:1],
    }
    return page(request, "summerjobs/posts/schemes.html", context)


@public
def scheme(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """One scheme in plain words, with its posts."""
    found, today = scheme_of(request, number), timezone.localdate()
    table = post_table(Post.objects.open().filter(host__scheme=found), request.GET, found)
    if table.export_format:
        return table.export(f"posts-{found.year}")
    in_english = not (get_language() or "lv").startswith("lv")
    context = {
        "scheme": found, "table": table, "periods": list(found.periods.all()), "programmes": programme_lines(found),
        "bands": band_lines(found), "applies": found.takes_applications_on(today), "offers": found.takes_posts_on(today),
        "seed_procedure": found.seed_procedure_en if in_english and found.seed_procedure_en else found.seed_procedure,
        "may_offer": may_offer_posts(request.user), "crumbs": crumbs((str(found), "")),
        "runs": may_open_desk(request.user, found),
    }
    return page(request, "summerjobs/posts/scheme.html", context, part="table")


@public
def post(request: HttpRequest, number: int) -> HttpResponse:
    """One post: for pupils what the work is; for its employer and the city also how it stands."""
    found, account = post_of(request, number), request.user
    own, runs = answers_for(account, found.host), runs_scheme(account, found.host.scheme)
    context = {
        "post": found, "scheme": found.host.scheme, "left": max(0, found.places - found.taken),  # type: ignore[attr-defined]
        "word": post_word(found), "ages": age_table(allowed_ages(found)), "own": own, "runs": runs,
        "may_rank": own and may_rank(account, found),
        "reserves": list(found.reserves.all()), "approved": found.state == PostState.APPROVED,
        "applies": found.host.scheme.takes_applications_on(timezone.localdate()) and found.state == PostState.APPROVED,
        "crumbs": scheme_way(found.host.scheme, (str(found), "")),
    }
    return page(request, "summerjobs/posts/post.html", context)
