"""What the operator types in: the note of a tried restore."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.ui.forms import DatePartsField


class TrialForm(forms.Form):
    """When a backup was restored elsewhere, and how that ended."""

    on = DatePartsField(label=_("Day of the trial"))
    outcome = forms.ChoiceField(
        label=_("How it ended"), widget=forms.RadioSelect,
        choices=[("good", _("Restored, both checks hold")), ("bad", _("Something did not work"))],
    )
    words = forms.CharField(
        label=_("What was done"), max_length=300,
        help_text=_("Which backup, on which machine. Do not name people."),
    )

    def clean_on(self) -> date:
        """A trial lies behind us."""
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day lies in the future. Check it."))
        return day
