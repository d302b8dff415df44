"""The same person known twice: candidates a person decides on, and merges that can be undone."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.people.matching.queries import MatchCandidateQuerySet
from microcities.people.models.persons import Person
from microcities.privacy.declarations import AboutPerson, OnErasure, Purpose, personal


class MatchState(models.TextChoices):
    """What was decided about a pair."""

    OPEN = "open", _("to be decided")
    SAME = "same", _("the same person")
    DIFFERENT = "different", _("two persons")


class MatchCandidate(models.Model):
    """Two records that may be one person, with the score and the reasons; a person decides."""

    privacy = AboutPerson(
        path="first",
        impersonal=("id", "first", "second", "score", "state", "decided_by_id", "decided_at"),
        shared_with=("second",),
    )

    first = models.ForeignKey(Person, models.CASCADE, related_name="candidates_as_first")
    second = models.ForeignKey(Person, models.CASCADE, related_name="candidates_as_second")
    score = models.DecimalField(_("likeness"), max_digits=4, decimal_places=3)
    reasons = personal(
        models.JSONField(_("reasons"), default=list),
        purpose=Purpose.IDENTIFY, on_erasure=OnErasure.DELETE_ROW, in_export=False,
    )
    state = models.CharField(_("state"), max_length=10, choices=MatchState, default=MatchState.OPEN)
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects = MatchCandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible double record")
        verbose_name_plural = _("possible double records")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="candidate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="candidate_ordered"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="candidate_score"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by_id__isnull=True, decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_by_id__isnull=False, decided_at__isnull=False)),
                name="candidate_decided_by_somebody",
            ),
        ]


class Merge(models.Model):
    """Record of one merge: what was moved, so that it can be moved back."""

    privacy = AboutPerson(
        path="kept",
        impersonal=("id", "kept", "absorbed", "moved", "merged_by_id", "merged_at", "undone_by_id", "undone_at"),
        shared_with=("absorbed",),
    )

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges_as_kept")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="merges_as_absorbed")
    # {"app.Model.field": [primary keys]}: rows that pointed to `absorbed` and now point to `kept`.
    moved = models.JSONField(default=dict)
    reason = personal(models.TextField(_("reason")), purpose=Purpose.IDENTIFY)
    merged_by_id = models.BigIntegerField()
    merged_at = models.DateTimeField(db_default=models.functions.Now())
    undone_by_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of records")
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("absorbed")), name="merge_of_another"),
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at__isnull=True), name="merge_absorbed_once"
            ),
        ]
