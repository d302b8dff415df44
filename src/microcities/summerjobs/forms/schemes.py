"""A scheme, its periods and its money, as staff type them in."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Account, Organisation
from microcities.people.roles import Permission
from microcities.programme.models import City, FundingSource, Programme
from microcities.rulebooks.registry import registry
from microcities.summerjobs.models import SchemeFund, SummerPeriod, SummerScheme
from microcities.summerjobs.models.schemes import TOPIC
from microcities.ui.fields import ActionForm, day_field

WINDOWS = (("posts_from_on", "posts_until_on"), ("apply_from_on", "apply_until_on"), ("holidays_from_on", "holidays_until_on"))


def rules_choices() -> list[tuple[str, str]]:
    """Versions of the rulebook of schemes, the latest first."""
    versions = sorted(registry().topic(TOPIC).versions, key=lambda each: each.valid_from, reverse=True)
    return [(each.version, str(each.title)) for each in versions]


class SchemeForm(ActionForm):
    """Names, windows and how the draw's seed comes about."""

    posts_from_on = day_field(_("Employers offer posts from"))
    posts_until_on = day_field(_("Employers offer posts until"))
    apply_from_on = day_field(_("Pupils apply from"))
    apply_until_on = day_field(_("Pupils apply until"), help_text=_("The draw can be prepared on the day after."))
    holidays_from_on = day_field(_("First day without school"))
    holidays_until_on = day_field(_("Last day without school"), help_text=_("On other days the shorter hours of term hold."))
    most_wishes = forms.IntegerField(label=_("Wishes of a pupil, at most"), min_value=1, max_value=20, initial=5)
    answer_days = forms.IntegerField(label=_("Days to answer an offer"), min_value=1, max_value=30, initial=5)

    class Meta:
        model = SummerScheme
        fields: tuple[str, ...] = (
            "name", "name_en", "posts_from_on", "posts_until_on", "apply_from_on", "apply_until_on", "holidays_from_on",
            "holidays_until_on", "most_wishes", "answer_days", "seed_procedure", "seed_procedure_en",
        )
        widgets = {name: forms.Textarea({"rows": 3}) for name in ("seed_procedure", "seed_procedure_en")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seed_procedure"].help_text = _now(
            "Published before the draw: for example numbers drawn before witnesses, or those of a lottery on a named day."
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for first, last in WINDOWS:
            self.check_days(data, first, last)
        return data


class NewSchemeForm(SchemeForm):
    """The same, with what stays: who runs it, the city, the year and the rules."""

    year = forms.IntegerField(label=_("Year"), min_value=2018, max_value=2100)
    rules_version = forms.ChoiceField(
        label=_("Rules"), help_text=_("Conditions, hours and shares come from this version of the rulebook.")
    )

    class Meta(SchemeForm.Meta):
        fields = ("organisation", "programme", "city", "year", "rules_version", *SchemeForm.Meta.fields)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        own = Organisation.objects.of_account(account, Permission.MANAGE_SUMMER).in_latvian_order()
        fields["organisation"].queryset, fields["organisation"].initial = own, own.first()
        fields["programme"].queryset = Programme.objects.order_by("-starts_on")
        fields["programme"].initial = fields["programme"].queryset.first()
        fields["city"].queryset = City.objects.in_latvian_order()
        fields["year"].initial = timezone.localdate().year
        fields["rules_version"].choices = rules_choices()


class PeriodForm(ActionForm):
    """Names and days of a period."""

    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Small letters and digits, for example june."))
    first_on = day_field(_("First day"))
    last_on = day_field(_("Last day"))

    class Meta:
        model = SummerPeriod
        fields = ("code", "name", "name_en", "first_on", "last_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.check_days(data, "first_on", "last_on")
        return data


class FundForm(ActionForm):
    """The source behind a code of the rules, and what it may spend."""

    budget = forms.DecimalField(
        label=_("Budget, EUR"), min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text=_("Empty where there is no limit. The draw gives no place beyond it."),
    )

    class Meta:
        model = SchemeFund
        fields = ("source", "budget", "subsidy_account", "supervisor_account")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["source"].queryset = FundingSource.objects.order_by("pk")


class ReasonForm(forms.Form):
    """Why; others read it."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))
