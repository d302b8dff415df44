"""Questions asked of activities and participations."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Coalesce

from microcities.database.expressions import LatvianKey
from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.participation.models import Activity, ListImport, ListRow, Participation
    from microcities.people.models import Account


class RowsOf(models.Subquery):
    """How many rows a subquery has; with a limit, counted so far and no further."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Activities. They are public; who took part is not."""

    def run_by(self, account: "Account") -> "ActivityQuerySet":
        """Activities of the organisations for which the account may bring lists."""
        return self.filter(organisation_id__in=account.organisation_ids(Permission.IMPORT_LISTS))

    def with_records_among(self, records: "ParticipationQuerySet", most: int) -> "ActivityQuerySet":
        """Activities that have some of these records, with their number as `records`, counted up to `most`."""
        theirs = records.filter(activity=models.OuterRef("pk")).order_by()
        return self.filter(models.Exists(theirs)).annotate(records=RowsOf(theirs.values("pk")[:most]))

    def in_latvian_order(self) -> "ActivityQuerySet":
        return self.order_by(LatvianKey("name"), "pk")


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Participations."""

    def visible_to(self, account: "Account") -> "ParticipationQuerySet":
        """All for whoever may see everybody; else those of own organisations' activities, and one's own."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        own = models.Q(person_id=account.person_id) if account.person_id else models.Q(pk__in=[])
        organisations = account.organisation_ids(Permission.SEE_OWN_PEOPLE)
        return self.filter(models.Q(activity__organisation_id__in=organisations) | own)

    def unconfirmed(self) -> "ParticipationQuerySet":
        return self.filter(verification="unverified")

    def confirmable_by(self, account: "Account") -> "ParticipationQuerySet":
        """Records that wait for this account: of its organisations, or of all, and brought by somebody else."""
        if not account.may(Permission.CONFIRM_RECORDS):
            return self.none()
        waiting = self.unconfirmed().exclude(brought_by_id=account.pk)
        if account.may(Permission.SEE_ALL_PEOPLE):
            return waiting
        return waiting.filter(activity__organisation_id__in=account.organisation_ids(Permission.CONFIRM_RECORDS))

    def counted_people(self) -> int:
        """Distinct people, or organisations, who started and were not rejected; merged records are one person."""
        who = Coalesce("person__merged_into_id", "person_id", "organisation_id")
        started = self.filter(started_on__isnull=False).exclude(verification="rejected")
        return int(started.aggregate(people=models.Count(who, distinct=True))["people"])


class ListImportQuerySet(models.QuerySet["ListImport"]):
    """Lists that partners brought."""

    def visible_to(self, account: "Account") -> "ListImportQuerySet":
        """All for whoever may see everybody; else those of the organisations for which the account may bring lists."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        return self.filter(organisation_id__in=account.organisation_ids(Permission.IMPORT_LISTS))

    def brought_for(self, account: "Account") -> "ListImportQuerySet":
        """Lists of the organisations for which the account may bring lists."""
        return self.filter(organisation_id__in=account.organisation_ids(Permission.IMPORT_LISTS))

    def unfinished(self) -> "ListImportQuerySet":
        """Lists that wait for somebody: columns to match, or a comparison to look at."""
        return self.filter(state__in=["uploaded", "checked", "failed"])


class ListRowQuerySet(models.QuerySet["ListRow"]):
    """Rows of lists."""

    def refused(self) -> "ListRowQuerySet":
        return self.filter(outcome="refused")
