"""The city's table of agreements."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.database.expressions import LatvianKey
from microcities.privacy.looks import log_download
from microcities.summerjobs.agreement_rules import parties_of
from microcities.summerjobs.models import Placement
from microcities.ui.components import StatusKind, status
from microcities.ui.tables import Column, Table


def agreement_table(rows: QuerySet[Placement], params: QueryDict) -> Table:
    """Accepted places by the first day of work; `version` and `signed` stand on the rows."""
    return Table(
        rows=rows.select_related("person", "post__host__organisation"),
        columns=[
            Column("person", _("Pupil"), value="person.name", heading=True, order_by=(
                LatvianKey("person__family_name"), LatvianKey("person__given_name")),
                link=lambda row: reverse("summerjobs:agreement", args=[row.public_id])),
            Column("post", _("Work"), value=lambda row: str(row.post), order_by=LatvianKey("post__name")),
            Column("host", _("Employer"), value=lambda row: str(row.post.host),
                   order_by=LatvianKey("post__host__organisation__name")),
            Column("first_on", _("First day"), order_by="first_on"),
            Column("version", _("Version"), order_by="version", cell=lambda row: row.version or "–"),
            Column("state", _("State"), value=lambda row: _words(row)[0], cell=lambda row: status(*_words(row))),
            Column("medical", _("Medical check"), value="medical_on", order_by="medical_on"),
        ],
        params=params, name="agreements", caption=_("Work agreements"), default_sort="first_on", headed=True,
        empty=_("No place is accepted yet"), empty_hint=_("An agreement is made once a pupil has accepted a place."),
        on_export=log_download(_("agreements on summer work"), lambda row: (row.person,)),
    )


def _words(row: Placement) -> tuple[str, StatusKind]:
    signed, asked = row.signed, len(parties_of(row))  # type: ignore[attr-defined]
    if signed is None:
        return _("to be made"), "warning"
    if signed >= asked:
        return _("signed"), "good"
    return _("%(signed)s of %(asked)s have signed") % {"signed": signed, "asked": asked}, "info"
