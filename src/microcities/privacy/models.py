"""Requests of persons, legal holds, and the events from which the retention clocks of programmes run."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.privacy.declarations import AboutPerson, Basis, NoPersonalData, OnErasure, Purpose, personal
from microcities.privacy.queries import LegalHoldQuerySet, RequestQuerySet


class RequestKind(models.TextChoices):
    """What a person asks for; looking and taking along need no request."""

    ERASURE = "erasure", _("erasure")
    RECTIFICATION = "rectification", _("correction")


class RequestState(models.TextChoices):
    """What became of a request."""

    OPEN = "open", _("waiting for an answer")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Request(models.Model):
    """A person's, or a guardian's, request about a record; the data protection officer answers with a reason."""

    privacy = AboutPerson(
        path="person", impersonal=("id", "person", "kind", "asked_by_id", "state", "due_on", "decided_by_id")
    )

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="privacy_requests")
    kind = models.CharField(_("request"), max_length=16, choices=RequestKind)
    message = personal(models.TextField(_("message"), blank=True), purpose=Purpose.ACCOUNT_FOR, basis=Basis.LEGAL_DUTY)
    asked_by_id = models.BigIntegerField(_("asked by"))
    asked_at = personal(
        models.DateTimeField(_("asked"), db_default=models.functions.Now()),
        purpose=Purpose.ACCOUNT_FOR,
        basis=Basis.LEGAL_DUTY,
        on_erasure=OnErasure.KEEP,
    )
    due_on = models.DateField(_("answer due"))
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.OPEN)
    answer = personal(models.TextField(_("answer"), blank=True), purpose=Purpose.ACCOUNT_FOR, basis=Basis.LEGAL_DUTY)
    decided_by_id = models.BigIntegerField(_("decided by"), null=True, blank=True)
    decided_at = personal(
        models.DateTimeField(_("decided"), null=True, blank=True),
        purpose=Purpose.ACCOUNT_FOR,
        basis=Basis.LEGAL_DUTY,
        on_erasure=OnErasure.KEEP,
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state="open"), name="privacy_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | Q(~Q(state="open"), decided_at__isnull=False),
                name="privacy_request_decided_at",
            ),
        ]


class LegalHold(models.Model):
    """Proceedings or a claim: while it is in force, what it covers is neither erased nor removed by a clock."""

    privacy = AboutPerson(
        path="person", impersonal=("id", "person", "programme", "from_on", "to_on", "placed_by_id", "placed_at")
    )

    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="legal_holds", verbose_name=_("person")
    )
    programme = models.ForeignKey(
        "programme.Programme",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="legal_holds",
        verbose_name=_("programme"),
    )
    reason = personal(
        models.TextField(_("reason")), purpose=Purpose.ACCOUNT_FOR, basis=Basis.LEGAL_DUTY, in_export=False
    )
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    placed_by_id = models.BigIntegerField(_("placed by"))
    placed_at = models.DateTimeField(db_default=models.functions.Now())

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, programme__isnull=True)
                | Q(person__isnull=True, programme__isnull=False),
                name="legal_hold_person_or_programme",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="legal_hold_dates"
            ),
        ]

    def days_until(self, on: date) -> int:
        """Days on which the hold has stopped the clocks, up to a day, both ends counted."""
        end = min(self.to_on, on) if self.to_on else on
        return max(0, (end - self.from_on).days + 1)


class RetentionStart(models.Model):
    """The event from which a programme's retention clock runs; without it nothing is due."""

    privacy = NoPersonalData("dates of a programme's money")

    programme = models.OneToOneField(
        "programme.Programme", models.PROTECT, related_name="retention_start", verbose_name=_("programme")
    )
    clock = models.SlugField(_("retention clock"), max_length=40)
    event_on = models.DateField(_("date of the event"))
    source = models.CharField(_("document that proves the date"), max_length=200)

    class Meta:
        verbose_name = _("start of a retention clock")
        verbose_name_plural = _("starts of retention clocks")
