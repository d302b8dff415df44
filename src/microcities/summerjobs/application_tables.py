"""The city's table of applications."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.database.expressions import LatvianKey
from microcities.privacy.looks import log_download
from microcities.summerjobs.models import Application, GuardianWord
from microcities.ui.components import status
from microcities.ui.filters import ChoiceFilter
from microcities.ui.tables import Column, Table


def application_table(rows: QuerySet[Application], params: QueryDict) -> Table:
    """Applications by the day on which they were sent."""
    consent = GuardianWord.objects.filter(application=OuterRef("pk"), withdrawn_at__isnull=True)
    return Table(
        rows=rows.select_related("person", "school").annotate(
            wished=Count("wishes", distinct=True), spoken=Exists(consent.exclude(kind="refused")),
            unproved=Count("groups", filter=Q(groups__seen_on__isnull=True), distinct=True),
        ),
        columns=[
            Column("code", _("Code"), heading=True, order_by="code",
                   link=lambda row: reverse("summerjobs:application-check", args=[row.pk])),
            Column("person", _("Pupil"), value="person.name", order_by=(
                LatvianKey("person__family_name"), LatvianKey("person__given_name"))),
            Column("school", _("School"), value=lambda row: str(row.school or ""), order_by=LatvianKey("school__name")),
            Column("sent", _("Sent"), value="submitted_at", order_by="submitted_at"),
            Column("wishes", _("Wishes"), value="wished", numeric=True),
            Column("guardian", _("Guardian has spoken"), value=lambda row: _("yes") if row.spoken else _("no"),
                   order_by="spoken",
                   filter=ChoiceFilter("spoken", choices=[("True", _("yes")), ("False", _("no"))])),
            Column("unproved", _("Proofs to see"), value="unproved", numeric=True, order_by="unproved"),
            Column("state", _("State"), value=lambda row: _word(row)[0], cell=lambda row: status(*_word(row)),
                   order_by="checked_at"),
        ],
        params=params, name="a", caption=_("Applications"), default_sort="-sent", headed=True,
        empty=_("Nobody has applied yet"), empty_hint=_("Applications appear here once pupils have sent them."),
        on_export=log_download(_("applications for summer work"), lambda row: (row.person,)),
    )


def _word(row: Application) -> tuple[str, Any]:
    if row.refused_reason:
        return _("refused"), "warning"
    if row.withdrawn_at is not None:
        return _("withdrawn"), "neutral"
    if row.missing:
        return _("something is missing"), "warning"
    return (_("checked"), "good") if row.checked_at is not None else (_("to be checked"), "info")
