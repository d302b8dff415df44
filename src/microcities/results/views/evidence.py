"""The records a figure was counted from, filtered, each with its way to the record and its history."""

from collections.abc import Iterable
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.evidence.models import EvidenceRow
from microcities.evidence.queries import EvidenceRowQuerySet
from microcities.evidence.registry import REGISTRY
from microcities.people.models import Organisation, Person
from microcities.programme.models import City, FundingSource, Partner, Programme
from microcities.results.rows import evidence_rows
from microcities.results.rules import may_see_detail
from microcities.results.views.asking import asked, crumbs, the_indicator, the_programme
from microcities.results.words import PROOF_WORDS, VERIFICATION_WORDS
from microcities.trail.looks import note_looks
from microcities.ui.filters import ChoiceFilter, DateFilter
from microcities.ui.pages import page
from microcities.ui.tables import Column, Table

MINOR_BELOW = 18


@allow(may_see_detail)
def evidence_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """Every record behind an indicator's figure that this reader may see."""
    programme = the_programme(request)
    indicator = the_indicator(programme, code)
    form, question, reader = asked(request, programme)
    kept = urlencode({name: value for name, value in request.GET.items() if value and name in form.fields})
    below = request.GET.get("part") == "denominator"
    rows = evidence_rows(indicator, programme, question, reader.partners, in_denominator=below)
    names = _Names(programme)
    table = _table(request, rows, names)
    table.on_export = partial(note_minors, what=indicator.code, reason="results.export")
    if table.export_format:
        return table.export(f"{indicator.code}-records")
    names.read(table.page.rows)
    note_minors(table.page.rows, indicator.code)
    context = {
        "indicator": indicator, "table": table, "question": question, "own_only": reader.partners is not None,
        "below": below, "query": f"?{kept}" if kept else "",
        "back": f"{reverse('results:indicator', args=[code])}?{request.GET.urlencode()}",
        "crumbs": crumbs((str(indicator), reverse("results:indicator", args=[code])), (_("Records"), "")),
    }
    return page(request, "results/evidence.html", context, part="table")


class _Names:
    """Names of cities, partners and payers, read once, and of the subjects of one page."""

    def __init__(self, programme: Programme) -> None:
        self.cities = {city.pk: str(city) for city in City.objects.in_latvian_order()}
        self.payers = {source.pk: str(source) for source in FundingSource.objects.order_by("pk")}
        partners = Partner.objects.filter(programme=programme).select_related("organisation")
        self.partners = {partner.organisation_id: str(partner) for partner in partners}
        self.people: dict[int, Person] = {}
        self.organisations: dict[int, Organisation] = {}

    def read(self, rows: Iterable[Any]) -> None:
        """Fetch the subjects of these rows."""
        kinds: dict[str, set[int]] = {"person": set(), "organisation": set()}
        for row in rows:
            kinds.setdefault(row.subject_kind, set()).add(row.subject_id)
        self.people = Person.objects.in_bulk(kinds["person"]) if kinds["person"] else {}
        self.organisations = Organisation.objects.in_bulk(kinds["organisation"]) if kinds["organisation"] else {}

    def subject(self, row: Any) -> str:
        if row.subject_kind == "person" and row.subject_id in self.people:
            return self.people[row.subject_id].name
        if row.subject_kind == "organisation" and row.subject_id in self.organisations:
            return str(self.organisations[row.subject_id])
        return _("number %(number)s") % {"number": row.subject_id}

    def paid_by(self, row: Any) -> str:
        return ", ".join(self.payers.get(number, str(number)) for number in row.funding_ids)


def _table(request: HttpRequest, rows: "QuerySet[EvidenceRow]", names: _Names) -> Table:
    def by_payer(found: "QuerySet[EvidenceRow]", wanted: str) -> "QuerySet[EvidenceRow]":
        return found.filter(funding_ids__contains=[int(wanted)])

    def twice(found: "QuerySet[Any]", wanted: str) -> "QuerySet[EvidenceRow]":
        return cast(EvidenceRowQuerySet, found).paid_twice() if wanted == "yes" else found.filter(funding_ids__len__lte=1)

    columns = [
        Column("subject", _("Who or what"), value="subject_id", cell=names.subject, link=record_link, heading=True),
        Column("fact_on", _("Date"), order_by="fact_on"),
        Column("city", _("City"), value=lambda row: names.cities.get(row.city_id),
               filter=ChoiceFilter("city_id", choices=_choices(names.cities))),
        Column("partner", _("Partner"), value=lambda row: names.partners.get(row.partner_id),
               filter=ChoiceFilter("partner_id", choices=_choices(names.partners))),
        Column("payer", _("Paid by"), value=names.paid_by,
               filter=ChoiceFilter(by_payer, choices=_choices(names.payers))),
        Column("quantity", _("Quantity"), order_by="quantity", numeric=True),
        Column("proof", _("Proof"), value=lambda row: PROOF_WORDS.get(row.proof, row.proof)),
        Column("verification", _("Verification"), order_by="verification",
               value=lambda row: VERIFICATION_WORDS.get(row.verification, row.verification),
               filter=ChoiceFilter("verification", choices=list(VERIFICATION_WORDS.items()))),
        Column("history", _("History"), value="record_id", cell=lambda row: _("history"), link=history_link,
               in_file=False),
        Column("record", _("Record"), value="record_id", on_screen=False),
    ]
    return Table(
        rows=rows, columns=columns, params=request.GET, caption=_("Records"), name="rows", default_sort="fact_on",
        filters={
            "from": DateFilter("fact_on__gte", label=_("From")),
            "to": DateFilter("fact_on__lte", label=_("To")),
            "twice": ChoiceFilter(
                twice, label=_("Paid from more than one source"), choices=[("yes", _("yes")), ("no", _("no"))]
            ),
        },
        empty=_("No record counts here"), empty_hint=_("Choose a later day or another payer."),
    )


def _choices(names: dict[int, str]) -> list[tuple[str, str]]:
    return [(str(number), name) for number, name in names.items()]


def note_minors(rows: Iterable[Any], what: str, reason: str = "results.evidence") -> None:
    """Write down that the present reader has seen these minors' records, or taken them along (`results.export`)."""
    people = [row.subject_id for row in rows if row.subject_kind == "person"]
    if not people:
        return
    minors = Person.objects.filter(pk__in=people).under_age(MINOR_BELOW, timezone.localdate())
    note_looks(minors.values_list("pk", flat=True), reason=reason, what=what)


def record_link(row: Any) -> str:
    """The record's own page; records of a source without pages have their history only."""
    if row.source == "participation":
        return reverse("participation:record", args=[row.record_id])
    return history_link(row)


def history_link(row: Any) -> str:
    """The history of the record behind a row."""
    source = REGISTRY.sources.get(row.source)
    table = source.record.lower().replace(".", "_") if source else row.source
    return reverse("trail:row", args=[table, row.record_id])
