"""The tables of these pages: what columns they have, what narrows them, what a file of them holds."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.people.sign_in import account_of
from microcities.programme.models import Programme
from microcities.results.breakdown import scheme_of
from microcities.results.models import ApiToken, FrozenRow, Indicator, PublishedLine, SampleCheck, Withheld
from microcities.results.rules import may_approve_reports
from microcities.results.words import VERIFICATION_WORDS
from microcities.ui.components import status
from microcities.ui.deeds import deed
from microcities.ui.filters import ChoiceFilter, DateFilter, TextFilter
from microcities.ui.numbers import format_day
from microcities.ui.tables import Column, Table, worded

Link = Callable[[Any], str]


def period_table(request: HttpRequest, programme: Programme) -> Table:
    """The reporting periods, the newest first; whoever approves reports locks them here."""
    may_lock = bool(may_approve_reports(account_of(request)))

    def lock(row: Any) -> SafeString | str:
        if row.locked or not may_lock:
            return ""
        return deed(
            request, _("Lock"), href=reverse("results:period-new"), about=row.code, kind="plain", name="lock",
            value=str(row.pk),
        )

    columns = [
        Column("code", _("Period"), order_by="code", heading=True, filter=TextFilter("code__icontains")),
        Column("starts_on", _("Start"), order_by="starts_on"),
        Column("ends_on", _("End"), order_by="ends_on"),
        Column("locked", _("State"), value=lambda row: _("locked") if row.locked else _("open"), order_by="locked"),
    ]
    if may_lock:
        columns.append(Column("lock", _("Action"), cell=lock, in_file=False))
    return Table(
        rows=programme.periods.all(), columns=columns, params=request.GET, caption=_("Reporting periods"), name="periods",
        headed=True, default_sort="-starts_on",
        empty=_("No period is open"), empty_hint=_("The programme manager opens reporting periods."),
    )


def frozen_table(rows: "QuerySet[FrozenRow]", params: QueryDict, link: Link) -> Table:
    """The rows of an approved figure, by number; `link` leads to the present record."""
    columns = [
        Column("record", _("Record"), value="record_id", order_by="record_id", link=link, heading=True),
        Column("subject", _("Number of the subject"), value="subject_id", order_by="subject_id"),
        Column("fact_on", _("Date"), order_by="fact_on"),
        Column("quantity", _("Quantity"), order_by="quantity", numeric=True),
        Column("verification", _("Verification"), order_by="verification",
               value=lambda row: VERIFICATION_WORDS.get(row.verification, row.verification),
               filter=ChoiceFilter("verification", choices=list(VERIFICATION_WORDS.items()))),
        Column("row_hash", _("Fingerprint"), value=lambda row: bytes(row.row_hash).hex(),
               cell=lambda row: format_html("<code>{}</code>", bytes(row.row_hash).hex()[:12])),
    ]
    return Table(
        rows=rows, columns=columns, params=params, caption=_("Frozen rows"), default_sort="fact_on",
        filters={"from": DateFilter("fact_on__gte", label=_("From")), "to": DateFilter("fact_on__lte", label=_("To"))},
    )


def sample_table(units: Sequence[str], checks: dict[str, SampleCheck], params: QueryDict) -> Table:
    """The drawn records of a sample with what each check found."""
    results = {"open": _("not checked yet"), "good": _("in order"), "bad": _("not in order")}

    def result(unit: str) -> str:
        check = checks.get(unit)
        return "open" if check is None else "good" if check.in_order else "bad"

    def shown(unit: str) -> SafeString:
        kind = result(unit)
        return status(results[kind], "neutral" if kind == "open" else "good" if kind == "good" else "bad")

    columns = [
        Column("unit", _("Record"), value=str, order_by="unit", heading=True, filter=TextFilter("unit")),
        Column("result", _("Result"), value=result, order_by="result", cell=shown, export=lambda unit: results[result(unit)],
               filter=ChoiceFilter("result", choices=list(results.items()))),
        Column("finding", _("Finding"), value=lambda unit: checks[unit].finding if unit in checks else "",
               cell=lambda unit: checks[unit].finding if unit in checks else ""),
    ]
    return Table(rows=units, columns=columns, params=params, caption=_("Drawn records"))


def publication_table(rows: "QuerySet[Any]", params: QueryDict) -> Table:
    """What was published; rows carry `shown` and `withheld`, numbers of figures."""
    columns = [
        Column("as_of", _("Figures of"), order_by="as_of", heading=True,
               link=lambda row: f"{reverse('results:overview')}?as_of={row.as_of.isoformat()}"),
        Column("published_at", _("Published"), order_by="published_at", filter=DateFilter("published_at__date")),
        Column("shown", _("Numbers shown"), order_by="shown", numeric=True),
        Column("withheld", _("Numbers withheld"), order_by="withheld", numeric=True),
    ]
    return Table(
        rows=rows, columns=columns, params=params, caption=_("Publications, the newest first"), default_sort="-as_of",
        tie_break=("-pk",), empty=_("Nothing has been published yet"),
        empty_hint=_("The programme manager publishes the figures of a day below."),
    )


def withheld_table(rows: "QuerySet[PublishedLine]", programme: Programme, params: QueryDict) -> Table:
    """The numbers that the newest publication keeps back, each with the reason."""
    dimensions = {
        "total": _("whole programme"), "city": _("by city"), "sex": _("by sex"), "age": _("by age"),
        "sex_age": _("by sex and age"),
    }
    names = part_names(programme)

    def part(row: PublishedLine) -> str:
        return ", ".join(names.get(key, key) for key in row.key.split("/"))

    columns = [
        Column("indicator", _("Indicator"), value=lambda row: str(row.indicator), order_by="indicator__order", heading=True,
               link=lambda row: reverse("results:indicator", args=[row.indicator.code])),
        Column("dimension", _("Broken down"), value=lambda row: dimensions[row.dimension], order_by="dimension"),
        Column("key", _("Part"), value=part, order_by="key", cell=part),
        Column("withheld", _("Why"), value=worded(Withheld, "withheld"), order_by="withheld",
               filter=ChoiceFilter("withheld", choices=Withheld.choices)),
    ]
    return Table(
        rows=rows.select_related("indicator"), columns=columns, params=params, caption=_("Withheld numbers"),
        name="withheld", headed=True, default_sort="indicator",
    )


def part_names(programme: Programme) -> dict[str, str]:
    """What the keys of published parts stand for: cities by number, sexes and age bands by the rulebook's code."""
    language, scheme = get_language() or "lv", scheme_of(programme)
    cities = {str(city.pk): str(city) for city in programme.cities.all()}
    parts: list[Any] = [*scheme.sexes, *scheme.age_bands]
    return cities | {part.code: part.name.in_language(language) for part in parts}


def moved_table(rows: Sequence[tuple[Indicator, str, str]], params: QueryDict, since: Any) -> Table:
    """Figures that are not what they were: (indicator, value then, value now)."""
    columns = [
        Column("moved", _("Indicator"), value=lambda row: str(row[0]), order_by="moved", heading=True,
               link=lambda row: reverse("results:indicator", args=[row[0].code])),
        Column("before", format_day(since), value=lambda row: row[1], cell=lambda row: row[1], numeric=True),
        Column("after", _("at the end"), value=lambda row: row[2], cell=lambda row: row[2], numeric=True),
    ]
    return Table(
        rows=rows, columns=columns, params=params, caption=_("Figures that changed"), name="moved",
        empty=_("No figure changed in that time"), empty_hint=_("Choose an earlier first day to look further back."),
    )


def token_table(request: HttpRequest, rows: "QuerySet[ApiToken]", now: Any) -> Table:
    """Own access tokens that are not withdrawn."""

    def ends(token: ApiToken) -> SafeString:
        over = format_html(" {}", status(_("over"), "neutral")) if token.expires_at <= now else ""
        return format_html("{}{}", format_day(token.expires_at), over)

    def withdraw(token: ApiToken) -> SafeString:
        href = reverse("open-data:token-revoke", args=[token.pk])
        return deed(request, _("Withdraw"), href=href, about=token.name, kind="danger")

    columns = [
        Column("name", _("What for"), order_by="name", heading=True, filter=TextFilter("name__icontains")),
        Column("hint", _("Begins with"), cell=lambda token: format_html("<code>{}…</code>", token.hint)),
        Column("scopes", _("May read"), value=lambda token: "; ".join(str(words) for words in token.scope_words),
               cell=lambda token: format_html_join("", "<div>{}</div>", ((words,) for words in token.scope_words))),
        Column("created_at", _("Made"), order_by="created_at", cell=lambda token: format_day(token.created_at)),
        Column("expires_at", _("Ends"), order_by="expires_at", cell=ends),
        Column("withdraw", _("Action"), cell=withdraw, in_file=False),
    ]
    return Table(
        rows=rows, columns=columns, params=request.GET, caption=_("Your tokens"), default_sort="-created_at",
        empty=_("You have no token"), empty_hint=_("Make one below when a program is to read results."),
    )
