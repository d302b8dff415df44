"""The two questions of the rules page: on which day, and where."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from microcities.rulebooks.presentation import territory_name
from microcities.ui.forms import FilterForm

DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y."]


class RulesForm(FilterForm):
    """The day on which rules are in force (today if empty) and where they hold (everywhere if empty)."""

    on = forms.DateField(
        label=_("In force on"),
        input_formats=DAY_FORMATS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is not a date. Write it as 31.10.2021 or 2021-10-31.")},
    )
    territory = forms.ChoiceField(label=_("Territory"))

    def __init__(self, *args: Any, territories: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, territory_name(code)) for code in territories]
        self.fields["territory"].choices = [("", _("All territories")), *choices]  # type: ignore[attr-defined]
