"""Fields and forms that several services ask with: a day in the browser's own field, a form whose action checks the whole."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day in the browser's own field."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    checks = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], validators=checks, **kwargs)


def time_field(label: Any, **kwargs: Any) -> forms.TimeField:
    """A time of day in the browser's own field."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **kwargs)


class ActionForm(forms.ModelForm):
    """A form of a model's fields: labels begin with a capital, and the action that saves checks the whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]

    def _get_validation_exclusions(self) -> set[str]:
        return {field.name for field in self._meta.model._meta.fields}

    def validate_constraints(self) -> None:
        """Left to the action."""

    def check_days(self, data: dict[str, Any], first: str = "from_on", last: str = "until_on") -> None:
        """The last day is not before the first."""
        begins, ends = data.get(first), data.get(last)
        if begins and ends and ends < begins:
            self.add_error(last, _("The last day comes before the first. Choose a later one."))
