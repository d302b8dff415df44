"""What people type on the results pages."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Account
from microcities.programme.models import City, FundingSource, Partner, Programme
from microcities.results.crossing import DIMENSIONS
from microcities.results.models import Indicator, Period
from microcities.results.rules import may_answer_for
from microcities.ui.forms import AcceptedFileField, DatePartsField, FilterForm

# Days outside these are typing errors; the calendar of the database and of Python ends at other years.
DAY: dict[str, Any] = {
    "validators": [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))],
    "widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    "input_formats": ["%Y-%m-%d"],
}
MOMENT: dict[str, Any] = {
    "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    "input_formats": ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
}
ALL_FUNDING = "all"
WHOLE_PROGRAMME = "programme"


class QuestionForm(FilterForm):
    """For which day, city, payer and state of knowledge the figures are asked. Payer and knowledge are for partners.

    `may_choose` adds whose records: a partner's own as counted now, or the programme's as published.
    """

    records_of = forms.ChoiceField(
        label=_("Whose records"),
        choices=[("own", _("Your organisation, as counted now")), (WHOLE_PROGRAMME, _("The programme, as published"))],
    )
    as_of = forms.DateField(label=_("As of"), **DAY)
    city = forms.ChoiceField(label=_("City"))
    funding = forms.ChoiceField(label=_("Paid by"))
    recorded_at = forms.DateTimeField(label=_("As recorded at"), **MOMENT)

    def __init__(
        self, *args: Any, programme: Programme, detailed: bool, may_choose: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not may_choose:
            del self.fields["records_of"]
        self.cities = list(programme.cities.in_latvian_order())
        self.fields["city"].choices = [("", _("All cities")), *((city.slug, str(city)) for city in self.cities)]  # type: ignore[attr-defined]
        if not detailed:
            del self.fields["funding"], self.fields["recorded_at"]
            return
        self.sources = list(FundingSource.objects.order_by("pk"))
        self.fields["funding"].choices = [  # type: ignore[attr-defined]
            ("", _("The programme")), (ALL_FUNDING, _("Whoever paid")), *((s.code, str(s)) for s in self.sources),
        ]

    @property
    def chosen_city(self) -> City | None:
        wanted = self.cleaned_data.get("city")
        return next((city for city in self.cities if city.slug == wanted), None)

    @property
    def chosen_funding(self) -> tuple[int, ...] | None:
        """None is the programme's own; empty is whoever paid."""
        wanted = self.cleaned_data.get("funding")
        if not wanted:
            return None
        return () if wanted == ALL_FUNDING else tuple(s.pk for s in self.sources if s.code == wanted)


class CrossForm(FilterForm):
    """Which two dimensions a figure is crossed by; sex by age unless somebody chooses."""

    rows = forms.ChoiceField(label=_("Down"), choices=DIMENSIONS.items(), initial="sex")
    columns = forms.ChoiceField(label=_("Across"), choices=DIMENSIONS.items(), initial="age")

    def __init__(self, data: Any, **kwargs: Any) -> None:
        chosen = data.copy()
        chosen.setdefault("rows", "sex")
        chosen.setdefault("columns", "age")
        super().__init__(chosen, **kwargs)

    def clean(self) -> dict[str, Any]:
        """A dimension is not crossed with itself."""
        values = super().clean() or {}
        if values.get("rows") and values["rows"] == values.get("columns"):
            self.add_error("columns", _("A figure is crossed by two different things. Choose another one."))
        return values

    @property
    def dimensions(self) -> tuple[str, str]:
        """Down and across; the usual ones in place of what cannot be used."""
        values = self.cleaned_data
        down, across = values.get("rows") or "sex", values.get("columns") or ("sex" if values.get("rows") == "age" else "age")
        return down, across


class ChangesForm(FilterForm):
    """Between which two moments changes are asked for."""

    since = forms.DateField(label=_("Since"), **DAY)
    until = forms.DateField(label=_("Until"), **DAY)

    def clean(self) -> dict[str, Any]:
        """The first day comes before the last."""
        values = super().clean() or {}
        if values.get("since") and values.get("until") and values["since"] > values["until"]:
            self.add_error("until", _("The last day comes before the first. Choose a later one."))
        return values


class TargetForm(forms.Form):
    """A revised target."""

    value = forms.DecimalField(
        label=_("New target"), required=False, max_digits=16, decimal_places=4, min_value=0,
        help_text=_("A share is written as a part of one: 0.09 is 9%. Leave empty for “more than the baseline”."),
    )
    due_on = DatePartsField(label=_("Due"))
    decided_on = DatePartsField(label=_("Decided on"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 4}), max_length=2000)
    source = forms.CharField(label=_("Decision or document"), max_length=300)


class ObservationForm(forms.Form):
    """An outside figure with its document."""

    indicator = forms.ModelChoiceField(Indicator.objects.none(), label=_("Indicator"))
    city = forms.ModelChoiceField(
        City.objects.none(), label=_("City"), required=False, empty_label=_("The whole programme")
    )
    on = DatePartsField(label=_("Of the day"), help_text=_("The day to which the figure refers."))
    value = forms.DecimalField(
        label=_("Value"), required=False, max_digits=16, decimal_places=4, min_value=0,
        help_text=_("A place, a number; 1 for yes and 0 for no."),
    )
    numerator = forms.DecimalField(
        label=_("Numerator"), required=False, max_digits=16, decimal_places=4, min_value=0,
        help_text=_("Only for a share."),
    )
    denominator = forms.DecimalField(
        label=_("Denominator"), required=False, max_digits=16, decimal_places=4, min_value=0,
        help_text=_("Only for a share."),
    )
    document_title = forms.CharField(label=_("Source document"), max_length=300)
    url = forms.URLField(label=_("Address of the document"), required=False, assume_scheme="https")
    file = AcceptedFileField(
        label=_("Document"), required=False, accept=(".pdf", ".png", ".jpg", ".xlsx", ".csv"),
        max_bytes=25 * 1024 * 1024,
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outside = Indicator.objects.of(programme).filter(measures__len=0)
        self.fields["indicator"].queryset = outside  # type: ignore[attr-defined]
        self.fields["city"].queryset = programme.cities.in_latvian_order()  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason for what is about to be done."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 4}), max_length=2000)


class DraftForm(forms.Form):
    """A new report: which period, for which partner."""

    period = forms.ModelChoiceField(Period.objects.none(), label=_("Period"))
    partner = forms.ModelChoiceField(
        Partner.objects.none(), label=_("Partner"), required=False, empty_label=_("The whole programme")
    )

    def __init__(self, *args: Any, programme: Programme, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = programme.periods.filter(locked=False).order_by("-starts_on")  # type: ignore[attr-defined]
        partners = programme.partners.select_related("organisation")
        own = [partner.pk for partner in partners if may_answer_for(account, programme, partner)]
        self.fields["partner"].queryset = partners.filter(pk__in=own)  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    """A new reporting period."""

    code = forms.SlugField(label=_("Code"), max_length=20, help_text=_("For example 2019-2."))
    starts_on = DatePartsField(label=_("Start"))
    ends_on = DatePartsField(label=_("End"))


class PublishForm(forms.Form):
    """The day whose figures are to be published."""

    as_of = DatePartsField(label=_("Figures of"))


class CheckForm(forms.Form):
    """What the check of a drawn record found."""

    unit_id = forms.ChoiceField(label=_("Record"))
    in_order = forms.TypedChoiceField(
        label=_("Result"), choices=[("yes", _("in order")), ("no", _("not in order"))], widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    finding = forms.CharField(label=_("Finding"), required=False, widget=forms.Textarea({"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, units: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = [(unit, unit) for unit in units]  # type: ignore[attr-defined]
