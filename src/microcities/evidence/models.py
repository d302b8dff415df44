"""Evidence rows and tallies: derived from the services' records by the database itself, never written by hand."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from microcities.evidence.queries import EvidenceRowQuerySet, PartTallyQuerySet, TallyQuerySet
from microcities.privacy.declarations import NoPersonalData

DERIVED = "derived from the services' records, which are traced; `microcities check evidence` compares the two"


class EvidenceRow(models.Model):
    """One record that counts towards a measure, as it was known from one moment to another.

    `subject_id` is a person, an organisation or the record itself, by `subject_kind`; it is a number and no foreign key,
    because a figure outlives the person. `funding_ids` has the paying source first.
    """

    privacy = NoPersonalData("numbers that point to a person and identify nobody once that person is erased")
    trail_exempt = DERIVED

    source = models.CharField(max_length=40)
    measure = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    fact_on = models.DateField()
    city_id = models.BigIntegerField()
    partner_id = models.BigIntegerField()
    funding_ids = ArrayField(models.BigIntegerField())
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    proof = models.CharField(max_length=16)
    verification = models.CharField(max_length=12)
    sex = models.CharField(max_length=8)
    age = models.SmallIntegerField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)

    objects = EvidenceRowQuerySet.as_manager()

    class Meta:
        db_table = "evidence_row"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "record_id"],
                condition=Q(known_to__isnull=True),
                name="evidence_record_counts_once",
            ),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gte=models.F("known_from")), name="evidence_known"
            ),
        ]
        indexes = [
            models.Index(fields=["measure", "subject_kind", "subject_id"], name="evidence_subject"),
            models.Index(fields=["measure", "fact_on", "id"], name="evidence_by_day"),
            # A partner reads its own rows alone, which may be few among very many.
            models.Index(fields=["partner_id", "measure", "fact_on", "id"], name="evidence_of_partner"),
            models.Index(fields=["source", "record_id"], name="evidence_record"),
            # What has come or gone since a moment: rows come in the order of time, and few of them ever go.
            BrinIndex(fields=["known_from"], name="evidence_came", autosummarize=True),
            models.Index(fields=["known_to"], name="evidence_went", condition=Q(known_to__isnull=False)),
            # Few rows are paid twice, which the planner knows only of an index of them alone.
            models.Index(fields=["measure", "fact_on"], name="evidence_paid_twice", condition=Q(funding_ids__len__gt=1)),
        ]


class FirstCount(models.Model):
    """The first day on which a subject counts within a scope; 0 stands for "any". Row locks here keep counts exact."""

    privacy = NoPersonalData("numbers without identity, as in the evidence row")
    trail_exempt = DERIVED

    pk = models.CompositePrimaryKey("measure", "subject_kind", "subject_id", "funding_id", "city_id")
    measure = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    funding_id = models.BigIntegerField()
    city_id = models.BigIntegerField()
    first_on = models.DateField(null=True)


class Tally(models.Model):
    """By how much a count changed for one day of facts, and when that became known. Counts are sums of these.

    Scope 0 stands for any funding source, any city, any partner. `subjects` are distinct within the scope.
    """

    privacy = NoPersonalData("counts")
    trail_exempt = DERIVED

    measure = models.CharField(max_length=60)
    funding_id = models.BigIntegerField()
    city_id = models.BigIntegerField()
    partner_id = models.BigIntegerField()
    fact_on = models.DateField()
    known_at = models.DateTimeField()
    subjects = models.BigIntegerField(default=0)
    records = models.BigIntegerField(default=0)
    confirmed = models.BigIntegerField(default=0)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["funding_id", "city_id", "partner_id", "measure", "fact_on"], name="tally_scope")]


class PartTally(models.Model):
    """By how much the number of subjects changed that stand in one place; sums of these are a figure's parts.

    A subject stands where its first record within the scope (0 is any) stands: `fact_on`, city, partner, sex, age. This
    tells of the present only; what was known at an earlier moment is counted from the rows.
    """

    privacy = NoPersonalData("counts")
    trail_exempt = DERIVED

    measure = models.CharField(max_length=60)
    funding_id = models.BigIntegerField()
    city_id = models.BigIntegerField()
    partner_id = models.BigIntegerField()
    fact_on = models.DateField()
    at_city_id = models.BigIntegerField()
    at_partner_id = models.BigIntegerField()
    sex = models.CharField(max_length=8)
    age = models.SmallIntegerField(null=True)
    subjects = models.BigIntegerField()

    objects = PartTallyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["measure", "funding_id", "city_id", "partner_id", "fact_on"], name="part_tally_scope")
        ]
