"""What stands around every page: navigation, languages, account, banners. Other apps fill it by registering.

    register_nav("main", _("Events"), "events:list", 30)
    register_nav("main", _("My work"), "work:home", 10, rule=is_signed_in)
    provide("programme", lambda request: Programme.objects.current_name())

`ui_shell` is the context processor that hands the result to `ui/page.html` as `shell`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_args

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse, translate_url
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

Section = Literal["main", "account", "footer"]
Fact = Literal["product", "programme", "accent", "synthetic", "cofunding", "source_code", "search"]
Rule = Callable[[Any], object]
Provider = Callable[[HttpRequest | None], object]
Text = str | Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link of the shell; `rule(user)` answers truthy when this user may see it, None means everybody."""

    section: Section
    label: Text
    url_name: str
    order: int
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A resolved navigation link; `current` is "page", "true" (an ancestor of this page) or empty."""

    label: str
    href: str
    current: str = ""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the site with the address of this very page in it."""

    code: str
    name: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Cofunding:
    """Who co-funds, in the words the funding asks for. `emblem` names the flag; empty when no flag is asked for."""

    statement: Text
    disclaimer: Text
    emblem: Text


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything `ui/page.html` shows around the content."""

    product: str
    programme: str
    accent: str
    synthetic: bool
    cofunding: Cofunding | None
    home: str
    source_code: str
    search: str
    query: str
    language: str
    sign_in: str
    sign_up: str
    sign_out: str
    signed_in_as: str
    main: tuple[Link, ...] = ()
    account: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    languages: tuple[Language, ...] = field(default=())


_nav: dict[tuple[Section, str], NavItem] = {}
_providers: dict[Fact, Provider] = {}


def register_nav(
    section: Section, label: Text, url_name: str, order: int, rule: Rule | None = None
) -> NavItem:
    """Add a link to a section of the shell; the same section and address registered again replaces it."""
    if section not in get_args(Section):
        raise ValueError(f"unknown section {section!r}: use one of {', '.join(get_args(Section))}")
    item = NavItem(section, label, url_name, order, rule)
    _nav[section, url_name] = item
    return item


def provide(fact: Fact, provider: Provider) -> None:
    """Say where a fact of the shell comes from. `provider(request)` gets None outside a request.

    product, programme, source_code (text or address), accent (a name of ui.css's accents), cofunding (Cofunding or
    its sentence, empty for none; None is the Union's plain sentence),
    synthetic (bool: all people are invented), search (address of the search page, empty for none).
    """
    if fact not in get_args(Fact):
        raise ValueError(f"unknown fact {fact!r}: use one of {', '.join(get_args(Fact))}")
    _providers[fact] = provider


def nav_items(section: Section) -> list[NavItem]:
    """All registered links of a section in their order, whoever may see them."""
    return sorted((item for item in _nav.values() if item.section == section), key=lambda item: item.order)


def ui_shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell`, built only when a template looks at it."""
    return {"shell": SimpleLazyObject(lambda: build_shell(request))}


def build_shell(request: HttpRequest | None) -> Shell:
    """Build the shell for a request; None gives the one a crash page can show without any query."""
    user = getattr(request, "user", None)
    signed_in = bool(user is not None and user.is_authenticated)
    facts = {name: _fact(name, request) for name in get_args(Fact)}
    return Shell(
        product=str(facts["product"] or "microcities"),
        programme=str(facts["programme"] or ""),
        accent=str(facts["accent"] or "sea"),
        synthetic=bool(facts["synthetic"]),
        cofunding=_cofunding(facts["cofunding"]),
        source_code=str(facts["source_code"] or ""),
        search=str(facts["search"] or ""),
        query=request.GET.get("q", "") if request else "",
        home=_home(get_language() or settings.LANGUAGE_CODE),
        language=get_language() or settings.LANGUAGE_CODE,
        sign_in=_address("account_login"),
        sign_up=_address("account_signup"),
        sign_out=_address("account_logout"),
        signed_in_as=str(user) if signed_in else "",
        main=_links("main", request),
        account=_links("account", request) if signed_in else (),
        footer=_links("footer", request),
        languages=_languages(request),
    )


def _fact(name: Fact, request: HttpRequest | None) -> object:
    provider = _providers.get(name)
    return provider(request) if provider else None


def _cofunding(given: object) -> Cofunding | None:
    if isinstance(given, Cofunding):
        return given
    sentence = _("Co-funded by the European Union") if given is None else str(given)
    return Cofunding(sentence, "", _("Flag of the European Union")) if sentence else None


def _address(url_name: str) -> str:
    return _address_in(url_name, get_language(), get_urlconf() or settings.ROOT_URLCONF)


@cache
def _address_in(url_name: str, language: str | None, urlconf: str) -> str:
    """Kept, because a page asks for thirty of them and none ever changes; they differ by language and URL map."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def _links(section: Section, request: HttpRequest | None) -> tuple[Link, ...]:
    user = getattr(request, "user", None)
    path = request.path if request else ""
    shown: list[tuple[str, str]] = []
    for item in nav_items(section):
        href = _address(item.url_name)
        # Without a request nobody is known, so only what is open to everybody can be shown.
        allowed = item.rule is None or (user is not None and bool(item.rule(user)))
        if href and allowed:
            shown.append((str(item.label), href))
    # The longest address that this page lies under is the current one: "/" is nobody's ancestor.
    under = [href for _label, href in shown if path == href or (path.startswith(href) and href.strip("/"))]
    best = max(under, key=len, default=None)
    return tuple(
        Link(label, href, "" if href != best else "page" if href == path else "true") for label, href in shown
    )


def _home(code: str) -> str:
    return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"


def _languages(request: HttpRequest | None) -> tuple[Language, ...]:
    here = get_language() or settings.LANGUAGE_CODE
    found = []
    for code, _name in settings.LANGUAGES:
        href = translate_url(request.get_full_path(), code) if request else _home(code)
        if code != here and request and href == request.get_full_path():
            href = _home(code)  # a page that exists in one language only, or does not exist
        found.append(Language(code, get_language_info(code)["name_local"].capitalize(), href, code == here))
    return tuple(found)


def check_nav(app_configs: object, **_options: object) -> list[CheckMessage]:
    """Warn about navigation links that lead nowhere; at run time they are left out."""
    _home(settings.LANGUAGE_CODE)  # loads the URL map first, whose views register links
    return [
        Warning(
            f"The navigation link {item.url_name!r} ({item.section}) has no page.",
            hint="Correct the name given to register_nav, or add the page to the URL map.",
            id="ui.W001",
        )
        for item in list(_nav.values())
        if not _address(item.url_name)
    ]
