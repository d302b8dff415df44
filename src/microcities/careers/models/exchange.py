"""What employers offer to schools, what schools ask of employers, and what both sides made of it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.careers.exchange_queries import (
    ExchangeTermsQuerySet,
    OfferQuerySet,
    ProposalQuerySet,
    RequestQuerySet,
)
from microcities.careers.models.encounters import Encounter, EncounterKind, HostSize, Mode
from microcities.careers.models.schools import School, SchoolClass
from microcities.people.models import Organisation
from microcities.privacy.declarations import NoPersonalData
from microcities.programme.models import City

# The kinds of encounters that an employer gives; a lesson in a subject is asked for by a school only.
OFFERED_KINDS = (EncounterKind.EMPLOYER, EncounterKind.WORKPLACE)
ASKED_KINDS = (*OFFERED_KINDS, EncounterKind.SUBJECT)
MOST_PLACES = 500


class Way(models.TextChoices):
    """How an employer meets pupils."""

    TALK = "talk", _("talk with a class")
    VISIT = "visit", _("visit to the workplace")
    SHADOW = "shadow", _("hours beside somebody at work")
    MENTOR = "mentor", _("mentor of pupils")
    TASK = "task", _("task or project from the employer")


class Standing(models.TextChoices):
    """What its owner made of an offer or a request; that it is full or over follows from places and days."""

    OPEN = "open", _("open")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ProposalState(models.TextChoices):
    """Who has the word, or how it ended."""

    WITH_HOST = "with_host", _("the employer has the word")
    WITH_SCHOOL = "with_school", _("the school has the word")
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("turned down")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CALLED_OFF = "called_off", _("called off")


LIVE = (ProposalState.WITH_HOST, ProposalState.WITH_SCHOOL, ProposalState.AGREED)


class ExchangeTerms(models.Model):
    """How an employer wants to be asked: from which cities, and not before a day."""

    privacy = NoPersonalData("an organisation's choice")

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="exchange_terms", verbose_name=_("organisation")
    )
    # None chosen: of all cities.
    cities = models.ManyToManyField(City, related_name="+", blank=True, verbose_name=_("requests from schools in"))
    paused_until = models.DateField(_("ask us nothing until"), null=True, blank=True)
    sector = models.CharField(_("sector (letter of NACE)"), max_length=1, blank=True)
    size = models.CharField(_("size"), max_length=13, choices=HostSize, blank=True, default="")

    objects = ExchangeTermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of an employer")
        verbose_name_plural = _("terms of employers")
        constraints = [
            models.CheckConstraint(condition=Q(sector__regex=r"^[A-V]?$"), name="exchange_terms_sector"),
            models.CheckConstraint(condition=Q(size__in=["", *HostSize.values]), name="exchange_terms_size_known"),
        ]


def _hours() -> "models.DecimalField[Any, Any]":
    return models.DecimalField(_("hours for each pupil"), max_digits=5, decimal_places=2)


def _shared(prefix: str, kinds: tuple[str, ...]) -> list[Any]:
    """Constraints that offers and requests have in common."""
    return [
        models.CheckConstraint(condition=Q(kind__in=kinds), name=f"{prefix}_kind_known"),
        models.CheckConstraint(condition=Q(way__in=Way.values), name=f"{prefix}_way_known"),
        models.CheckConstraint(condition=Q(mode__in=Mode.values), name=f"{prefix}_mode_known"),
        models.CheckConstraint(condition=Q(state__in=Standing.values), name=f"{prefix}_state_known"),
        models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name=f"{prefix}_days"),
        models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=400), name=f"{prefix}_hours"),
    ]


class EncounterOffer(models.Model):
    """What an employer offers to schools: so many places on days between two days."""

    privacy = NoPersonalData("what an organisation offers")

    host = models.ForeignKey(Organisation, models.PROTECT, related_name="encounter_offers", verbose_name=_("employer"))
    kind = models.CharField(_("kind"), max_length=12, choices=EncounterKind)
    way = models.CharField(_("how"), max_length=6, choices=Way)
    name = models.CharField(_("name"), max_length=160)
    about = models.TextField(_("what pupils do"), max_length=4000)
    outcomes = models.TextField(_("what pupils learn by it"), max_length=2000)
    sector = models.CharField(_("sector (letter of NACE)"), max_length=1, blank=True)
    is_stem = models.BooleanField(_("about science, technology, engineering or mathematics"), default=False)
    youngest = models.PositiveSmallIntegerField(_("age from"), null=True, blank=True)
    oldest = models.PositiveSmallIntegerField(_("age to"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(_("places"))
    hours = _hours()
    from_on = models.DateField(_("possible from"))
    until_on = models.DateField(_("possible until"))
    mode = models.CharField(_("where"), max_length=9, choices=Mode, default=Mode.IN_PERSON)
    city = models.ForeignKey(City, models.PROTECT, related_name="encounter_offers", verbose_name=_("city"))
    place = models.CharField(_("place or address"), max_length=200, blank=True)
    # As events.EventLanguage has them.
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"), default=list)
    access_note = models.TextField(_("accessibility"), blank=True, max_length=1000)
    safety_note = models.TextField(_("safety"), blank=True, max_length=1000)
    state = models.CharField(_("state"), max_length=9, choices=Standing, default=Standing.OPEN)
    made_by_id = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=models.functions.Now())

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of an encounter")
        verbose_name_plural = _("offers of encounters")
        # That agreed places are never more than there are is held by a trigger, see the migration.
        constraints = [
            *_shared("encounter_offer", OFFERED_KINDS),
            models.CheckConstraint(condition=Q(places__gte=1, places__lte=MOST_PLACES), name="encounter_offer_places"),
            models.CheckConstraint(condition=Q(sector__regex=r"^[A-V]?$"), name="encounter_offer_sector"),
            models.CheckConstraint(
                condition=Q(youngest__isnull=True) | Q(oldest__isnull=True) | Q(oldest__gte=F("youngest")),
                name="encounter_offer_ages",
            ),
        ]
        indexes = [models.Index(fields=["state", "until_on"], name="encounter_offer_open")]

    def __str__(self) -> str:
        return self.name


class EncounterRequest(models.Model):
    """What a school asks of one employer, or of all in the city, for so many pupils of a class or grade."""

    privacy = NoPersonalData("what a school asks for; it names no pupil")

    school = models.ForeignKey(School, models.PROTECT, related_name="encounter_requests", verbose_name=_("school"))
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="encounter_requests", verbose_name=_("employer"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=EncounterKind)
    way = models.CharField(_("how"), max_length=6, choices=Way)
    name = models.CharField(_("name"), max_length=160)
    outcomes = models.TextField(_("what pupils are to learn"), max_length=2000)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("class")
    )
    grades = models.CharField(_("grades or years"), max_length=40, blank=True)
    pupils = models.PositiveSmallIntegerField(_("number of pupils"))
    subject = models.SlugField(_("subject"), max_length=30, blank=True)
    is_stem = models.BooleanField(_("about science, technology, engineering or mathematics"), default=False)
    hours = _hours()
    from_on = models.DateField(_("wished from"))
    until_on = models.DateField(_("wished until"))
    answer_by = models.DateField(_("answers wanted by"))
    mode = models.CharField(_("where"), max_length=9, choices=Mode, default=Mode.IN_PERSON)
    state = models.CharField(_("state"), max_length=9, choices=Standing, default=Standing.OPEN)
    asked_by_id = models.BigIntegerField(null=True, blank=True)
    asked_on = models.DateField(_("asked"))

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for an encounter")
        verbose_name_plural = _("requests for encounters")
        constraints = [
            *_shared("encounter_request", ASKED_KINDS),
            models.CheckConstraint(condition=Q(pupils__gte=1, pupils__lte=MOST_PLACES), name="encounter_request_pupils"),
            models.CheckConstraint(
                condition=Q(answer_by__gte=F("asked_on"), answer_by__lte=F("until_on")), name="encounter_request_answer_by"
            ),
            models.CheckConstraint(condition=~Q(kind="subject") | ~Q(subject=""), name="encounter_request_subject_named"),
        ]
        indexes = [
            models.Index(fields=["state", "answer_by"], name="encounter_request_open"),
            models.Index(fields=["host", "asked_on"], name="encounter_request_of_host"),
        ]

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """A day and a number of places on which a school and an employer may agree, for one offer or one request."""

    privacy = NoPersonalData("what two organisations say to each other; it names no pupil")

    offer = models.ForeignKey(
        EncounterOffer, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("offer")
    )
    request = models.ForeignKey(
        EncounterRequest, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("request")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="proposals", verbose_name=_("school"))
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="proposals", verbose_name=_("employer"))
    state = models.CharField(_("state"), max_length=11, choices=ProposalState)
    # Of a refusal without a counter-proposal there is neither.
    held_on = models.DateField(_("day"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("class")
    )
    # What the school told the employer that pupils should learn; the employer then knows the purpose.
    purpose = models.TextField(_("what pupils are to learn"), blank=True, max_length=2000)
    note = models.TextField(_("message"), blank=True, max_length=1000)
    reason = models.CharField(_("reason"), blank=True, max_length=300)
    made_by_id = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=models.functions.Now())
    encounter = models.OneToOneField(
        Encounter, models.SET_NULL, null=True, blank=True, related_name="proposal", verbose_name=_("encounter")
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal for an encounter")
        verbose_name_plural = _("proposals for encounters")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(
                condition=Q(offer__isnull=True, request__isnull=False) | Q(offer__isnull=False, request__isnull=True),
                name="proposal_answers_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*LIVE, "called_off"]) | Q(held_on__isnull=False, places__gte=1),
                name="proposal_says_day_and_places",
            ),
            models.CheckConstraint(
                condition=Q(encounter__isnull=True) | Q(state="agreed"), name="proposal_encounter_is_agreed"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "called_off"]) | ~Q(reason=""), name="proposal_refused_with_reason"
            ),
            models.UniqueConstraint(
                fields=["request", "host"], condition=Q(request__isnull=False, state__in=LIVE), name="proposal_once_a_host",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "state"], name="proposal_of_school"),
            models.Index(fields=["host", "state"], name="proposal_of_host"),
        ]

    def __str__(self) -> str:
        return str(self.offer or self.request)

    @property
    def about(self) -> EncounterOffer | EncounterRequest:
        """The offer or request that it answers."""
        found = self.offer or self.request
        if found is None:
            raise ValueError("a proposal answers an offer or a request")
        return found
