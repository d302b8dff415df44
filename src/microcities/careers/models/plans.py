"""A career plan: the person's own words on a goal, the steps to it and documents, shown to counsellors if the person likes."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.careers.queries import CareerPlanQuerySet, PlanStepQuerySet
from microcities.people.models import Person
from microcities.privacy.declarations import AboutPerson, OnErasure, Purpose, personal

FOLDER = "career-plans"
OWN: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.DELETE_ROW}


class CareerPlan(models.Model):
    """What somebody of any age means to reach. Nobody has to have one; the person deletes it at any time."""

    privacy = AboutPerson(path="person", impersonal=("id", "person"))

    person = models.OneToOneField(Person, models.PROTECT, related_name="career_plan", verbose_name=_("person"))
    goal = personal(models.CharField(_("goal"), max_length=300), **OWN)
    reason = personal(models.TextField(_("why this goal"), max_length=2000, blank=True), **OWN)
    strengths = personal(models.TextField(_("what I am good at"), max_length=2000, blank=True), **OWN)
    written_on = personal(models.DateField(_("goal written")), **OWN)
    shared_on = personal(models.DateField(_("shown to the counsellors since"), null=True, blank=True), **OWN)

    objects = CareerPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("career plan")
        verbose_name_plural = _("career plans")
        constraints = [models.CheckConstraint(condition=~Q(goal=""), name="career_plan_has_goal")]


class PlanStep(models.Model):
    """One thing to do for the goal, until a day if the person has set one."""

    privacy = AboutPerson(path="plan.person", impersonal=("id", "plan"))

    plan = models.ForeignKey(CareerPlan, models.CASCADE, related_name="steps", verbose_name=_("career plan"))
    what = personal(models.CharField(_("what to do"), max_length=200), **OWN)
    due_on = personal(models.DateField(_("until"), null=True, blank=True), **OWN)
    added_on = personal(models.DateField(_("added")), **OWN)
    done_on = personal(models.DateField(_("done"), null=True, blank=True), **OWN)

    objects = PlanStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a career plan")
        verbose_name_plural = _("steps of career plans")
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="plan_step_says_what"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("added_on")), name="plan_step_done_after_added"
            ),
        ]

    def __str__(self) -> str:
        return self.what


class CareerPlanDocument(models.Model):
    """A file that belongs to the plan: a curriculum vitae, a certificate. Counsellors open it while the plan is shown."""

    privacy = AboutPerson(path="plan.person", impersonal=("id", "plan"), files=("file",))

    plan = models.ForeignKey(CareerPlan, models.CASCADE, related_name="documents", verbose_name=_("career plan"))
    title = personal(models.CharField(_("what it is"), max_length=120), **OWN)
    # Under a random name, where no address leads; the file itself goes with the row.
    file = personal(models.FileField(_("document"), upload_to=FOLDER), **OWN)
    name = personal(models.CharField(_("name of the file"), max_length=120), **OWN)
    size = personal(models.PositiveIntegerField(_("size in bytes")), **OWN)
    added_on = personal(models.DateField(_("added")), **OWN)

    class Meta:
        verbose_name = _("document of a career plan")
        verbose_name_plural = _("documents of career plans")
        ordering = ("-added_on", "-pk")
        constraints = [
            models.CheckConstraint(condition=~Q(file="") & ~Q(name=""), name="plan_document_is_a_file"),
            models.CheckConstraint(condition=~Q(title=""), name="plan_document_says_what"),
            models.CheckConstraint(condition=Q(size__gte=1), name="plan_document_size"),
        ]

    def __str__(self) -> str:
        return self.title
