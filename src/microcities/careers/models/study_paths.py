"""What places of study offer: programmes that one can go on to. Their kinds are those of the rulebook."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microcities.careers.fields_of_study import FIELDS
from microcities.careers.queries import StudyProgrammeQuerySet
from microcities.events.models import EventLanguage
from microcities.people.models import Organisation
from microcities.privacy.declarations import NoPersonalData
from microcities.programme.models import City


class StudyProgramme(models.Model):
    """A programme that a place of study offers, with the days between which it takes applications."""

    privacy = NoPersonalData("what a place of study offers")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="study_programmes", verbose_name=_("place of study")
    )
    # A code of the rulebook careers.study_paths.
    kind = models.CharField(_("kind of studies"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    # ISCED-F 2013: 06 is ICT, 0613 software.
    field_code = models.CharField(_("field (ISCED-F)"), max_length=4)
    city = models.ForeignKey(City, models.PROTECT, related_name="study_programmes", verbose_name=_("city"))
    languages = ArrayField(
        models.CharField(max_length=8, choices=EventLanguage), verbose_name=_("languages of study"), default=list
    )
    months = models.PositiveSmallIntegerField(_("length in months"), null=True, blank=True)
    places = models.PositiveIntegerField(_("places a year"), null=True, blank=True)
    opens_on = models.DateField(_("applications from"), null=True, blank=True)
    closes_on = models.DateField(_("applications until"), null=True, blank=True)
    url = models.URLField(_("web page"), blank=True)
    # From this day on it is not offered any more; its page says so.
    withdrawn_on = models.DateField(_("not offered since"), null=True, blank=True)

    objects = StudyProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("study programme")
        verbose_name_plural = _("study programmes")
        constraints = [
            models.CheckConstraint(condition=Q(kind__regex=r"^[a-z][a-z_]{2,39}$"), name="study_programme_kind"),
            models.CheckConstraint(condition=Q(field_code__regex=r"^[0-9]{2,4}$"), name="study_programme_field"),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="study_programme_dates",
            ),
            models.CheckConstraint(condition=Q(months__isnull=True) | Q(months__range=(1, 120)), name="study_programme_months"),
            models.CheckConstraint(condition=Q(places__isnull=True) | Q(places__gte=1), name="study_programme_places"),
            models.UniqueConstraint(
                fields=["organisation", "kind", "name"], condition=Q(withdrawn_on__isnull=True),
                name="study_programme_offered_once",
                violation_error_message=_("This place of study offers a programme of this kind and name already."),
            ),
        ]
        indexes = [models.Index(fields=["kind", "closes_on"], name="study_programme_of_kind")]

    def __str__(self) -> str:
        return self.name_en if self.name_en and not (get_language() or "lv").startswith("lv") else self.name

    def clean(self) -> None:
        """Refuse a field that ISCED-F does not know, and an end before the beginning."""
        wrong = {}
        if self.field_code and self.field_code[:2] not in FIELDS:
            wrong["field_code"] = _("There is no such field of study.")
        if self.opens_on and self.closes_on and self.closes_on < self.opens_on:
            wrong["closes_on"] = _("The last day must not be before the first.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def field_words(self) -> str:
        """The broad field in words."""
        return str(FIELDS.get(self.field_code[:2], self.field_code))

    def is_open(self, on: date | None = None) -> bool:
        """Whether applications are taken on a day; it is not known of one without days."""
        day = on or timezone.localdate()
        if self.withdrawn_on or not (self.opens_on or self.closes_on):
            return False
        return (self.opens_on is None or self.opens_on <= day) and (self.closes_on is None or day <= self.closes_on)
