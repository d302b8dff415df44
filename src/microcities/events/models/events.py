"""Events and the series they belong to."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microcities.bookings.models import Booking, Resource
from microcities.events.queries import EventQuerySet, SeriesQuerySet
from microcities.people.models import Organisation
from microcities.privacy.declarations import NoPersonalData
from microcities.programme.models import City, FundingSource, Programme


class EventKind(models.TextChoices):
    """What kind of event; services read it."""

    CAREER_DAY = "career_day", _("career day")
    WORKPLACE = "workplace", _("visit to a workplace")
    PROVIDER = "provider", _("visit to a place of study")
    TALK = "talk", _("talk")
    WORKSHOP = "workshop", _("workshop")
    CAMP = "camp", _("camp")
    OPEN_DAY = "open_day", _("open day")
    HACKATHON = "hackathon", _("hackathon")
    MEETING = "meeting", _("meeting")
    OTHER = "other", _("other")


class EventState(models.TextChoices):
    """How an event stands."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("announced")
    CANCELLED = "cancelled", _("cancelled")


class Audience(models.TextChoices):
    """Whom an event is for."""

    EVERYBODY = "everybody", _("everybody")
    PUPILS = "pupils", _("pupils")
    GUARDIANS = "guardians", _("parents and guardians")
    TEACHERS = "teachers", _("teachers and counsellors")
    STUDENTS = "students", _("students")
    ADULTS = "adults", _("adults")
    EMPLOYERS = "employers", _("employers")


class EventLanguage(models.TextChoices):
    """Languages in which events are held."""

    LV = "lv", _("Latvian")
    EN = "en", _("English")
    UK = "uk", _("Ukrainian")
    RU = "ru", _("Russian")
    DE = "de", _("German")
    LT = "lt", _("Lithuanian")
    ET = "et", _("Estonian")


class Series(models.Model):
    """A rule by which events repeat. Each occurrence is an event of its own, known by the start the rule gave it."""

    privacy = NoPersonalData("a rule of a calendar")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="event_series")
    rule = models.CharField(_("rule (RFC 5545)"), max_length=500)
    # Local, without a zone: the hour that clocks in Riga show, whatever the season.
    starts_local = models.CharField(max_length=19)
    minutes = models.PositiveIntegerField(_("length, minutes"))
    zone = models.CharField(max_length=40, default="Europe/Riga")
    # Where “this and following” cut a series in two, the later part knows the earlier.
    continues = models.ForeignKey("self", models.PROTECT, null=True, related_name="continued_by")

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of events")
        verbose_name_plural = _("series of events")
        constraints = [models.CheckConstraint(condition=Q(minutes__gte=1), name="series_length")]


class Event(models.Model):
    """One event at one time."""

    privacy = NoPersonalData("what is offered; who comes is in Attendee")

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="events")
    # The start the rule gave it, local; it stays when the event is moved.
    original_local = models.CharField(max_length=19, blank=True, editable=False)
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("programme")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="events", verbose_name=_("organiser")
    )
    city = models.ForeignKey(City, models.PROTECT, related_name="events", verbose_name=_("city"))
    kind = models.CharField(_("kind"), max_length=12, choices=EventKind)
    state = models.CharField(_("state"), max_length=10, choices=EventState, default=EventState.DRAFT)
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    about = models.TextField(_("what it is about"), blank=True, max_length=4000)
    about_en = models.TextField(_("what it is about, in English"), blank=True, max_length=4000)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    room = models.ForeignKey(
        Resource, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("room")
    )
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, blank=True, related_name="event", editable=False
    )
    online_url = models.URLField(_("link to take part online"), blank=True)
    capacity = models.PositiveIntegerField(
        _("places"), null=True, blank=True, help_text=_("Leave empty when everybody can come.")
    )
    # People come and go within the time; places are counted at the busiest moment.
    is_drop_in = models.BooleanField(_("people choose when to come and go"), default=False)
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience, default=Audience.EVERYBODY)
    youngest = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    oldest = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    is_public = models.BooleanField(_("shown to everybody"), default=True)
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"), default=list)
    access_note = models.TextField(_("accessibility of the place"), blank=True, max_length=1000)
    access_note_en = models.TextField(_("accessibility of the place, in English"), blank=True, max_length=1000)
    price = models.DecimalField(_("price, EUR"), max_digits=8, decimal_places=2, default=0)
    funding_source = models.ForeignKey(
        FundingSource, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("paid from")
    )
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    offer_hours = models.PositiveSmallIntegerField(_("hours to accept a freed place"), default=24)
    cancel_reason = models.CharField(_("why it is cancelled"), max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, editable=False)
    changed_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    # Whoever registers takes the next place in line from here, under the event's lock.
    next_in_line = models.PositiveIntegerField(default=1, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_kind_known"),
            models.CheckConstraint(condition=Q(state__in=EventState.values), name="event_state_known"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="event_audience_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_times"),
            models.CheckConstraint(condition=Q(price__gte=0), name="event_price"),
            models.CheckConstraint(condition=Q(capacity__isnull=True) | Q(capacity__gte=1), name="event_capacity"),
            models.CheckConstraint(condition=Q(offer_hours__gte=1, offer_hours__lte=336), name="event_offer_hours"),
            models.CheckConstraint(
                condition=Q(youngest__isnull=True) | Q(oldest__isnull=True) | Q(oldest__gte=F("youngest")),
                name="event_ages",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="event_cancelled_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(registration_closes_at__isnull=True)
                | Q(registration_opens_at__isnull=True)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                name="event_registration_times",
            ),
            models.UniqueConstraint(
                fields=["series", "original_local"], condition=Q(series__isnull=False), name="event_occurrence_once"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="event_start"),
            models.Index(fields=["organisation", "starts_at"], name="event_of_organiser"),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and not (get_language() or "lv").startswith("lv") else self.name

    @property
    def about_shown(self) -> str:
        """What it is about, in the reader's language where there is a text in it."""
        return self.about_en if self.about_en and not (get_language() or "lv").startswith("lv") else self.about

    @property
    def access_shown(self) -> str:
        """The note on accessibility, in the reader's language where there is one."""
        in_english = not (get_language() or "lv").startswith("lv")
        return self.access_note_en if self.access_note_en and in_english else self.access_note


class EventHost(models.Model):
    """An organisation that pupils or others meet at an event: an employer, a school."""

    privacy = NoPersonalData("organisations")

    event = models.ForeignKey(Event, models.CASCADE, related_name="hosts")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="hosted_events", verbose_name=_("host")
    )

    class Meta:
        verbose_name = _("host of an event")
        verbose_name_plural = _("hosts of events")
        constraints = [models.UniqueConstraint(fields=["event", "organisation"], name="event_host_once")]


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    TEXT = "text", _("in words")
    YES_NO = "yes_no", _("yes or no")
    CHOICE = "choice", _("one of several")


class Question(models.Model):
    """What an organiser asks whoever registers."""

    privacy = NoPersonalData("questions; the answers are in Registration")

    event = models.ForeignKey(Event, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("answered"), max_length=8, choices=QuestionKind, default=QuestionKind.TEXT)
    text = models.CharField(_("question"), max_length=200)
    text_en = models.CharField(_("question in English"), max_length=200, blank=True)
    # One choice a line; the two languages have as many lines.
    choices = models.TextField(_("choices, one a line"), blank=True)
    choices_en = models.TextField(_("choices in English, one a line"), blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["event", "position"]
        constraints = [
            models.UniqueConstraint(fields=["event", "position"], name="question_position_once"),
            models.CheckConstraint(
                condition=Q(kind="choice") & ~Q(choices="") | ~Q(kind="choice") & Q(choices=""),
                name="question_choices_where_asked",
            ),
        ]

    def __str__(self) -> str:
        return self.text_en if self.text_en and not (get_language() or "lv").startswith("lv") else self.text

    @property
    def choice_pairs(self) -> list[tuple[str, str]]:
        """(what is kept, what the reader sees) of each choice; the Latvian words are kept."""
        kept = self.choices.splitlines()
        in_english = not (get_language() or "lv").startswith("lv")
        shown = self.choices_en.splitlines() if in_english and self.choices_en else kept
        return list(zip(kept, shown, strict=False))
