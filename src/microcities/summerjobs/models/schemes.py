"""A scheme of one city and summer, with its sub-programmes, periods and sources of money."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Organisation
from microcities.privacy.declarations import NoPersonalData
from microcities.programme.models import City, FundingSource, Programme
from microcities.rulebooks.registry import rule_version
from microcities.summerjobs.queries import SchemeQuerySet
from microcities.summerjobs.rulebook.scheme_values import Scheme

TOPIC = "summerjobs.scheme"
MOST_WISHES, MOST_ANSWER_DAYS = 20, 30


def in_language(name: str, name_en: str) -> str:
    """The name that the reader's language has, the Latvian one where there is no English one."""
    return name_en if name_en and not (get_language() or "lv").startswith("lv") else name


class SummerScheme(models.Model):
    """A city's rules of one summer. What may change by a council's decision stands in the rulebook version named."""

    privacy = NoPersonalData("what a city offers to all pupils")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="summer_schemes", verbose_name=_("programme"))
    city = models.ForeignKey(City, models.PROTECT, related_name="summer_schemes", verbose_name=_("city"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="summer_schemes", verbose_name=_("run by")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    # The version of the rulebook summerjobs.scheme that holds; the database cannot know it, `rules` raises without one.
    rules_version = models.CharField(_("rules"), max_length=60)
    posts_from_on = models.DateField(_("employers offer posts from"))
    posts_until_on = models.DateField(_("employers offer posts until"))
    apply_from_on = models.DateField(_("pupils apply from"))
    apply_until_on = models.DateField(_("pupils apply until"))
    holidays_from_on = models.DateField(_("first day without school"))
    holidays_until_on = models.DateField(_("last day without school"))
    most_wishes = models.PositiveSmallIntegerField(
        _("wishes, at most"), default=5, validators=[MinValueValidator(1), MaxValueValidator(MOST_WISHES)]
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer an offer"), default=5, validators=[MinValueValidator(1), MaxValueValidator(MOST_ANSWER_DAYS)]
    )
    seed_procedure = models.TextField(_("how the seed of the draw comes about"), max_length=2000, blank=True)
    seed_procedure_en = models.TextField(_("the same in English"), max_length=2000, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("summer scheme")
        verbose_name_plural = _("summer schemes")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "name"], name="summer_scheme_once",
                violation_error_code="name_taken",
                violation_error_message=_("There is a scheme of this name and year already. Choose another name."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="summer_scheme_named"),
            models.CheckConstraint(
                condition=Q(posts_until_on__gte=F("posts_from_on"), apply_until_on__gte=F("apply_from_on"),
                            holidays_until_on__gte=F("holidays_from_on")),
                name="summer_scheme_days",
            ),
            models.CheckConstraint(
                condition=Q(most_wishes__gte=1, most_wishes__lte=MOST_WISHES), name="summer_scheme_wishes"
            ),
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=MOST_ANSWER_DAYS), name="summer_scheme_answer_days"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(published_at__isnull=False), name="summer_scheme_closed_after_published"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def clean(self) -> None:
        """Each window ends after it begins, and the rules named exist."""
        wrong: dict[str, object] = {}
        for first, last in (
            ("posts_from_on", "posts_until_on"), ("apply_from_on", "apply_until_on"),
            ("holidays_from_on", "holidays_until_on"),
        ):
            begins, ends = getattr(self, first), getattr(self, last)
            if begins and ends and ends < begins:
                wrong[last] = _("The last day comes before the first. Choose a later one.")
        try:
            rule_version(TOPIC, self.rules_version)
        except LookupError:
            wrong["rules_version"] = _("These rules are not in the rulebook. Choose one of those shown.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def titled(self) -> str:
        """The name with its year."""
        return f"{self}, {self.year}"

    @cached_property
    def rules(self) -> Scheme:
        """The values of the rules named. LookupError when an upgrade took that version away."""
        values = rule_version(TOPIC, self.rules_version).values
        if not isinstance(values, Scheme):
            raise LookupError(f"{self.rules_version} is no version of {TOPIC}")
        return values

    def takes_posts_on(self, day: date) -> bool:
        """Whether employers may offer posts on a day."""
        return self.published_at is not None and self.closed_at is None and self.posts_from_on <= day <= self.posts_until_on

    def takes_applications_on(self, day: date) -> bool:
        """Whether pupils may apply on a day."""
        return self.published_at is not None and self.closed_at is None and self.apply_from_on <= day <= self.apply_until_on


class SubProgramme(models.Model):
    """One way into a scheme: its conditions stand in the scheme's rules under the same code."""

    privacy = NoPersonalData("conditions that hold for all pupils")

    scheme = models.ForeignKey(SummerScheme, models.CASCADE, related_name="programmes", verbose_name=_("scheme"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("sub-programme")
        verbose_name_plural = _("sub-programmes")
        ordering = ("scheme_id", "pk")
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="sub_programme_once")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class SummerPeriod(models.Model):
    """A part of the summer in which pupils work; one that is called off keeps its reason."""

    privacy = NoPersonalData("days of a scheme")

    scheme = models.ForeignKey(SummerScheme, models.CASCADE, related_name="periods", verbose_name=_("scheme"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    called_off = models.CharField(_("why it is called off"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("period of a summer")
        verbose_name_plural = _("periods of summers")
        ordering = ("first_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="summer_period_once"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="summer_period_days"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class SchemeFund(models.Model):
    """A source of money in a scheme: what it may spend. Its share and basis stand in the rules under the same code."""

    privacy = NoPersonalData("public money")

    scheme = models.ForeignKey(SummerScheme, models.CASCADE, related_name="funds", verbose_name=_("scheme"))
    code = models.SlugField(_("code"), max_length=40)
    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="summer_funds", verbose_name=_("source of money"))
    budget = models.DecimalField(
        _("budget, EUR"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    subsidy_account = models.CharField(_("account in the books, subsidies"), max_length=40, blank=True)
    supervisor_account = models.CharField(_("account in the books, supervisors' grants"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("source of money of a scheme")
        verbose_name_plural = _("sources of money of schemes")
        ordering = ("scheme_id", "pk")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="scheme_fund_once"),
            models.CheckConstraint(condition=Q(budget__isnull=True) | Q(budget__gte=0), name="scheme_fund_budget"),
        ]

    def __str__(self) -> str:
        return str(self.source)

    @property
    def budget_cents(self) -> int | None:
        """The budget in euro cents; None without a limit."""
        return None if self.budget is None else int(self.budget * 100)
