"""Decision files: each a recorded run of an engine that an auditor can repeat and compare."""

import json
import uuid
from functools import cached_property
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.decisions.queries import DecisionRunQuerySet
from microcities.people.models import Organisation
from microcities.privacy.declarations import NoPersonalData
from microcities.rulebooks.reading import RuleUse


class State(models.TextChoices):
    """A run advises until a person confirms it or sets it aside; both are final."""

    PROPOSED = "proposed", _("waiting for confirmation")
    CONFIRMED = "confirmed", _("confirmed")
    DISCARDED = "discarded", _("discarded")


class DecisionRun(models.Model):
    """One run of an engine. The database refuses every change but the step from proposed to confirmed or discarded.

    Input and output are canonical JSON text, so that the database can hold the digests against them. Who ran and
    who confirmed are account numbers without a foreign key, as in the trail: the file outlives the accounts.
    `subject_kind` is "app.model", `subject_ref` the number or public identifier there.
    """

    privacy = NoPersonalData(
        "engines that decide receive numbers and codes, never names: actions.record_run refuses an input in which "
        "pseudonyms.names_nobody finds identifying fields, addresses, codes or names; account numbers point to nobody "
        "readable once the account is erased"
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    engine = models.CharField(_("engine"), max_length=120)
    engine_version = models.CharField(_("version of the engine"), max_length=40)
    seed = models.BigIntegerField(_("seed"), validators=[MinValueValidator(0)])
    input_json = models.TextField(_("input"))
    output_json = models.TextField(_("output"))
    input_sha256 = models.CharField(_("digest of the input"), max_length=64)
    output_sha256 = models.CharField(_("digest of the output"), max_length=64)
    rulebook_uses = models.JSONField(_("rules used"), default=list)
    subject_kind = models.CharField(_("kind of subject"), max_length=80)
    subject_ref = models.CharField(_("reference of the subject"), max_length=64)
    subject_label = models.CharField(_("what it is about"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    needs_second_person = models.BooleanField(_("a second person confirms"), default=False)
    run_by_id = models.BigIntegerField(_("run by"), null=True)
    run_by_system = models.CharField(_("part of the platform"), max_length=80, blank=True)
    run_at = models.DateTimeField(_("run at"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    confirmed_by_id = models.BigIntegerField(_("confirmed by"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    discarded_by_id = models.BigIntegerField(_("discarded by"), null=True)
    discarded_at = models.DateTimeField(_("discarded at"), null=True)
    discard_reason = models.CharField(_("why it was discarded"), max_length=500, blank=True)

    objects = DecisionRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision file")
        verbose_name_plural = _("decision files")
        indexes = [
            models.Index(fields=["-run_at", "-id"], name="decision_newest"),
            models.Index(fields=["subject_kind", "subject_ref"], name="decision_subject"),
            models.Index(fields=["organisation"], condition=Q(state="proposed"), name="decision_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(seed__gte=0), name="decision_seed_not_negative"),
            models.CheckConstraint(condition=Q(subject_kind__regex=r"^[a-z_]+\.[a-z_]+$"), name="decision_kind"),
            models.CheckConstraint(condition=~Q(subject_ref=""), name="decision_has_a_subject"),
            models.CheckConstraint(
                condition=Q(run_by_id__isnull=False, run_by_system="")
                | (Q(run_by_id__isnull=True) & ~Q(run_by_system="")),
                name="decision_run_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="proposed",
                    confirmed_by_id__isnull=True,
                    confirmed_at__isnull=True,
                    discarded_by_id__isnull=True,
                    discarded_at__isnull=True,
                    discard_reason="",
                )
                | Q(
                    state="confirmed",
                    confirmed_by_id__isnull=False,
                    confirmed_at__gte=F("run_at"),
                    discarded_by_id__isnull=True,
                    discarded_at__isnull=True,
                    discard_reason="",
                )
                | (
                    Q(
                        state="discarded",
                        discarded_by_id__isnull=False,
                        discarded_at__gte=F("run_at"),
                        confirmed_by_id__isnull=True,
                        confirmed_at__isnull=True,
                    )
                    & ~Q(discard_reason="")
                ),
                name="decision_settled_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(needs_second_person=False)
                | Q(confirmed_by_id__isnull=True)
                | Q(run_by_id__isnull=True)
                | ~Q(confirmed_by_id=F("run_by_id")),
                name="decision_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engine}: {self.about}"

    @property
    def about(self) -> str:
        """What the decision is about, in words."""
        return self.subject_label or f"{self.subject_kind} {self.subject_ref}"

    @cached_property
    def input(self) -> dict[str, Any]:
        """The checked input of the engine, defaults filled in."""
        return dict(json.loads(self.input_json))

    @cached_property
    def output(self) -> dict[str, Any]:
        """The answer of the engine, floats to ten digits; its reasons are part of it."""
        return dict(json.loads(self.output_json))

    @property
    def uses(self) -> list[RuleUse]:
        """The rulebook versions whose values the input holds."""
        return [RuleUse(*use) for use in self.rulebook_uses]
