"""Finds the scheme, employer or post of an address for whoever may see it, and leads the way back."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.answers import Answer
from microcities.people.sign_in import account_of
from microcities.summerjobs.models import Post, SummerHost, SummerScheme
from microcities.summerjobs.rules import may_offer_posts, may_open_desk, runs_scheme
from microcities.ui.pages import Crumbs


def require_page(answer: Answer) -> None:
    """Answer 403 with the reason when the page is not for this account."""
    if not answer:
        raise PermissionDenied(answer.reason)


def scheme_of(request: HttpRequest, number: int) -> SummerScheme:
    """The scheme, for whoever may see it."""
    rows = SummerScheme.objects.visible_to(request.user).select_related("city", "organisation", "programme")
    return get_object_or_404(rows, pk=number)


def run_scheme(request: HttpRequest, number: int) -> SummerScheme:
    """The scheme, for who runs it; 403 for others."""
    found = scheme_of(request, number)
    require_page(runs_scheme(account_of(request), found))
    return found


def read_scheme(request: HttpRequest, number: int) -> SummerScheme:
    """The scheme's desk, for who runs it and for who reads everything; 403 for another city's staff."""
    found = scheme_of(request, number)
    require_page(may_open_desk(account_of(request), found))
    return found


def host_of(request: HttpRequest, number: int) -> SummerHost:
    """The employer in its scheme, for its people, the city's and who reads everything."""
    rows = SummerHost.objects.visible_to(account_of(request))
    related = ("scheme__organisation", "scheme__city", "organisation")
    return get_object_or_404(rows.select_related(*related), pk=number)


def post_of(request: HttpRequest, number: int) -> Post:
    """The post, for whoever may see it: approved ones everybody."""
    rows = Post.objects.visible_to(request.user)
    related = ("host__organisation", "host__scheme__city", "period", "programme", "fund__source", "supervisor__person")
    return get_object_or_404(Post.objects.filter(pk__in=rows.values("pk")).with_taken().select_related(*related), pk=number)


def crumbs(*steps: tuple[str, str]) -> Crumbs:
    """The way to a page below the list of schemes."""
    return [(_("Home"), "/"), (_("Summer work"), reverse("summerjobs:schemes")), *steps]


def scheme_way(scheme: SummerScheme, *steps: tuple[str, str]) -> Crumbs:
    """The way by a scheme's page."""
    return crumbs((str(scheme), reverse("summerjobs:scheme", args=[scheme.pk])), *steps)


def desk_way(scheme: SummerScheme, *steps: tuple[str, str]) -> Crumbs:
    """The way by a scheme's desk."""
    return scheme_way(scheme, (_("Desk"), reverse("summerjobs:scheme-desk", args=[scheme.pk])), *steps)


def host_way(request: HttpRequest, host: SummerHost, *steps: tuple[str, str]) -> Crumbs:
    """The way to an employer: by its own page, or by the desk."""
    address = reverse("summerjobs:host", args=[host.pk])
    if may_offer_posts(account_of(request)):
        return crumbs((_("My posts"), reverse("summerjobs:employer")), (str(host.scheme), address), *steps)
    return desk_way(host.scheme, (str(host), address), *steps)
