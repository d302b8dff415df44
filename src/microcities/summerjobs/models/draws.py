"""Draws of a scheme, employers' rankings, and the placements that draws and refills give."""

import uuid
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from microcities.decisions.models import DecisionRun
from microcities.people.models import Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal
from microcities.summerjobs.models.applications import Application
from microcities.summerjobs.models.posts import Post
from microcities.summerjobs.models.schemes import SummerScheme
from microcities.summerjobs.queries import DrawQuerySet, PlacementQuerySet

FACT: dict[str, Any] = {"purpose": Purpose.ACCOUNT_FOR, "on_erasure": OnErasure.KEEP}
WORDS: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.BLANK}


class Ranking(models.Model):
    """A pupil whom an employer would have at a post, for the places that the employer chooses; rank 1 is the first."""

    privacy = AboutPerson(path="application.person", impersonal=("id", "application", "post"))

    post = models.ForeignKey(Post, models.CASCADE, related_name="ranking", verbose_name=_("post"))
    application = models.ForeignKey(Application, models.CASCADE, related_name="ranked", verbose_name=_("application"))
    rank = personal(models.PositiveSmallIntegerField(_("rank")), **FACT)

    class Meta:
        verbose_name = _("employer's ranking")
        verbose_name_plural = _("employers' rankings")
        ordering = ("post_id", "rank")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "rank"], name="ranking_one_per_rank", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["post", "application"], name="ranking_once"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="ranking_rank"),
        ]


class DrawKind(models.TextChoices):
    """A first draw, or a later one from the same lots that fills what has become free."""

    FIRST = "first", _("draw")
    REFILL = "refill", _("refill from the waiting list")


class Draw(models.Model):
    """One draw. What goes into it is frozen and its digest shown before anybody knows the seed; then it is run and published.

    The database refuses a change of what is frozen, of a seed, and of anything once it is published, see migration 0002.
    """

    privacy = NoPersonalData("pupils stand in it by the codes of their applications")

    scheme = models.ForeignKey(SummerScheme, models.PROTECT, related_name="draws", verbose_name=_("scheme"))
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=6, choices=DrawKind)
    # Canonical JSON of the engine's input without the seed, and its SHA-256.
    frozen_input = models.TextField(_("input"))
    frozen_sha256 = models.CharField(_("digest of the input"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen"))
    frozen_by_id = models.BigIntegerField(null=True)
    public_seed = models.CharField(_("seed"), max_length=1000, blank=True)
    seed_source = models.CharField(_("where the seed comes from"), max_length=500, blank=True)
    seeded_at = models.DateTimeField(_("seed entered"), null=True, blank=True)
    seeded_by_id = models.BigIntegerField(null=True, blank=True)
    run = models.OneToOneField(
        DecisionRun, models.PROTECT, null=True, blank=True, related_name="summer_draw", verbose_name=_("decision file")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by_id = models.BigIntegerField(null=True, blank=True)
    set_aside_at = models.DateTimeField(_("set aside"), null=True, blank=True)
    set_aside_reason = models.CharField(_("why it was set aside"), max_length=500, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering = ("scheme_id", "number")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="draw_number_once"),
            models.UniqueConstraint(
                fields=["scheme"], condition=Q(published_at__isnull=True, set_aside_at__isnull=True), name="draw_one_under_way",
            ),
            models.CheckConstraint(condition=Q(kind__in=DrawKind.values), name="draw_kind_known"),
            models.CheckConstraint(condition=Q(frozen_sha256__regex=r"^[0-9a-f]{64}$"), name="draw_digest"),
            models.CheckConstraint(
                condition=Q(public_seed="", seeded_at__isnull=True) | (~Q(public_seed="") & Q(seeded_at__isnull=False)),
                name="draw_seed_dated",
            ),
            models.CheckConstraint(condition=Q(run__isnull=True) | ~Q(public_seed=""), name="draw_run_with_seed"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(run__isnull=False, set_aside_at__isnull=True),
                name="draw_published_after_run",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True, set_aside_reason="")
                | (Q(set_aside_at__isnull=False) & ~Q(set_aside_reason="")),
                name="draw_set_aside_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.number}"


class PlacementState(models.TextChoices):
    """What became of a place that was offered."""

    OFFERED = "offered", _("waits for the pupil's answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("not answered in time")
    WITHDRAWN = "withdrawn", _("withdrawn before the work")
    DROPPED_OUT = "dropped_out", _("ended early")
    COMPLETED = "completed", _("worked to the end")


# States in which a place is taken and the pupil's days are given away.
LIVE = (PlacementState.OFFERED, PlacementState.ACCEPTED, PlacementState.COMPLETED)
ENDED_WITH_REASON = (PlacementState.WITHDRAWN, PlacementState.DROPPED_OUT)


class Placement(models.Model):
    """One pupil in one place of a post. No place is given twice and no pupil has two placements on one day."""

    privacy = AboutPerson(
        path="person",
        impersonal=("id", "public_id", "application", "person", "post", "seat", "slot", "draw", "offered_at", "ended_by_id"),
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="placements", verbose_name=_("application")
    )
    # The application's person again, so that the database can hold the days of one person apart.
    person = models.ForeignKey(Person, models.PROTECT, related_name="summer_placements", verbose_name=_("pupil"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="placements", verbose_name=_("post"))
    # From 1 to the post's places; a place that has become free is given again under the same number.
    seat = models.PositiveSmallIntegerField(_("place"))
    # `open`, `chosen` or the group for which the place is kept.
    slot = models.SlugField(_("kind of place"), max_length=40, default="open")
    draw = models.ForeignKey(
        Draw, models.PROTECT, null=True, blank=True, related_name="placements", verbose_name=_("draw")
    )
    first_on = personal(models.DateField(_("first day of work")), **FACT)
    last_on = personal(models.DateField(_("last day of work")), **FACT)
    state = personal(models.CharField(_("state"), max_length=11, choices=PlacementState), **FACT)
    offered_at = models.DateTimeField(_("offered"))
    answer_by = personal(models.DateTimeField(_("answer by")), **FACT)
    answered_at = personal(models.DateTimeField(_("answered"), null=True, blank=True), **FACT)
    ended_on = personal(models.DateField(_("last day of an early end"), null=True, blank=True), **FACT)
    ended_by_id = models.BigIntegerField(null=True, blank=True)
    end_reason = personal(models.CharField(_("why it ended"), max_length=300, blank=True), **WORDS)
    # The medical check, or the doctor's note that the law takes for holiday work.
    medical_on = personal(models.DateField(_("medical check or doctor's note of"), null=True, blank=True), **FACT)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        # That the person is the application's, that the days lie in the post's period, and that there are no more seats than
        # places, is held by triggers, see migration 0002.
        constraints = [
            models.UniqueConstraint(fields=["post", "seat"], condition=Q(state__in=LIVE), name="placement_seat_once"),
            ExclusionConstraint(
                name="placement_days_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Func("first_on", "last_on", Value("[]"), function="daterange", output_field=DateRangeField()),
                     RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=LIVE),
            ),
            models.CheckConstraint(condition=Q(state__in=PlacementState.values), name="placement_state_known"),
            models.CheckConstraint(condition=Q(seat__gte=1), name="placement_seat"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="placement_days"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined", "completed", "dropped_out"]) | Q(answered_at__isnull=False),
                name="placement_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped_out") | Q(ended_on__isnull=False), name="placement_early_end_dated"
            ),
            models.CheckConstraint(condition=Q(answer_by__gt=F("offered_at")), name="placement_answer_after_offer"),
        ]
        indexes = [
            models.Index(fields=["state", "answer_by"], name="placement_waiting"),
            models.Index(fields=["application", "state"], name="placement_of_application"),
        ]

    @property
    def is_live(self) -> bool:
        """Whether it takes a place."""
        return self.state in LIVE
