"""What employers claim back, what the city decides and pays, and the wages that prove it."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.decisions.models import DecisionRun
from microcities.privacy.declarations import AboutPerson, Basis, NoPersonalData, OnErasure, Purpose, personal
from microcities.summerjobs.models.draws import Placement
from microcities.summerjobs.models.posts import SummerHost
from microcities.summerjobs.models.schemes import SchemeFund
from microcities.summerjobs.queries import ClaimQuerySet

FOLDER = "summer-claims"
FACT: dict[str, Any] = {"purpose": Purpose.ACCOUNT_FOR, "on_erasure": OnErasure.KEEP}
# Proofs of payment are kept as long as the accounts; the clock of the programme ends that.
ROW: dict[str, Any] = {"purpose": Purpose.ACCOUNT_FOR, "basis": Basis.LEGAL_DUTY, "on_erasure": OnErasure.DELETE_ROW}
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


class ClaimState(models.TextChoices):
    """How far a claim has come."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned with questions")
    APPROVED = "approved", _("approved")
    PAID = "paid", _("paid")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Claim(models.Model):
    """An employer's claim for days between two days. A correction names the claim that it replaces."""

    privacy = NoPersonalData("an organisation's claim; wages and lines of pupils are records of their own")

    host = models.ForeignKey(SummerHost, models.PROTECT, related_name="claims", verbose_name=_("employer"))
    number = models.CharField(_("number"), max_length=40, unique=True)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=9, choices=ClaimState, default=ClaimState.DRAFT)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    reason = models.CharField(_("why it is corrected"), max_length=300, blank=True)
    # What the employer declares when submitting: wages and contributions are paid, nobody else pays for the same.
    declared_at = models.DateTimeField(_("declared and submitted"), null=True, blank=True)
    declared_by_id = models.BigIntegerField(null=True, blank=True)
    question = models.CharField(_("what the city asks"), max_length=500, blank=True)
    run = models.ForeignKey(
        DecisionRun, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decision file")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by_id = models.BigIntegerField(null=True, blank=True)
    paid_on = models.DateField(_("paid"), null=True, blank=True)
    payment_reference = models.CharField(_("reference of the payment"), max_length=80, blank=True)
    paid_by_id = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=models.functions.Now())

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        # That a decided claim's lines and wages stay as they were is held by triggers.
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_known"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="claim_days"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(declared_at__isnull=False), name="claim_declared"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"])
                | Q(run__isnull=False, approved_at__isnull=False, approved_by_id__isnull=False),
                name="claim_approved_by_somebody",
            ),
            # Whoever submits cannot approve, and whoever approves cannot pay.
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=F("declared_by_id")), name="claim_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | (Q(paid_on__isnull=False) & ~Q(payment_reference="")), name="claim_paid_dated"
            ),
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(question=""), name="claim_returned_with_question"),
            models.CheckConstraint(condition=Q(corrects__isnull=True) | ~Q(reason=""), name="claim_corrects_with_reason"),
        ]
        indexes = [models.Index(fields=["host", "state"], name="claim_of_host")]

    def __str__(self) -> str:
        return self.number


class PaidWage(models.Model):
    """What the employer says it paid a pupil for a month, gross, with unused leave."""

    privacy = AboutPerson(path="placement.person", impersonal=("id", "claim", "placement"))

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="wages", verbose_name=_("claim"))
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="wages", verbose_name=_("placement"))
    month = personal(models.CharField(_("month"), max_length=7), **FACT)
    amount = personal(
        models.DecimalField(_("paid, EUR"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]), **FACT
    )
    leave_days = personal(
        models.DecimalField(
            _("unused leave paid out, working days"), max_digits=4, decimal_places=2, default=0,
            validators=[MinValueValidator(0)],
        ),
        **FACT,
    )

    class Meta:
        verbose_name = _("wage paid")
        verbose_name_plural = _("wages paid")
        ordering = ("claim_id", "placement_id", "month")
        constraints = [
            models.UniqueConstraint(fields=["claim", "placement", "month"], name="paid_wage_once"),
            models.CheckConstraint(condition=Q(month__regex=MONTH), name="paid_wage_month"),
            models.CheckConstraint(condition=Q(amount__gte=0, leave_days__gte=0), name="paid_wage_amount"),
        ]


class LineKind(models.TextChoices):
    """What an amount is paid for; values as in the engine summerjobs.claim."""

    SUBSIDY = "subsidy", _("subsidy to the wage")
    SUPERVISOR = "supervisor", _("supervisor's grant")


class ClaimLine(models.Model):
    """One decided amount: a pupil, a month, a source of money. Written when the claim is approved, and never after."""

    privacy = AboutPerson(path="placement.person", impersonal=("id", "claim", "placement", "fund", "kind"))

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines", verbose_name=_("claim"))
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="claim_lines", verbose_name=_("placement"))
    fund = models.ForeignKey(SchemeFund, models.PROTECT, related_name="claim_lines", verbose_name=_("paid from"))
    month = personal(models.CharField(_("month"), max_length=7), **FACT)
    kind = models.CharField(_("paid for"), max_length=10, choices=LineKind)
    minutes = personal(models.PositiveIntegerField(_("minutes")), **FACT)
    amount = personal(models.DecimalField(_("amount, EUR"), max_digits=10, decimal_places=2), **FACT)

    class Meta:
        verbose_name = _("line of a claim")
        verbose_name_plural = _("lines of claims")
        ordering = ("claim_id", "placement_id", "month", "kind")
        constraints = [
            models.UniqueConstraint(fields=["claim", "placement", "month", "fund", "kind"], name="claim_line_once"),
            models.CheckConstraint(condition=Q(kind__in=LineKind.values), name="claim_line_kind_known"),
            models.CheckConstraint(condition=Q(month__regex=MONTH), name="claim_line_month"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="claim_line_amount"),
        ]


class ClaimDocument(models.Model):
    """Evidence of what one pupil was paid: a payslip, a bank's confirmation. Only the two sides of the claim open it."""

    privacy = AboutPerson(path="placement.person", impersonal=("id", "claim", "placement", "added_at"), files=("file",))

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="documents", verbose_name=_("claim"))
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="claim_documents", verbose_name=_("placement")
    )
    title = personal(models.CharField(_("what it is"), max_length=120), **ROW)
    file = personal(models.FileField(_("document"), upload_to=FOLDER), **ROW)
    name = personal(models.CharField(_("name of the file"), max_length=120), **ROW)
    size = personal(models.PositiveIntegerField(_("size in bytes")), **ROW)
    added_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        verbose_name = _("document of a claim")
        verbose_name_plural = _("documents of claims")
        ordering = ("-added_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=~Q(file="") & ~Q(name="") & ~Q(title=""), name="claim_document_is_a_file"),
            models.CheckConstraint(condition=Q(size__gte=1), name="claim_document_size"),
        ]

    def __str__(self) -> str:
        return self.title
