"""What every page says of the programme: its name, who pays for it, and that its people are synthetic."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microcities.programme.models import Programme
from microcities.programme.rulebook.values import FundingScheme, Visibility
from microcities.rulebooks.registry import rule
from microcities.ui.shell import Cofunding, provide, register_nav


def newest_programme(request: HttpRequest | None) -> Programme | None:
    """The programme this installation shows first (the newest), asked of the database once in a request."""
    if request is None:
        return None
    if not hasattr(request, "newest_programme"):
        request.newest_programme = Programme.objects.order_by("-starts_on").first()  # type: ignore[attr-defined]
    found: Programme | None = request.newest_programme  # type: ignore[attr-defined]
    return found


def programme(request: HttpRequest) -> dict[str, Programme | None]:
    """Template context: the programme this installation shows first."""
    return {"programme": newest_programme(request)}


def scheme_of(shown: Programme) -> FundingScheme | None:
    """The funding scheme whose words today's rulebook `programme.visibility` asks this programme to show."""
    today = rule(Visibility, on=timezone.localdate(), territory="EU").values
    return today.scheme_of(shown.fund, shown.initiative)


def cofunding(request: HttpRequest | None) -> Cofunding | str | None:
    """The co-funding block; empty while there is no programme or the Union does not pay for it."""
    if request is None:
        return None  # a crash page asks the database nothing and shows the plain sentence
    shown = newest_programme(request)
    if shown is None or not shown.co_financing:
        return ""
    scheme, language = scheme_of(shown), get_language() or "lv"
    if scheme is None:
        return None
    disclaimer = scheme.disclaimer.in_language(language) if scheme.disclaimer else ""
    return Cofunding(
        scheme.statement.in_language(language),
        disclaimer,
        scheme.emblem_name.in_language(language) if scheme.emblem else "",
    )


def _name(request: HttpRequest | None) -> Any:
    return newest_programme(request) or ""


def _synthetic(request: HttpRequest | None) -> bool:
    shown = newest_programme(request)
    return shown is not None and shown.is_synthetic


provide("programme", _name)
provide("synthetic", _synthetic)
provide("cofunding", cofunding)
provide("search", lambda request: reverse("programme:search"))
register_nav("main", _("Programme"), "programme:page", 30)
register_nav("footer", _("Accessibility"), "programme:accessibility", 70)
