"""What somebody answered in an interest questionnaire; the person's own, until the person shows it to the counsellors."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.careers.queries import InterestSheetQuerySet
from microcities.people.models import Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal

OWN: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.DELETE_ROW}


class InterestSheet(models.Model):
    """One going through the questionnaire. Answering is voluntary; the person deletes a sheet at any time."""

    privacy = AboutPerson(path="person", impersonal=("id", "person", "questionnaire"))

    person = models.ForeignKey(Person, models.PROTECT, related_name="interest_sheets", verbose_name=_("person"))
    # Name and version of the questionnaire: microcities-interests-1.
    questionnaire = models.CharField(_("questionnaire"), max_length=80)
    # {code of the item: answer}; what was left out is not there.
    answers = personal(models.JSONField(_("answers"), default=dict, blank=True), **OWN)
    # Places of the ticked words, some of which do not exist; null until the person came to them.
    words = personal(models.JSONField(_("words known"), null=True, blank=True), **OWN)
    begun_at = personal(models.DateTimeField(_("begun"), db_default=models.functions.Now()), **OWN)
    finished_at = personal(models.DateTimeField(_("finished"), null=True, blank=True), **OWN)
    shared_on = personal(models.DateField(_("shown to the counsellors since"), null=True, blank=True), **OWN)

    objects = InterestSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers on interests")
        verbose_name_plural = _("answers on interests")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "questionnaire"], condition=Q(finished_at__isnull=True), name="interest_sheet_one_open"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("begun_at")), name="interest_sheet_times"
            ),
            models.CheckConstraint(
                condition=Q(shared_on__isnull=True) | Q(finished_at__isnull=False), name="interest_sheet_shared_when_finished"
            ),
        ]
        indexes = [models.Index(fields=["person", "finished_at"], name="interest_sheet_of_person")]

    @property
    def seconds(self) -> float | None:
        """From the opening of the first page to the end, pauses counted; None while it is open."""
        return (self.finished_at - self.begun_at).total_seconds() if self.finished_at else None


class InterestNorm(models.Model):
    """How many people of a group had which score: what percentiles are read from, computed anew each night.

    Kept only of groups that are large enough by the rulebook careers.interest_reading.
    """

    privacy = NoPersonalData("counts of at least as many people as the rulebook asks for")
    trail_exempt = "derived from answers on interests each night; the trail would keep counts of deleted answers"

    questionnaire = models.CharField(_("questionnaire"), max_length=80)
    # A sex, or empty for everybody.
    group = models.CharField(_("group"), max_length=8, blank=True)
    people = models.PositiveIntegerField(_("people"))
    # For R, I, A, S, E, C: pairs of (score, people), the lowest score first.
    counts = models.JSONField(_("counts"))
    computed_at = models.DateTimeField(_("computed"), db_default=models.functions.Now())

    class Meta:
        verbose_name = _("norm of interests")
        verbose_name_plural = _("norms of interests")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "group"], name="interest_norm_once_a_group"),
            models.CheckConstraint(condition=Q(people__gte=30), name="interest_norm_not_of_few"),
        ]
