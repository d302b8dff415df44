"""Which day, city or school year the comparisons show."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.careers.forms.schools import EARLIEST
from microcities.careers.models import DestinationKind
from microcities.careers.school_years import label
from microcities.programme.models import City
from microcities.ui.fields import day_field
from microcities.ui.forms import FilterForm


class CitiesForm(FilterForm):
    """A day, and one city or all."""

    day = day_field(_("On the day"))
    city = forms.ModelChoiceField(City.objects.none(), label=_("City"), to_field_name="slug", empty_label=_("All cities"))

    def __init__(self, params: Mapping[str, Any], *, schools: Any) -> None:
        super().__init__(params if any(name in params for name in self.base_fields) else None)
        cities: Any = self.fields["city"]
        cities.queryset = City.objects.filter(pk__in=schools.values("city_id")).in_latvian_order()
        self.fields["day"].initial = timezone.localdate()

    def clean_day(self) -> date | None:
        """A day that a framework can be asked about."""
        day: date | None = self.cleaned_data["day"]
        if day and not EARLIEST <= day <= timezone.localdate():
            raise forms.ValidationError(_now("Choose a day from 1 September 2014 to today."))
        return day

    @property
    def asked(self) -> tuple[date, City | None]:
        """Day and city; what is wrong counts as not given."""
        data = self.cleaned_data if self.is_valid() or self.is_bound else {}
        return data.get("day") or timezone.localdate(), data.get("city")


class StemForm(FilterForm):
    """A school year, one to compare with, and how sure the destination is."""

    year = forms.TypedChoiceField(label=_("Finished in"), coerce=int, empty_value=None)
    compared = forms.TypedChoiceField(label=_("Compared with"), coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("Destination"), choices=DestinationKind.choices)

    def __init__(self, params: Mapping[str, Any], *, years: Sequence[int]) -> None:
        super().__init__(params if any(name in params for name in self.base_fields) else None)
        fields: Any = self.fields
        self.years = list(years)
        for name in ("year", "compared"):
            fields[name].choices = [(year, label(year)) for year in self.years]
        fields["year"].initial, fields["compared"].initial = self._usual

    @property
    def _usual(self) -> tuple[int | None, int | None]:
        """The latest year that is over, and the earliest."""
        over = [year for year in self.years if date(year + 1, 8, 31) < timezone.localdate()] or self.years
        return (over[0], over[-1]) if over else (None, None)

    @property
    def asked(self) -> tuple[int, int, str] | None:
        """Both years and the kind; None while there is no year at all."""
        data = self.cleaned_data if self.is_valid() or self.is_bound else {}
        year, compared = self._usual
        if year is None or compared is None:
            return None
        return data.get("year") or year, data.get("compared") or compared, data.get("kind") or "intended"
