"""Questions that people put to the counsellors of their school, with all turns of the thread."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.careers.models.guidance import GuidanceTalk
from microcities.careers.question_queries import QuestionQuerySet
from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, OnErasure, Purpose, personal

OWN: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.DELETE_ROW}


class Question(models.Model):
    """One thread: who asks, whose counsellors answer, and since when it waits for them."""

    privacy = AboutPerson(
        path="person", shared_with=("guardian",),
        impersonal=("id", "person", "organisation", "guardian", "talk", "closed_by_id"),
    )

    person = models.ForeignKey(Person, models.PROTECT, related_name="counsellor_questions", verbose_name=_("for"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="counsellor_questions", verbose_name=_("asked of")
    )
    # Who writes for a child under age; empty when the person asks.
    guardian = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="questions_for_wards", verbose_name=_("guardian")
    )
    asked_at = personal(models.DateTimeField(_("asked")), **OWN)
    # The first turn that is not answered yet; empty after an answer, and once the thread is closed.
    waits_since = personal(models.DateTimeField(_("waits since"), null=True, blank=True), **OWN)
    closed_at = personal(models.DateTimeField(_("closed"), null=True, blank=True), **OWN)
    closed_by_id = models.BigIntegerField(null=True, blank=True)
    # The talk that a counsellor offered instead of a long answer.
    talk = models.ForeignKey(
        GuidanceTalk, models.SET_NULL, null=True, blank=True, related_name="questions", verbose_name=_("talk")
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to counsellors")
        verbose_name_plural = _("questions to counsellors")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(waits_since__isnull=True), name="question_closed_waits_no_more"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by_id__isnull=True)
                | Q(closed_at__gte=F("asked_at"), closed_by_id__isnull=False),
                name="question_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(guardian__isnull=True) | ~Q(guardian=F("person")), name="question_guardian_is_another"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "waits_since"], condition=Q(waits_since__isnull=False), name="question_waiting"
            ),
        ]

    @property
    def state(self) -> str:
        """closed, waiting for an answer, or answered."""
        if self.closed_at:
            return "closed"
        return "waiting" if self.waits_since else "answered"


class Side(models.TextChoices):
    """Who writes in a thread."""

    ASKS = "asks", _("question")
    ANSWERS = "answers", _("answer")


class QuestionTurn(models.Model):
    """What one side wrote at a time; it is neither changed nor taken back, because the other side has read it."""

    privacy = AboutPerson(
        path="question.person", shared_with=("question.guardian",), impersonal=("id", "question", "side", "written_by_id")
    )

    question = models.ForeignKey(Question, models.CASCADE, related_name="turns", verbose_name=_("question"))
    side = models.CharField(_("who writes"), max_length=7, choices=Side)
    text = personal(models.TextField(_("text"), max_length=4000), **OWN)
    written_at = personal(models.DateTimeField(_("written")), **OWN)
    written_by_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("part of a question to counsellors")
        verbose_name_plural = _("parts of questions to counsellors")
        ordering = ("written_at", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="question_turn_says_something"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="question_turn_side_known"),
        ]
